"""Ranks after the cycle is taken out are those of a loop over the past."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.cusum import rank_scores, score_of_rank
from mlval.stats.phase_ranks import phase_rank_scores


def by_loop(series: list[int], phases: list[int]) -> list[float]:
    found = []
    for place in range(len(series)):
        past = range(place + 1)
        of_phase = {phase: [series[at] for at in past if phases[at] == phase] for phase in set(phases)}
        several = [at for at in past if len(of_phase[phases[at]]) > 1]
        if place not in several:
            found.append(math.nan)
            continue
        aligned = {at: round(series[at] - statistics.fmean(of_phase[phases[at]]), 9) for at in several}
        ordered = sorted(aligned.values())
        rank = statistics.fmean(at + 1 for at, left in enumerate(ordered) if left == aligned[place])
        found.append(float(score_of_rank(np.array([rank]), np.array([len(several)]))[0]))
    return found


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=25), st.integers(1, 7))
def test_scores_are_those_of_a_loop(series: list[int], period: int) -> None:
    phases = [place % period for place in range(len(series))]
    found = phase_rank_scores(np.array(series, dtype=float), phases)
    assert found.tolist() == pytest.approx(by_loop(series, phases), nan_ok=True, abs=1e-9)


def test_one_phase_is_no_cycle() -> None:
    values = np.random.default_rng(1).normal(size=60)
    np.testing.assert_allclose(phase_rank_scores(values, ["day"] * 60), rank_scores(values))


def test_a_cycle_leaves_no_trace() -> None:
    values = np.random.default_rng(2).normal(size=60)
    days = [day % 7 for day in range(60)]
    cycle = np.array([10.0 * day * day for day in days])
    plain, moved = phase_rank_scores(values, days), phase_rank_scores(values + cycle, days)
    np.testing.assert_allclose(moved, plain)


def test_a_pure_cycle_scores_nothing() -> None:
    days = [day % 7 for day in range(60)]
    found = phase_rank_scores(np.array([0.9 + 0.1 * day for day in days]), days)
    assert set(found[7:].tolist()) == {0.0}


def test_many_series_are_each_on_their_own() -> None:
    rows = np.random.default_rng(3).normal(size=(4, 40))
    days = [day % 7 for day in range(40)]
    together = phase_rank_scores(rows, days)
    for row, scores in zip(rows, together, strict=True):
        np.testing.assert_array_equal(phase_rank_scores(row, days), scores)


def test_no_values_have_no_scores() -> None:
    assert phase_rank_scores(np.zeros(0), []).size == 0
