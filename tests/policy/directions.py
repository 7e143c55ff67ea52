"""Which edits are tightenings, as the table of the documentation has them; it is made of the code's marks."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from mlval.domain.tighter import Tightens, mark
from mlval.rules._rule_set import NAMES, rule_named

WORDS: Final = {
    "up": "larger",
    "down": "smaller",
    "within": "a narrower range",
    "subset": "fewer values",
    "superset": "more values, or one where there was none",
    "neutral": "any: nobody judges by it",
}
_BY_METRIC: Final = frozenset({"Metrics", "Margins", "Gaps"})


def said(way: Tightens) -> str:
    """Return what makes a key tighter; an arrow leads from the looser to the tighter choice."""
    rungs = " → ".join(f"`{str(rung).lower()}`" for rung in way.ladder if rung is not None)
    word = WORDS.get(way.way, "")
    return " or ".join(part for part in (rungs, word) if part)


def key_rows(parts: Iterator[type[BaseModel]]) -> list[str]:
    """Return a row for every key that may get tighter."""
    rows: set[str] = set()
    for part in parts:
        for name, field in part.model_fields.items():
            way = mark(field.metadata)
            owner = [one for one in part.__mro__ if name in getattr(one, "model_fields", {})][-1]
            if part.__name__ not in _BY_METRIC and way != Tightens():
                file = owner.__module__.rpartition(".")[2]
                rows.add(f"| {file}: {owner.__name__.strip('_')} | `{field.alias or name}` | {said(way)} |")
    return sorted(rows)


def rule_rows() -> list[str]:
    """Return a row for every way in which rules get tighter, with the rules."""
    by_way: dict[str, list[str]] = {}
    for name in NAMES:
        rule: type[Any] = rule_named(name)
        if rule.tighter != "none":
            by_way.setdefault(rule.tighter, []).append(f"`{name}`")
    return [f"| {WORDS[way]} | {', '.join(names)} |" for way, names in sorted(by_way.items())]
