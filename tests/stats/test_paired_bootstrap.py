"""The paired bootstrap: its percentiles, whole groups, and draws without a value."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.paired_bootstrap import bootstrap

RNG = np.random.default_rng(5)
FIRST = RNG.gamma(2.0, size=400)
SECOND = FIRST + RNG.normal(0.1, 0.5, 400)


def means(of: NDArray[np.int64]) -> tuple[float, float]:
    return float(FIRST[of].mean()), float(SECOND[of].mean())


def test_a_mean_has_nearly_the_interval_of_scipy() -> None:
    found = bootstrap(means, 400, confidence=0.9).interval or (0.0, 0.0)
    expected = stats.bootstrap(
        (SECOND - FIRST,),
        np.mean,
        confidence_level=0.9,
        method="percentile",
        n_resamples=5_000,
        random_state=1,
    ).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), abs=0.006)


def test_it_is_the_same_every_time() -> None:
    assert bootstrap(means, 400, confidence=0.9, draws=50) == bootstrap(means, 400, confidence=0.9, draws=50)


def test_whole_groups_are_drawn() -> None:
    groups = np.arange(400) // 40
    sizes = []

    def counted(of: NDArray[np.int64]) -> tuple[float, float]:
        assert all(count % 40 == 0 for count in np.bincount(groups[of]))
        sizes.append(of.size)
        return means(of)

    found = bootstrap(counted, 400, confidence=0.9, groups=groups, draws=20)
    assert (found.units, set(sizes)) == (10, {400})
    assert "10 groups" in found.method


def test_a_weight_moves_the_interval_by_what_it_leaves_out() -> None:
    plain = bootstrap(means, 400, confidence=0.9, draws=200).interval or (0.0, 0.0)
    weighted = bootstrap(means, 400, confidence=0.9, draws=200, weight=0.99).interval or (0.0, 0.0)
    assert weighted == pytest.approx(plain, abs=0.01)


def test_few_draws_without_a_value_are_left_out_and_many_refused() -> None:
    def mostly(of: NDArray[np.int64]) -> tuple[float, float]:
        if of[0] == 1:
            raise Undefined("one class only")
        return means(of)

    assert bootstrap(mostly, 400, confidence=0.9, draws=1_000).interval is not None

    def rarely(of: NDArray[np.int64]) -> tuple[float, float]:
        if of[0] > 200:
            raise Undefined("one class only")
        return means(of)

    with pytest.raises(Undefined, match="of 100 draws"):
        bootstrap(rarely, 400, confidence=0.9, draws=100)


def test_no_spread_is_no_interval_and_one_group_none_either() -> None:
    assert bootstrap(lambda of: (0.5, 0.5), 10, confidence=0.9, draws=20).interval is None  # noqa: ARG005
    with pytest.raises(Undefined, match="two rows or groups"):
        bootstrap(means, 400, confidence=0.9, groups=np.zeros(400, dtype=np.int64))
