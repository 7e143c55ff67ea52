"""DeLong's comparison of two areas against its definition, pair by pair."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import paired
from mlval.stats.paired_ranking import of_roc_auc


def by_definition(truth: list[bool], scores: list[list[float]]) -> tuple[list[float], float]:
    """Return both areas and the standard error of their difference, by structural components."""

    def wins(x: float, y: float) -> float:
        return 1.0 if x > y else 0.5 if x == y else 0.0

    components = []
    for score in scores:
        positives = [s for s, t in zip(score, truth, strict=True) if t]
        negatives = [s for s, t in zip(score, truth, strict=True) if not t]
        table = np.array([[wins(x, y) for y in negatives] for x in positives])
        components.append((table.mean(axis=1), table.mean(axis=0), table.mean()))
    (p1, n1, a1), (p2, n2, a2) = components
    s10, s01 = np.cov(p1, p2), np.cov(n1, n2)
    covariance = s10 / len(p1) + s01 / len(n1)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    return [a1, a2], math.sqrt(max(0.0, variance))


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=40).filter(
        lambda rows: 2 <= sum(row[0] for row in rows) <= len(rows) - 2
    )
)
def test_areas_and_error_are_those_of_the_definition(rows: list[tuple[bool, int, int]]) -> None:
    truth = np.array([row[0] for row in rows])
    first, second = (np.array([float(row[side]) for row in rows]) for side in (1, 2))
    areas, error = by_definition(truth.tolist(), [first.tolist(), second.tolist()])
    found = paired(of_roc_auc(truth, first), of_roc_auc(truth, second), confidence=0.9)
    assert [found.first, found.second] == pytest.approx(areas)
    assert found.error == pytest.approx(error, abs=1e-9)


@pytest.mark.parametrize(
    "truth, what", [([True, True], "one class"), ([True, False], "one row of a class"), ([], "no rows")]
)
def test_too_little_of_a_class_is_refused(truth: list[bool], what: str) -> None:
    with pytest.raises(Undefined, match=what):
        of_roc_auc(np.array(truth, dtype=np.bool_), np.zeros(len(truth)))
