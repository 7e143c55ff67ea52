"""Gaps between groups: the furthest pair, its interval, and what chance alone would show."""

import math
from itertools import permutations
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats import equal_groups
from mlval.stats.errors import Undefined
from mlval.stats.group_gaps import (
    Gap,
    Mean,
    Share,
    corrected,
    largest_difference,
    pairs,
    smallest_ratio,
)
from mlval.stats.sums import moments

SHARES = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
GROUPS = st.lists(SHARES.map(lambda pair: Share(*pair)), min_size=2, max_size=6)


def newcombe(one: Share, other: Share, confidence: float) -> tuple[float, float]:
    """Return method 10 of Newcombe (1998), as it is published."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)

    def ends(group: Share) -> tuple[float, float]:
        p, n = group.value, group.trials
        root = z * math.sqrt(z * z + 4 * n * p * (1 - p))
        middle, whole = 2 * n * p + z * z, 2 * (n + z * z)
        return (middle - root) / whole, (middle + root) / whole

    (low, high), (other_low, other_high) = ends(one), ends(other)
    gap = one.value - other.value
    return (
        gap - math.hypot(one.value - low, other_high - other.value),
        gap + math.hypot(high - one.value, other.value - other_low),
    )


@given(GROUPS)
def test_the_gap_is_that_of_the_furthest_of_all_ordered_pairs(groups: list[Share]) -> None:
    found = largest_difference(groups, confidence=0.99)
    ordered = list(permutations(groups, 2))
    ends = [newcombe(one, other, 0.99) for one, other in ordered]
    assert found.value == pytest.approx(max(one.value - other.value for one, other in ordered), abs=1e-12)
    assert found.interval[0] == pytest.approx(max(0, *(low for low, _ in ends)), abs=1e-9)
    assert found.interval[1] == pytest.approx(max(high for _, high in ends), abs=1e-9)


def test_the_published_example_of_newcombe() -> None:
    found = largest_difference([Share(56, 70), Share(48, 80)], confidence=0.95)
    assert [round(end, 4) for end in found.interval] == [0.0524, 0.3339]


@given(GROUPS)
def test_the_ratio_is_that_of_the_lowest_and_the_highest(groups: list[Share]) -> None:
    values = [group.value for group in groups]
    if max(values) == 0:
        with pytest.raises(Undefined):
            smallest_ratio(groups, confidence=0.95)
        return
    found = smallest_ratio(groups, confidence=0.95)
    assert found.value == pytest.approx(min(values) / max(values), abs=1e-12)
    assert 0 <= found.interval[0] <= found.value <= found.interval[1] <= 1


@given(GROUPS)
def test_the_order_of_groups_does_not_matter(groups: list[Share]) -> None:
    turned = groups[::-1]
    one, other = (largest_difference(some, confidence=0.95) for some in (groups, turned))
    assert (one.value, one.interval) == (other.value, other.interval)


def test_the_pair_is_named_the_higher_first() -> None:
    found = largest_difference([Share(3, 10), Share(1, 10), Share(8, 10)], confidence=0.95)
    assert found.pair == (2, 1)


def test_more_comparisons_make_wider_intervals() -> None:
    groups = [Share(50, 100), Share(30, 100)]
    widths = [
        gap.interval[1] - gap.interval[0]
        for gap in (largest_difference(groups, confidence=corrected(0.95, n)) for n in (1, 28, 500))
    ]
    assert widths == sorted(widths)
    assert pairs(8) == 28


def test_means_are_compared_as_shares_are() -> None:
    draw = np.random.default_rng(1)
    groups = [Mean(moments(draw.normal(centre, 1, 400))) for centre in (0.0, 0.0, 1.0)]
    found: Gap = largest_difference(groups, confidence=0.95)
    assert found.interval[0] < found.value < found.interval[1]
    assert found.value == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("groups", [[], [Share(1, 2)]])
def test_one_group_has_no_gap(groups: list[Share]) -> None:
    with pytest.raises(Undefined):
        largest_difference(groups, confidence=0.95)


def test_the_gap_by_chance_is_the_mean_range_of_equal_groups() -> None:
    # The mean range of eight standard normals is 2.847 (Tippett 1925).
    expected = 2.847 * math.sqrt(0.3 * 0.7 / 200)
    found = equal_groups.difference_by_chance([[Share(60, 200)] * 8])
    assert found == pytest.approx(expected, rel=0.02)
    assert found == equal_groups.difference_by_chance([[Share(60, 200)] * 8])


def test_where_nobody_or_everybody_counts_chance_shows_nothing() -> None:
    assert equal_groups.difference_by_chance([[Share(0, 50), Share(0, 20)]]) == 0
    assert equal_groups.ratio_by_chance([[Share(50, 50), Share(20, 20)]]) == 1
    with pytest.raises(Undefined):
        equal_groups.ratio_by_chance([[Share(0, 50), Share(0, 20)]])


def test_of_two_rates_chance_shows_the_worse() -> None:
    one, other = [Share(60, 200)] * 4, [Share(30, 100)] * 4
    both = equal_groups.difference_by_chance([one, other])
    assert both > max(equal_groups.difference_by_chance([some]) for some in (one, other))
