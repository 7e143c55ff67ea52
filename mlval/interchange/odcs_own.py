"""What our own contracts leave in ODCS for the engine `mlval`, and how it comes back."""

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from mlval import checks
from mlval.checks.data import Data
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.inputs import Model
from mlval.domain.text import shown
from mlval.interchange.demand import Demand, Mapped, Refusal, Unmappable
from mlval.interchange.json_text import Value
from mlval.interchange.plan import Plan

ENGINE = "mlval"
OWN_DATASET = "mlvalDataset"
OWN_MODELS = "mlvalModels"
OWN_VALIDATIONS = "mlvalValidations"

TERMS = ("required", "missing", "allow", "where", "severity")
"""What the rules of one set share."""

_DEEPEST = 20


def own_demand(given: Value, *, column: str | None, plan: Plan) -> Mapped:
    """Return a rule set of a column, or rules and other keys of a validation.

    Raises
    ------
    Unmappable
        If it is neither.
    """
    if not isinstance(given, Mapping) or not given:
        raise Unmappable("the implementation is no mapping of rules")
    if column is not None:
        return Mapped((_set(given, column),))
    rules = given.get("rules")
    if set(given) != {"rules"} or not isinstance(rules, Mapping):
        raise Unmappable("the implementation has neither `rules` nor a `validation`")
    tables = set(Data.with_every_key().model_fields) - set(Check.model_fields)
    demands: tuple[Demand, ...] = ()
    further: dict[str, Value] = {}
    for key, value in rules.items():
        if key in {"type", "dataset", "columns"}:
            raise Unmappable(f"the key {key!r} has no place here")
        if key in tables and key not in {"per", "suite", "unmapped"}:
            demands += tuple(Demand({key: one}) for one in _apart(key, value))
        else:
            further[key] = value
    try:
        Data.read({"type": "data", **further})
    except ValidationError as error:
        raise Unmappable("a key of the validation does not fit") from error
    plan.further |= further
    return Mapped(demands)


def _apart(key: str, value: Value) -> tuple[Value, ...]:
    is_list = key in {"expect", "unique", "references"} and isinstance(value, tuple)
    return value if is_list and isinstance(value, tuple) and value else (value,)


def _set(given: Mapping[str, Value], column: str) -> Demand:
    allow, where, severity = (given.get(key) for key in ("allow", "where", "severity"))
    missing, required = given.get("missing", ()), given.get("required")
    fits = (
        (allow is None or (isinstance(allow, str | int) and not isinstance(allow, bool)))
        and (where is None or isinstance(where, str))
        and isinstance(missing, tuple)
        and (required is None or isinstance(required, bool))
    )
    if not fits or severity not in (None, "warn", "block"):
        raise Unmappable("what the rules share does not fit")
    return Demand(
        {key: value for key, value in given.items() if key not in TERMS},
        column,
        allow=allow if isinstance(allow, str | int) else None,
        where=where if isinstance(where, str) else None,
        missing=missing if isinstance(missing, tuple) else (),
        severity="warn" if severity == "warn" else "block" if severity == "block" else None,
        required=required if isinstance(required, bool) else None,
    )


def own_validation(value: Value, refusal: Refusal, *, dataset: str | None = None) -> dict[str, Value]:
    """Return a whole validation.

    Raises
    ------
    Unmappable
        If no contract could hold it.
    """
    kind = value.get("type") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or kind not in catalogue.names(checks):
        raise Unmappable(f"there is no check {shown(kind, 40)!r}")
    whole: dict[str, Value] = dict(value)
    if dataset is not None:
        whole = {"type": whole["type"], "dataset": dataset, **whole}
    try:
        catalogue.only(checks, str(kind), Check).read(whole)
    except ValidationError as error:
        raise Unmappable("the validation does not fit its check") from error
    for text in _predicates(whole, 0):
        if why := refusal(text):
            raise Unmappable(f"the predicate {shown(text, 80)!r} cannot be used: {why}")
    return whole


def _predicates(value: Value, depth: int, key: str = "") -> list[str]:
    if isinstance(value, str):
        return [value] if key in {"where", "expect", "that"} else []
    if depth > _DEEPEST:
        raise Unmappable("the validation is nested too deep")
    if isinstance(value, Mapping):
        return [text for name, one in value.items() for text in _predicates(one, depth + 1, name)]
    entries = value if isinstance(value, tuple) else ()
    return [text for one in entries for text in _predicates(one, depth + 1, key)]


def _models(value: Value, refusal: Refusal) -> dict[str, Value]:
    del refusal
    if not isinstance(value, Mapping):
        raise Unmappable("these are no models")
    try:
        for one in value.values():
            Model.model_validate(one)
    except ValidationError as error:
        raise Unmappable("a model does not fit") from error
    return dict(value)


def _validations(value: Value, refusal: Refusal) -> list[dict[str, Value]]:
    if not isinstance(value, tuple):
        raise Unmappable("these are no validations")
    return [own_validation(one, refusal) for one in value]


OWN_TOP: Mapping[str, Callable[[Value, Refusal], dict[str, Value] | list[dict[str, Value]]]] = {
    OWN_MODELS: _models,
    OWN_VALIDATIONS: _validations,
}
"""Custom properties of a whole contract that are ours."""
