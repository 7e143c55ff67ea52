"""Whether a change concerns a contract: by its `changed:` patterns, its own file, every file that it names.

What is not known counts as touched. A file that is named is found by looking at every text of the contract,
so that no key can be forgotten: a text that merely looks like the path of a changed file lets the gate run.
"""

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from pydantic import BaseModel

from mlval.domain.contract import Contract
from mlval.flows.request import Bindings
from mlval.sources.path_pattern import is_on_the_way, matches
from mlval.sources.spelling import has_wildcard

ALWAYS = (".github",)
"""What every contract depends on: the workflows that run its gate."""

_LONGEST = 4096


def is_affected(
    contract: Contract,
    file: Path,
    *,
    root: Path,
    changed: Iterable[str] | None,
    bindings: Bindings,
    start: Path,
) -> bool:
    """Say whether the gate has to run.

    Parameters
    ----------
    contract : one without `changed:` always is
    file : where the contract is
    root : the top of the repository
    changed : paths of all changed files from there, a renamed one under both names; None where not known
    bindings : files that were bound to its names
    start : what these are relative to
    """
    patterns = contract.terms.changed
    if not patterns or changed is None:
        return True
    named = [(file.parent, text) for text in _texts((contract.inputs, contract.validations))]
    named += [(start, text) for bound in (bindings.data, bindings.models) for text in bound.values()]
    watched = {
        *ALWAYS,
        *patterns,
        *_places(file.parent, file.name, root=root),
        *(place for folder, text in named for place in _places(folder, text, root=root)),
    }
    return any(
        matches(pattern, path) or is_on_the_way(path, pattern) for path in changed for pattern in watched
    )


def _places(folder: Path, text: str, *, root: Path) -> Iterator[str]:
    """Yield what a reference may name inside the repository: as it is written, and with links followed."""
    if "\0" in text or len(text) > _LONGEST:
        return
    for base in {folder, _real(folder)}:
        written = posixpath.normpath(posixpath.join(base.as_posix(), text))
        parts = written.split("/")
        fixed = next((place for place, part in enumerate(parts) if has_wildcard(part)), len(parts))
        real = _real(Path("/".join(parts[:fixed]) or "/"))
        yield from (_inside(one, root) for one in (written, posixpath.join(real.as_posix(), *parts[fixed:])))


def _inside(path: str, root: Path) -> str:
    """Return an absolute path from the top of the repository; the top itself is everything in it."""
    inside = Path(os.path.relpath(path, root)).as_posix()
    return "**" if inside == "." else inside


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _texts(value: object) -> Iterator[str]:
    """Walk through frozen values and yield every text in them, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        root = getattr(value, "root", None)
        inner = (getattr(value, name) for name in type(value).model_fields)
        yield from _texts(tuple(inner) if root is None else root)
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(key)
            yield from _texts(below)
    elif isinstance(value, tuple | list | frozenset | set):
        for below in value:
            yield from _texts(below)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
