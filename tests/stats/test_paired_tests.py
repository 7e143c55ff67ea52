"""Paired tests against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.paired_tests import paired_tests

Values = NDArray[np.float64]


def scipys(values: Values, *, ties: bool) -> float:
    method = "asymptotic" if ties else "exact"
    return float(stats.wilcoxon(values, method=method).pvalue)  # type: ignore[call-overload] # stubs lag behind


@pytest.mark.parametrize("rows", [5, 50, 51, 3_000])
def test_without_ties_as_scipy(rows: int) -> None:
    values = np.random.default_rng(rows).normal(0.1, 1.0, rows)
    found = paired_tests(values)
    assert found.student == pytest.approx(stats.ttest_1samp(values, 0).pvalue)
    assert found.wilcoxon == pytest.approx(scipys(values, ties=rows > 50))
    assert found.d_z == pytest.approx(values.mean() / values.std(ddof=1))


@given(
    st.lists(st.integers(-5, 5), min_size=3, max_size=60).filter(
        lambda rows: len({abs(r) for r in rows if r}) > 1
    )
)
def test_with_ties_and_zeros_as_scipy(rows: list[int]) -> None:
    values = np.array(rows, dtype=np.float64)
    kept = values[values != 0]
    found = paired_tests(values)
    ties = len({abs(one) for one in kept}) < len(kept)
    assert found.wilcoxon == pytest.approx(scipys(kept, ties=ties))


def test_nothing_differs() -> None:
    found = paired_tests(np.zeros(5))
    assert (found.student, found.wilcoxon, found.d_z) == (1, 1, 0)


@pytest.mark.parametrize("values", [[1.0], [1.0, 1.0], [1.0, np.nan]])
def test_what_says_nothing_is_refused(values: list[float]) -> None:
    with pytest.raises(Undefined):
        paired_tests(np.array(values))
