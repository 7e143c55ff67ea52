"""Everything that a contract can ask for, with its docs page."""

import inspect
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mlval import checks, metrics, rules
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.metric import Metric
from mlval.domain.rule import Rule

_KINDS: tuple[tuple[str, ModuleType, type[Any]], ...] = (
    ("check", checks, Check),
    ("rule", rules, Rule),
    ("metric", metrics, Metric),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One check, rule or metric. `page` is the docstring of its file, `file` the file's name."""

    kind: str
    name: str
    aliases: tuple[str, ...]
    summary: str
    page: str
    file: str


def entries() -> tuple[Entry, ...]:
    """Return every check, rule and metric, by kind and name."""
    found = []
    for kind, package, base in _KINDS:
        for file in catalogue.names(package):
            for cls in catalogue.classes(package, file, base):
                page = inspect.cleandoc(sys.modules[cls.__module__].__doc__ or "")
                aliases = getattr(cls, "aliases", ())
                found.append(
                    Entry(
                        kind,
                        cls.name,
                        aliases,
                        inspect.cleandoc(cls.__doc__ or "").splitlines()[0],
                        page,
                        file,
                    )
                )
    return tuple(found)
