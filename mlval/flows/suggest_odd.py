"""What looks odd about a column and is worth a look before a rule blesses it."""

import re
from collections.abc import Iterator

from mlval.flows.suggest_facts import ColumnFacts
from mlval.flows.suggest_limits import FEW_NEGATIVE, moment, stands_out
from mlval.flows.suggest_roles import has_key_name

_WORDS_FOR_NOTHING = {
    "",
    "-",
    "?",
    ".",
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "nil",
    "unknown",
    "missing",
    "undefined",
}
_CODE_NAME = re.compile(
    r"(?:^|_)(?:code|cd|type|class|category|status|zone|zip|flag|id)s?(?:_|$)", re.IGNORECASE
)
_FEW = 12
_SOME = 5
_SHOWN = 40
_MANY = 1000


def oddities(facts: ColumnFacts, *, private: bool = False) -> Iterator[str]:
    """Yield what is odd, one sentence each; with `private` none of them holds a value of the data."""
    if facts.present == 0:
        yield "no values at all"
        return
    if facts.distinct == 1 and facts.rows > 1:
        yield "one value only"
    if facts.column.kind in {"int", "float"}:
        yield from _numbers(facts, private=private)
    elif facts.column.kind == "string":
        yield from _text(facts, private=private)
    elif facts.column.kind in {"date", "timestamp"}:
        yield from _times(facts, private=private)
    once = sorted(level for level, n in (facts.levels or {}).items() if n < rarest_of(facts))
    if once:
        told = "" if private else f": {', '.join(level[:_SHOWN] for level in once[:_SOME])}"
        yield f"{len(once)} {'value occurs' if len(once) == 1 else 'values occur'} only once{told}"
    repeated = facts.present - facts.distinct
    if has_key_name(facts) and 0 < repeated <= 0.02 * facts.present and facts.column.kind != "float":
        yield f"almost unique: {repeated:,} of {facts.present:,} values repeat another"


def rarest_of(facts: ColumnFacts) -> int:
    """Return how often a value must occur to belong to a set: among many rows once is a slip of the pen.

    Where all values are rare, they are no set.
    """
    return 2 if facts.present >= _MANY else 1


def share(count: int, of: int) -> str:
    """Return a share in percent with two digits.

    >>> share(5, 10_000)
    '0.05%'
    """
    return f"{100 * count / of:.2g}%" if count < of else "100%"


def _numbers(facts: ColumnFacts, *, private: bool) -> Iterator[str]:
    spread, present = facts.spread, facts.present
    if facts.nans:
        told = "if they mean missing, add `where: not isnan(…)`"
        yield f"{share(facts.nans, present)} NaN, outside of every range: {told}"
    if facts.infinities:
        yield f"{share(facts.infinities, present)} infinite"
    if spread is None:
        return
    if 0 < spread.negative <= FEW_NEGATIVE * present and spread.middle >= 0:
        yield f"{share(spread.negative, present)} negative values, refunds or corrections?"
    is_named_code = _CODE_NAME.search(facts.column.name) is not None
    if facts.whole and is_named_code and 1 < facts.distinct <= max(_FEW, present // 20):
        yield "numbers that look like codes: their order and mean say nothing"
    elif facts.whole and facts.column.kind == "float" and present > 1:
        yield "whole numbers stored as floats"
    sentinel = spread.apart
    if sentinel is not None:
        told = "a value" if private else f"{sentinel:g}"
        yield f"{told} stands apart, does it mean missing? Then add `missing: [{'…' if private else told}]`"
    for bulk, extreme, side, other in (
        (spread.low, spread.least, "below", "above"),
        (spread.high, spread.most, "above", "below"),
    ):
        if extreme != sentinel and extreme >= 0 and stands_out(spread.middle, bulk, extreme):
            far = "" if private else f": {extreme:.6g}, where 99.9% lie {other} {bulk:.6g}"
            yield f"a few values lie far {side} the others{far}"


def _text(facts: ColumnFacts, *, private: bool) -> Iterator[str]:
    if facts.numeric_text:
        yield "numbers stored as text"
    if facts.levels is None:
        return
    nothing = [level for level in facts.levels if level.strip().lower() in _WORDS_FOR_NOTHING]
    if nothing:
        told = "a word" if private else repr(nothing[0])
        rows = sum(facts.levels[one] for one in nothing)
        yield f"{told} seems to mean missing: {share(rows, facts.present)} of the values"
    by_sound: dict[str, list[str]] = {}
    for level in facts.levels:
        by_sound.setdefault(" ".join(level.split()).casefold(), []).append(level)
    variants = next((levels for levels in by_sound.values() if len(levels) > 1), None)
    if variants:
        told = "" if private else f": {', '.join(repr(level[:_SHOWN]) for level in sorted(variants))}"
        yield f"values that differ in case or spaces only{told}"


def _times(facts: ColumnFacts, *, private: bool) -> Iterator[str]:
    if facts.column.kind == "timestamp" and "TIME ZONE" not in facts.column.stored:
        yield "no time zone: local time or UTC?"
    spread = facts.spread
    if spread is None:
        return
    for bulk, extreme, side, other in (
        (spread.low, spread.least, "before", "after"),
        (spread.high, spread.most, "after", "before"),
    ):
        if stands_out(spread.middle, bulk, extreme):
            far = "" if private else f": {_day(extreme)}, where nearly all lie {other} {_day(bulk)}"
            yield f"a few times lie far {side} the others{far}"


def _day(seconds: float) -> str:
    return moment(seconds, "date") if abs(seconds) < 5e10 else "beyond all calendars"
