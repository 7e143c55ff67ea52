"""The entries of `validations:`: each is parsed by the check that its `type` names, and gets an id."""

from collections.abc import Mapping
from types import ModuleType

from pydantic import ValidationError

from mlval.config.findings import Finding
from mlval.config.names import MOST_VALIDATIONS
from mlval.config.scalars import Value
from mlval.config.translation import findings
from mlval.config.wording import dotted, found, listed, named
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.outcome import GUARD

KEY = "validations"

Checks = dict[int, Check]


def parse(raw: Value, package: ModuleType) -> tuple[Checks, list[Finding]]:
    """Return the checks that are well-formed, by their position, and the mistakes in the others.

    Only the modules of the types that the contract names are imported.
    """
    if not isinstance(raw, tuple):
        message = f"expected a list of validations, found {found(raw)}"
        return {}, [Finding((KEY,), message, "begin each with `- type: …`")]
    if not raw:
        return {}, [Finding((KEY,), "an empty plan judges nothing", "add a validation")]
    if len(raw) > MOST_VALIDATIONS:
        message = f"{len(raw):,} validations; a contract has at most {MOST_VALIDATIONS:,}"
        return {}, [Finding((KEY,), message, "split the contract")]
    types = catalogue.names(package)
    classes: dict[str, type[Check]] = {}
    checks: Checks = {}
    mistakes: list[Finding] = []
    for index, entry in enumerate(raw):
        name = _type_of(entry, types, index=index)
        if isinstance(name, Finding):
            mistakes.append(name)
            continue
        if name not in classes:
            classes[name] = catalogue.only(package, name, Check)
        try:
            checks[index] = classes[name].read(entry)
        except ValidationError as error:
            mistakes += findings(error, entry, model=classes[name].with_every_key(), path=(KEY, index))
    return checks, mistakes


def identified(checks: Checks) -> tuple[Checks, list[Finding]]:
    """Give every check an id of its own: the one it has, else its type, numbered from the second on."""
    taken: dict[str, int] = {}
    mistakes: list[Finding] = []
    for index, check in checks.items():
        if check.id == GUARD:
            message = f"the id {named(check.id)} is that of the policy guard"
            mistakes.append(Finding((KEY, index, "id"), message, "give the validation another id"))
        elif check.id in taken:
            first = dotted((KEY, taken[check.id]))
            message = f"the id {named(check.id)} is taken by {first}"
            mistakes.append(Finding((KEY, index, "id"), message, "give each validation an id of its own"))
        elif check.id:
            taken[check.id] = index
    complete: Checks = {}
    for index, check in checks.items():
        identifier = check.id or _free(check.name, taken)
        taken.setdefault(identifier, index)
        complete[index] = check.model_copy(update={"id": identifier})
    return complete, mistakes


def _free(name: str, taken: Mapping[str, int]) -> str:
    number = 1
    identifier = name
    while identifier in taken:
        number += 1
        identifier = f"{name}-{number}"
    return identifier


def _type_of(entry: Value, types: tuple[str, ...], *, index: int) -> str | Finding:
    path = (KEY, index)
    if not isinstance(entry, dict):
        return Finding(path, f"expected a mapping with a `type`, found {found(entry)}", "write `- type: …`")
    if "type" not in entry:
        return Finding((*path, "type"), "missing key `type`", listed(types))
    name = entry["type"]
    if not isinstance(name, str):
        return Finding((*path, "type"), f"expected the name of a check, found {found(name)}", listed(types))
    if name not in types:
        message = f"there is no check {named(name)}"
        return Finding((*path, "type"), message, listed(types), name=name, valid=types)
    return name
