"""How many columns may drift: what an allowance covers, and what it never does."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.bound import Bound, Unit
from mlval.domain.errors import Unmeasurable
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Result
from mlval.judge.outcome import judge
from tests.judge.world import Plain, change, contract

TWO = Bound(max=2, unit="rows")
HALF = Bound(max=0.5, unit="share")
NAN, INF = math.nan, math.inf


def column(name: str, kind: str, **more: Any) -> Measurement:  # noqa: ANN401 - fields of a measurement
    """Return a change that is (m)oved, (q)uiet, (u)ndecided, (e)rrored or (s)kipped."""
    kinds: dict[str, dict[str, Any]] = {
        "m": {"p_value": 0.0, "effect": 0.5},
        "q": {},
        "u": {"detectable": INF},
        "e": {"problem": Unmeasurable("gone")},
        "s": {"absent": "not there"},
    }
    return change(subject=name, **{**kinds[kind], **more})


def judged(measured: Sequence[Measurement], **settings: Any) -> tuple[Result, ...]:  # noqa: ANN401 - of a check
    return judge(contract(Plain(id="v", **settings)), 0, measured)


def family(kinds: str, allowance: Bound | None, weights: Sequence[float] = ()) -> list[Measurement]:
    weights = weights or [1.0] * len(kinds)
    return [
        column(f"c{index}", kind, allowance=allowance, weight=weight)
        for index, (kind, weight) in enumerate(zip(kinds, weights, strict=True))
    ]


P, F, E = Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED
CASES: list[tuple[str, Bound, Sequence[float], Outcome, float | None, str]] = [
    ("qq", TWO, (), P, 0, ""),
    ("mmq", TWO, (), P, 2, ""),
    ("mmmq", TWO, (), F, 3, "mmm+"),
    ("mq", Bound(max=0, unit="rows"), (), F, 1, "m+"),
    ("mmeq", TWO, (), P, 2, "e"),
    ("mmq", TWO, (9, 9, 0), P, 2, ""),
    ("mq", HALF, (), P, 0.5, ""),
    ("mmq", HALF, (), F, 2 / 3, "mm+"),
    ("mu", HALF, (), P, 0.5, ""),
    ("mqe", HALF, (), P, 0.5, "e"),
    ("mqs", HALF, (), P, 0.5, "s"),
    ("mqq", HALF, (3, 1, 1), F, 0.6, "m+"),
    ("mqq", HALF, (2, 1, 1), P, 0.5, ""),
    ("mmq", HALF, (0, 0, 1), P, 0, ""),
    ("mq", HALF, (1e308, 1e308), P, 0.5, ""),
    ("mmq", HALF, (1e308, 1e308, 1e308), F, 2 / 3, "mm+"),
    ("mq", HALF, (0, 0), E, None, "m+"),
    ("mq", HALF, (1, NAN), E, None, "mq+"),
    ("mq", TWO, (NAN, 1), E, None, "m+"),
    ("mq", TWO, (1, -1), E, None, "mq+"),
    ("mq", TWO, (1, INF), E, None, "mq+"),
    ("mq", Bound(max=NAN, unit="rows"), (), E, 1, "m+"),
    ("mq", Bound(max=INF, unit="rows"), (), E, 1, "m+"),
    ("mq", Bound(max=-1, unit="rows"), (), F, 1, "m+"),
    ("mq", Bound(min=0, unit="rows"), (), E, None, "m+"),
    ("mq", Bound(max=2), (), E, None, "m+"),
    ("mq", Bound(max=2, unit="seconds"), (), E, None, "m+"),
    ("mq", Bound(max=2, unit="rows", confidence=0.95), (), Outcome.INCONCLUSIVE, 1, "m"),
]


@pytest.mark.parametrize("kinds, allowance, weights, outcome, value, blocks", CASES)
def test_what_an_allowance_lets_through(
    kinds: str,
    allowance: Bound,
    weights: Sequence[float],
    outcome: Outcome,
    value: float | None,
    blocks: str,
) -> None:
    *columns, summary = judged(family(kinds, allowance, weights))
    assert summary.outcome == outcome, summary.reason
    assert summary.measurement.value == (None if value is None else pytest.approx(value))
    assert summary.measurement.limit == allowance
    blocking = [kind for kind, one in zip(kinds, columns, strict=True) if one.blocks]
    assert "".join(blocking) + "+" * summary.blocks == blocks


def test_what_is_covered_stays_a_failure() -> None:
    moved, _, summary = judged(family("mq", TWO))
    assert (moved.outcome, moved.severity, moved.blocks) == (F, Severity.WARN, False)
    assert moved.reason == "within what max_drifted allows"
    assert (summary.measurement.subject, summary.measurement.metric) == ("drifted columns", "max_drifted")
    assert (summary.measurement.n, summary.measurement.of) == (1, 2)


def test_a_column_counts_once() -> None:
    allowance = Bound(max=1, unit="rows")
    twice = [column("a", "m", allowance=allowance), column("a", "m", metric="nulls", allowance=allowance)]
    *results, summary = judged([*twice, column("b", "q", allowance=allowance)])
    assert not any(one.blocks for one in results)
    assert (summary.measurement.n, summary.measurement.of) == (1, 2)


def test_different_allowances_are_counted_apart() -> None:
    results = judged([*family("mm", TWO), *family("m", Bound(max=0, unit="rows"))])
    assert [one.blocks for one in results] == [False, False, True, False, True]


def test_without_an_allowance_nothing_is_added() -> None:
    (result,) = judged(family("m", None))
    assert result.blocks


def test_nothing_is_counted_where_nothing_was_judged() -> None:
    assert [one.outcome for one in judged(family("es", TWO))] == [E, Outcome.SKIPPED]


def test_a_warning_stays_one() -> None:
    assert not any(one.blocks for one in judged(family("mmm", TWO), severity="warn"))


def test_undecided_ones_are_not_covered() -> None:
    undecided, summary = judged(family("u", TWO), when_inconclusive="block")
    assert (undecided.blocks, summary.blocks) == (True, False)


families = st.text("mques", min_size=1, max_size=8)
limits = st.floats(-1, 3) | st.sampled_from([0, 1, 2, NAN, INF])


@given(families, st.data(), limits, limits, st.sampled_from(["rows", "share", "value"]))
def test_a_smaller_allowance_never_blocks_less(
    kinds: str, data: st.DataObject, first: float, second: float, unit: Unit
) -> None:
    weight = st.floats(0, 1e300) | st.sampled_from([NAN, -1.0, INF])
    weights = data.draw(st.lists(weight, min_size=len(kinds), max_size=len(kinds)))
    smaller, larger = sorted((first, second)) if first == first and second == second else (NAN, second)  # noqa: PLR0124

    def blocking(allowance: Bound | None) -> set[str]:
        results = judged(family(kinds, allowance, weights))
        return {one.measurement.subject for one in results if one.blocks}

    tight, loose = (blocking(Bound(max=one, unit=unit)) for one in (smaller, larger))
    if larger < INF:
        assert tight >= loose - {"drifted columns"}
    assert loose <= blocking(None) | {"drifted columns"}
    never = judged(
        [replace(one, allowance=Bound(max=larger, unit=unit)) for one in family(kinds, None, weights)]
    )
    assert all(one.blocks for one in never if one.outcome is E)
