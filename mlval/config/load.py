"""The whole story: bytes of a contract in, a frozen `Contract` or all its problems out."""

import hashlib
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import ModuleType

from pydantic import ValidationError

from mlval import checks as checks_of_mlval
from mlval.config import inputs, validations
from mlval.config.findings import Finding, Unreadable, listing
from mlval.config.names import CONTRACT_NAME, VERSION, slug
from mlval.config.scalars import Value
from mlval.config.translation import findings
from mlval.config.wording import found, listed, named
from mlval.config.yaml_nodes import Document, document
from mlval.domain.classes import as_level
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, Place, Problem
from mlval.domain.inputs import Dataset, Inputs, Model
from mlval.domain.measurement import Path
from mlval.domain.terms import Terms

_TERMS = tuple(Terms.model_fields)
_KEYS = ("version", "name", "datasets", "models", "validations", *_TERMS)
_BEGINNING = "begin with the line `version: 1`"


def load(text: bytes, *, file: str, default_name: str, package: ModuleType = checks_of_mlval) -> Contract:
    """Read a contract.

    Parameters
    ----------
    text : the bytes of the file
    file : its path, as errors and reports show it
    default_name : a contract without a `name` gets this one, made fit
    package : the folder of checks

    Raises
    ------
    ContractError
        With every problem of the file, in its order.
    """
    try:
        parsed = document(text)
    except Unreadable as stop:
        raise ContractError(file, listing(stop.problems)) from stop
    top = parsed.value
    if not isinstance(top, dict):
        raise ContractError(file, listing((*parsed.problems, _no_mapping(parsed))))
    datasets, in_datasets = inputs.parse(top.get("datasets", {}), section="datasets", model=Dataset)
    models, in_models = inputs.parse(top.get("models", {}), section="models", model=Model)
    checks, in_checks = _checks(top, package)
    terms, in_terms = _terms(top, checks)
    in_between = inputs.disagreements(Inputs(datasets, models), checks)
    mistakes = [*_at_top(top), *in_datasets, *in_models, *in_checks, *in_terms, *in_between]
    mistakes += _not_finite(top, {finding.path for finding in mistakes})
    problems = listing(parsed.problems, _unrefused(mistakes, parsed), places=parsed.places)
    if problems:
        raise ContractError(file, problems)
    return Contract(
        name=str(top.get("name", slug(default_name))),
        path=file,
        sha256=hashlib.sha256(text).hexdigest(),
        inputs=Inputs(dict(datasets), dict(models), frozenset(as_level(value) for _, value in _scalars(top))),
        validations=tuple(checks.values()),
        places=parsed.places,
        terms=terms,
    )


def _no_mapping(parsed: Document) -> Problem:
    value = parsed.value
    if value is None:
        message, hint = "the file is empty", _BEGINNING
    else:
        message = f"expected a mapping of keys, found {found(value)}"
        is_glued = isinstance(value, str) and ":" in value
        hint = "write a space after each colon" if is_glued else _BEGINNING
    return Finding((), message, hint).problem(parsed.places or {(): Place(1, 1)})


def _at_top(top: Mapping[str, Value]) -> Iterator[Finding]:
    for key in top:
        if key not in _KEYS:
            yield Finding((key,), f"unknown key {named(key)}", listed(_KEYS), name=key, valid=_KEYS)
    if "version" not in top:
        yield Finding(("version",), "missing key `version`", f"add the line `version: {VERSION}`")
    elif (version := top["version"]) != VERSION or type(version) is not int:
        message = f"this mlval reads version {VERSION} of contracts, found {found(version)}"
        yield Finding(("version",), message, f"write `version: {VERSION}`")
    name = top.get("name", "")
    if "name" in top and not (isinstance(name, str) and re.fullmatch(CONTRACT_NAME, name)):
        message = f"expected a name of lowercase letters, digits and `-`, found {found(name)}"
        yield Finding(("name",), message, f"write `name: {slug(str(name))}`")


def _checks(top: Mapping[str, Value], package: ModuleType) -> tuple[validations.Checks, list[Finding]]:
    if validations.KEY not in top:
        hint = "add `validations:` with one `- type: …` a check"
        return {}, [Finding((validations.KEY,), "missing key `validations`", hint)]
    parsed, mistakes = validations.parse(top[validations.KEY], package)
    checks, in_ids = validations.identified(parsed)
    return checks, [*mistakes, *in_ids]


def _terms(top: Mapping[str, Value], checks: validations.Checks) -> tuple[Terms, list[Finding]]:
    raw = {key: top[key] for key in _TERMS if key in top}
    try:
        terms = Terms.model_validate(raw)
    except ValidationError as error:
        return Terms(), findings(error, raw, model=Terms, path=())
    known = tuple(check.id for check in checks.values())
    return terms, [
        Finding(
            ("waivers", index, "rule"),
            f"no validation is called {named(name)}",
            listed(known),
            name=name,
            valid=known,
        )
        for index, waiver in enumerate(terms.waivers)
        if (name := waiver.rule.partition("/")[0]) not in known and known
    ]


def _not_finite(value: Value, known: Collection[Path]) -> Iterator[Finding]:
    """Refuse NaN and infinity wherever they stand: a comparison with NaN is never broken."""
    for path, scalar in _scalars(value):
        is_known = any(path[:length] in known for length in range(len(path) + 1))
        if isinstance(scalar, float) and not math.isfinite(scalar) and not is_known:
            yield Finding(path, f"{scalar} is no number to compare with", "leave a limit out to keep it open")


def _scalars(value: Value, path: Path = ()) -> Iterator[tuple[Path, bool | float | str]]:
    """Yield the values that are no mapping, list or nothing, with their paths."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _scalars(below, (*path, key))
    elif isinstance(value, tuple):
        for index, below in enumerate(value):
            yield from _scalars(below, (*path, index))
    elif value is not None:
        yield path, value


def _unrefused(mistakes: Iterable[Finding], parsed: Document) -> Iterator[Finding]:
    """Leave out what follows from a value that was refused: that it was is said already."""
    for mistake in mistakes:
        if not any(mistake.path[:length] in parsed.refused for length in range(len(mistake.path) + 1)):
            yield mistake
