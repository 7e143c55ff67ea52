"""Whether a contract can hold a demand: asked of the rules themselves, so that what is imported loads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.text import shown
from mlval.interchange.coverage import Fate
from mlval.interchange.demand import Demand, Mapped, Refusal
from mlval.interchange.plan import Plan, finished


def settled(mapped: Mapped, refusal: Refusal, *, datasets: Collection[str] | None = None) -> Mapped:
    """Leave out the demands that a contract cannot hold; an item that loses one is not mapped.

    With `datasets`, the contract has these and no others.
    """
    missing = [name for name in mapped.datasets if datasets is not None and name not in datasets]
    if missing:
        why = f"the contract has no dataset {shown(missing[0], 60)!r}"
        return replace(mapped, demands=(), notes=(why, *mapped.notes), fate=Fate.UNMAPPED)
    reasons = [(demand, why_not(demand, refusal)) for demand in mapped.demands]
    kept = tuple(demand for demand, why in reasons if why is None)
    if len(kept) == len(reasons):
        return mapped
    notes = dict.fromkeys(why for _, why in reasons if why is not None)
    return replace(mapped, demands=kept, notes=(*notes, *mapped.notes), fate=Fate.UNMAPPED)


def why_not(demand: Demand, refusal: Refusal) -> str | None:
    """Say why a contract cannot hold a demand, None where it can."""
    for text in _predicates(demand):
        if why := refusal(text):
            return f"the predicate {shown(text, 80)!r} cannot be used: {why}"
    plan = Plan(None)
    plan.add(demand, 0)
    validations, _ = finished(plan)
    try:
        for validation in validations:
            Data.read(validation)
    except ValidationError as error:
        return _reason(error, demand)
    return None


def _reason(error: ValidationError, demand: Demand) -> str:
    told = error.errors(include_url=False, include_input=False, include_context=False)
    for one in told:
        # Each alternative of a union reports; the one that was meant ends at a rule's name.
        if one["type"] == "extra_forbidden" and one["loc"][-1] in demand.rules:
            return f"this mlval has no rule {shown(one['loc'][-1], 40)!r}"
    meant = (one["msg"] for one in told if _is_meant(one["loc"]))
    sentences = dict.fromkeys(sentence.removeprefix("Value error, ") for sentence in meant)
    rules = " and ".join(f"`{rule}`" for rule in demand.rules)
    return f"the value does not fit {shown(rules, 80)}: {shown('; '.join(sentences) or told[0]['msg'])}"


def _is_meant(location: tuple[int | str, ...]) -> bool:
    return not any(isinstance(part, str) and part.startswith("tuple[") for part in location)


def _predicates(demand: Demand) -> Iterator[str]:
    if demand.where is not None:
        yield demand.where
    expected = demand.rules.get("expect") if demand.column is None else None
    if isinstance(expected, str):
        yield expected
    elif isinstance(expected, Mapping):
        yield from (str(expected[key]) for key in ("that", "where") if key in expected)
