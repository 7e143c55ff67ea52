"""What data rules share: their counts, their tolerance, and what stands around them."""

from collections.abc import Mapping
from typing import Any

import pytest

from mlval.domain.asks import Ask, Column, Count, Rows, TableShape
from mlval.domain.bound import Bound
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.measurement import Failing, Measurement
from mlval.domain.outcome import Severity
from mlval.domain.predicate import Holds, IsNull, NotNull, Predicate
from mlval.domain.rule import RowRule, Setting, counted_value
from mlval.measure.driver import drive

COLUMN = Column("x", "int", "BIGINT")
ROWS = Rows("t", "y > 1")
SHARE = Bound(max=0.1, unit="share")


class Odd(RowRule[int]):
    """A rule that is broken by nulls, which are never looked at."""

    name = "odd"

    def violation(self, column: Column) -> Predicate:
        return IsNull(column.name)


def setting(**more: Any) -> Setting:  # noqa: ANN401 - fields of a setting
    return Setting(rows=ROWS, shape=TableShape((COLUMN,), 10), dataset="t", **{"column": COLUMN, **more})


def measured(own: Setting, counts: Mapping[tuple[Predicate, ...], int]) -> Measurement:
    def answer(asks: object) -> Mapping[Ask[Any], Any]:
        assert isinstance(asks, tuple)
        return {ask: counts[ask.of] for ask in asks if isinstance(ask, Count) and ask.rows == ROWS}

    ended = drive({"rule": Odd(1).steps(own)}, answer)["rule"]
    assert not isinstance(ended, Failure), ended.cause
    return ended[0]


def test_broken_values_are_counted_among_those_that_are_there() -> None:
    there = NotNull(("x",))
    found = measured(setting(), {(there,): 8, (there, IsNull("x")): 2})
    assert (found.value, found.n, found.of, found.limit) == (2, 2, 8, Bound(max=0, unit="rows"))
    assert found.failing == Failing(ROWS, (there, IsNull("x")), ("x",))


def test_what_surrounds_a_rule_is_kept() -> None:
    own = setting(where="z", allow=SHARE, severity=Severity.WARN, path=("columns", "x", "odd"))
    there = (Holds("z"), NotNull(("x",)))
    found = measured(own, {there: 8, (*there, IsNull("x")): 2})
    assert (found.value, found.limit, found.severity, found.path) == (0.25, SHARE, Severity.WARN, own.path)


@pytest.mark.parametrize(
    "n, of, unit, value",
    [
        (0, 0, "rows", None),
        (0, 0, "share", None),
        (0, 5, "rows", 0),
        (1, 4, "share", 0.25),
        (3, 4, "rows", 3),
    ],
)
def test_nothing_that_was_counted_is_no_value(n: int, of: int, unit: Any, value: float | None) -> None:  # noqa: ANN401
    assert counted_value(n, of, Bound(max=1, unit=unit)) == value


def test_a_rule_for_a_column_needs_one() -> None:
    ended = drive({"rule": Odd(1).steps(setting(column=None))}, lambda _: {})["rule"]
    assert isinstance(ended, Failure)
    assert isinstance(ended.cause, Unmeasurable)
