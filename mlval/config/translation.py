"""What pydantic says about an entry of the contract, as findings at the right paths.

Pydantic tries every alternative of a union and reports each under a tag in the location of the error. Here
the errors become a tree along the entry: where a step of it is a tag, the alternative that was meant is
chosen, and where none was, one sentence names them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mlval.config.findings import MOST, Finding, closest
from mlval.config.keys import keys_at
from mlval.config.scalars import Value
from mlval.config.schema_parts import schema_of
from mlval.config.sentences import Kinds, kinds, sentence, united, wrong_kind
from mlval.config.wording import listed, named
from mlval.domain.measurement import Path

Keys = Callable[[Path], dict[str, str]]


@dataclass(slots=True)
class _Branch:
    """The errors at one value and below it; `path` leads there from the entry."""

    raw: Value
    path: Path = ()
    errors: list[ErrorDetails] = field(default_factory=list)
    steps: "dict[str | int, _Branch]" = field(default_factory=dict)
    alternatives: "dict[str | int, _Branch]" = field(default_factory=dict)


def findings(error: ValidationError, raw: Value, *, model: type[BaseModel], path: Path) -> list[Finding]:
    """Return the mistakes in the entry `raw`, which stands at `path` and is no `model`."""

    @cache
    def keys(below: Path) -> dict[str, str]:
        return keys_at(schema_of(model), below)

    root = _Branch(raw)
    for details in error.errors(include_url=False)[: 10 * MOST]:
        _add(root, details, names=frozenset(model.model_fields))
    return [replace(finding, path=(*path, *finding.path)) for finding in _found(root, keys)]


def _add(root: _Branch, details: ErrorDetails, *, names: frozenset[str]) -> None:
    """Hang an error into the tree. `names` are fields of the root, also of such as a validator filled in."""
    branch = root
    location = details["loc"]
    for part in location[:-1] if details["type"] in {"missing", "extra_forbidden"} else location:
        if isinstance(branch.raw, dict) and part in branch.raw:
            below = _Branch(branch.raw[str(part)], (*branch.path, part))
            branch = branch.steps.setdefault(part, below)
        elif isinstance(branch.raw, tuple) and isinstance(part, int) and part < len(branch.raw):
            branch = branch.steps.setdefault(part, _Branch(branch.raw[part], (*branch.path, part)))
        elif part == "[key]" and branch.path:
            branch = branch.steps.setdefault(part, _Branch(branch.path[-1], branch.path))
        elif branch is root and part in names:
            # A validator of the model filled this key in: the contract spells it otherwise.
            branch = branch.steps.setdefault(part, _Branch(details["input"], (part,)))
            if branch.errors:
                return
            break
        else:
            branch = branch.alternatives.setdefault(part, _Branch(branch.raw, branch.path))
    branch.errors.append(details)


def _found(branch: _Branch, keys: Keys) -> list[Finding]:
    # Entries that are wrong themselves are not counted by pydantic.
    errors = (one for one in branch.errors if not (branch.steps and one["type"] == "too_short"))
    here = [_finding(branch, details, keys=keys) for details in errors]
    below = [finding for step in branch.steps.values() for finding in _found(step, keys)]
    return [*here, *below, *_chosen(branch, keys)]


def _chosen(branch: _Branch, keys: Keys) -> list[Finding]:
    """Return what is wrong with the alternative that comes closest."""
    if not branch.alternatives:
        return []
    would_do = {tag: _kinds(option) for tag, option in branch.alternatives.items()}
    all_kinds = united(kind for kind in would_do.values() if kind)
    fitting = [option for tag, option in branch.alternatives.items() if would_do[tag] is None]
    is_misspelt = isinstance(branch.raw, str) and closest(branch.raw, all_kinds.names) is not None
    if is_misspelt or not fitting:
        return [wrong_kind(branch.path, branch.raw, would_do=all_kinds)]
    return min((_found(option, keys) for option in fitting), key=len)


def _kinds(branch: _Branch) -> Kinds | None:
    """Return what would do in place of the value, if its kind is all that is wrong."""
    if branch.steps:
        return None
    parts = [
        *(kinds(details, branch.raw) for details in branch.errors),
        *(_kinds(option) for option in branch.alternatives.values()),
    ]
    known = [part for part in parts if part]
    return united(known) if len(known) == len(parts) else None


def _finding(branch: _Branch, details: ErrorDetails, *, keys: Keys) -> Finding:
    name = str(details["loc"][-1]) if details["loc"] else ""
    if details["type"] == "missing":
        return Finding((*branch.path, name), f"missing key {named(name)}", keys(branch.path).get(name, ""))
    if details["type"] == "extra_forbidden":
        return _unknown_key((*branch.path, name), name, valid=tuple(keys(branch.path)))
    would_do = kinds(details, branch.raw)
    if would_do:
        return wrong_kind(branch.path, branch.raw, would_do=would_do)
    return Finding(branch.path, sentence(details, branch.raw))


def _unknown_key(path: Path, name: str, *, valid: tuple[str, ...]) -> Finding:
    if name in valid:
        return Finding(path, f"{named(name)} says again what another key says", "keep one of the two")
    if ":" in name:
        return Finding(path, f"unknown key {named(name)}", "write a space after the colon")
    return Finding(path, f"unknown key {named(name)}", listed(valid), name=name, valid=valid)
