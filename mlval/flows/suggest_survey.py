"""What is asked of a table so that rules can be suggested for it: five rounds, shared by all columns."""

from dataclasses import replace

from mlval.domain.asks import Aggregate, Count, Distinct, Edges, Examples, Function, Levels, Rows, Shape
from mlval.domain.errors import Failure
from mlval.domain.predicate import (
    Above,
    Below,
    Either,
    In,
    IsInfinite,
    IsNaN,
    Not,
    NotFormatted,
    NotMatching,
    NotNull,
    NotOfType,
    Predicate,
)
from mlval.domain.steps import Asking, ask, ask_all, together
from mlval.domain.text import shown
from mlval.flows.suggest_facts import ColumnFacts, Limits, Spread, TableFacts, Wording
from mlval.flows.suggest_limits import SENTINELS, moment, quantile, range_of, stands_apart
from mlval.flows.suggest_text import NUMERIC, format_of, pattern_of

MOST_LEVELS = 50
"""Different values up to which each is counted."""

MOST_NUMBERS = 20
"""Different numbers up to which a column of numbers is taken for a set."""

_SAMPLE = 1000
_OUTER = 0.001
"""The share of values that the bulk leaves out on each side."""

_MANY = 5000
_TIMES = {"date", "timestamp"}
_UNORDERED = {"nan", "inf", "-inf"}


def survey(table: str, *, digits: int = 2) -> Asking[TableFacts]:
    """Ask all that the suggestions for a table need; ranges are rounded outwards to some digits.

    A column that cannot be measured is named with its reason; the others go on.
    """
    shape = yield from ask(Shape(table))
    found = yield from together(
        [_column(ColumnFacts(column=one, rows=shape.rows), Rows(table), digits) for one in shape.columns]
    )
    pairs = list(zip(shape.columns, found, strict=True))
    return TableFacts(
        rows=shape.rows,
        columns=tuple(facts for _, facts in pairs if isinstance(facts, ColumnFacts)),
        unknown={
            column.name: shown(facts.cause.message) for column, facts in pairs if isinstance(facts, Failure)
        },
    )


def _column(facts: ColumnFacts, rows: Rows, digits: int) -> Asking[ColumnFacts]:
    name, kind = facts.column.name, facts.column.kind
    there = NotNull((name,))
    if kind == "other":
        return replace(facts, present=(yield from ask(Count(rows, (there,)))))
    if kind == "float":
        present, distinct, nans, infinities = yield from ask_all(
            (
                Count(rows, (there,)),
                Distinct(rows, (name,)),
                Count(rows, (there, IsNaN(name))),
                Count(rows, (there, IsInfinite(name))),
            )
        )
        facts = replace(facts, nans=nans, infinities=infinities)
    else:
        present, distinct = yield from ask_all((Count(rows, (there,)), Distinct(rows, (name,))))
    facts = replace(facts, present=present, distinct=distinct)
    # What one column cannot answer, such as a time that no number stands for, costs its limits only.
    (further,) = yield from together([_further(facts, rows, digits)])
    return facts if isinstance(further, Failure) else further


def _further(facts: ColumnFacts, rows: Rows, digits: int) -> Asking[ColumnFacts]:
    kind, name = facts.column.kind, facts.column.name
    if facts.present == 0:
        return facts
    if facts.distinct <= (MOST_LEVELS if kind == "string" else MOST_NUMBERS) and kind not in _TIMES:
        counted = yield from ask(Levels(rows, name, limit=MOST_LEVELS + 1))
        levels = {level: n for level, n in counted.counts.items() if level is not None}
        facts = replace(facts, levels=levels)
    if kind == "string":
        return (yield from _text(facts, rows))
    return facts if kind == "bool" else (yield from _numbers(facts, rows, digits))


def _numbers(facts: ColumnFacts, rows: Rows, digits: int) -> Asking[ColumnFacts]:
    kind, name = facts.column.kind, facts.column.name
    if facts.present == facts.nans + facts.infinities:
        return facts
    there: tuple[Predicate, ...] = (NotNull((name,)),)
    if kind == "float":
        there += (Not(IsNaN(name)), Not(IsInfinite(name)))
    ends = yield from ask_all((Aggregate(rows, "min", name, there), Aggregate(rows, "max", name, there)))
    if ends[0] is None or ends[1] is None:
        return facts
    negative = broken = 0
    if kind == "float":
        negative, broken = yield from ask_all(
            (Count(rows, (*there, Below(name, 0))), Count(rows, (*there, NotOfType(name, "int"))))
        )
    elif kind == "int":
        negative = yield from ask(Count(rows, (*there, Below(name, 0))))
    apart = None if kind in _TIMES else (yield from _apart(rows, name, there, ends=(ends[0], ends[1])))
    low, middle, high = yield from _bulk(facts, rows, there)
    spread = Spread(ends[0], max(low, ends[0]), middle, min(high, ends[1]), ends[1], negative, apart)
    limits = range_of(spread, facts.present, kind=kind, digits=digits)
    outside = yield from _outside(facts, rows, limits)
    return replace(
        facts,
        spread=spread,
        limits=replace(limits, outside=outside),
        whole=kind == "int" or (kind == "float" and broken == 0),
    )


def _apart(
    rows: Rows, name: str, there: tuple[Predicate, ...], *, ends: tuple[float, float]
) -> Asking[float | None]:
    """Return an end that customarily stands for a missing value, where it lies far from all other values."""
    least, most = ends
    sides: tuple[tuple[Function, float, float], ...] = (("max", most, least), ("min", least, most))
    for function, extreme, other in sides:
        if extreme in SENTINELS and extreme != other:
            rest = (*there, Not(In(name, (extreme,))))
            following = yield from ask(Aggregate(rows, function, name, rest))
            if following is not None and stands_apart(extreme, following, other):
                return extreme
    return None


def _bulk(facts: ColumnFacts, rows: Rows, there: tuple[Predicate, ...]) -> Asking[tuple[float, float, float]]:
    """Return the two ends of the bulk, and a value in its middle.

    They only guide the choice of limits, whose room follows from what is counted outside: a fixed stride
    of the rows is enough where values are many.
    """
    kind, name = facts.column.kind, facts.column.name
    if facts.distinct > _MANY:
        edges = yield from ask(Edges(rows, name))
        return edges[0], edges[len(edges) // 2], edges[-1]
    if kind in _TIMES:
        found = yield from ask_all(
            tuple(Aggregate(rows, "quantile", name, there, at=at) for at in (_OUTER, 0.5, 1 - _OUTER))
        )
        low, middle, high = (0.0 if one is None else one for one in found)
        return low, middle, high
    levels = facts.levels
    if levels is None:
        counted = yield from ask(Levels(rows, name, limit=_MANY + 1))
        levels = {level: n for level, n in counted.counts.items() if level is not None}
    pairs = sorted((float(level), n) for level, n in levels.items() if level not in _UNORDERED)
    return quantile(pairs, _OUTER), quantile(pairs, 0.5), quantile(pairs, 1 - _OUTER)


def _outside(facts: ColumnFacts, rows: Rows, limits: Limits) -> Asking[int]:
    """Count the values beyond limits, as the rule that has them will."""
    kind, name = facts.column.kind, facts.column.name
    ends: tuple[Predicate, ...] = ()
    if limits.low is not None:
        ends += (Below(name, moment(limits.low, kind) if kind in _TIMES else limits.low),)
    if limits.high is not None:
        ends += (Above(name, moment(limits.high, kind) if kind in _TIMES else limits.high),)
    return (yield from ask(Count(rows, (NotNull((name,)), Either(ends))))) if ends else 0


def _text(facts: ColumnFacts, rows: Rows) -> Asking[ColumnFacts]:
    name = facts.column.name
    there = NotNull((name,))
    (numeric,) = yield from ask_all((Count(rows, (there, NotMatching(name, NUMERIC))),))
    sample = yield from ask(Examples(rows, (there,), (name,), limit=_SAMPLE))
    facts = replace(facts, numeric_text=numeric == 0)
    values = [value for (value,) in sample if value is not None]
    if (format_name := format_of(values)) is not None:
        broken = yield from ask(Count(rows, (there, NotFormatted(name, format_name))))
        return replace(facts, wording=Wording("format", format_name, broken))
    if (pattern := pattern_of(values)) is not None:
        broken = yield from ask(Count(rows, (there, NotMatching(name, pattern.regex))))
        return replace(facts, wording=Wording("regex", pattern.regex, broken, pattern.space))
    return facts
