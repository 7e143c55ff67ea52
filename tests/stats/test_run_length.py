"""Run lengths are those that tables give, and thresholds lead back to them."""

import math

import numpy as np
import pytest

from mlval.stats.run_length import cusum_run_length, cusum_threshold, one_sided_run_length


@pytest.mark.parametrize(
    "threshold, shift, published",
    [
        (4, 0, 168),
        (4, 0.25, 74.2),
        (4, 0.5, 26.6),
        (4, 0.75, 13.3),
        (4, 1, 8.38),
        (4, 1.5, 4.75),
        (4, 2, 3.34),
        (4, 3, 2.19),
        (5, 0, 465),
        (5, 0.25, 139),
        (5, 0.5, 38.0),
        (5, 0.75, 17.0),
        (5, 1, 10.4),
        (5, 1.5, 5.75),
        (5, 2, 4.01),
        (5, 3, 2.57),
    ],
)
def test_lucas_and_crosiers_table_of_two_sided_run_lengths(
    threshold: float, shift: float, published: float
) -> None:
    assert cusum_run_length(threshold, slack=0.5, shift=shift) == pytest.approx(published, rel=0.006)


@pytest.mark.parametrize(
    "slack, threshold",
    [(0.25, 8.01), (0.5, 4.77), (0.75, 3.34), (1.0, 2.52), (1.25, 1.99), (1.5, 1.61)],
)
def test_hawkins_pairs_of_slack_and_threshold_run_for_370(slack: float, threshold: float) -> None:
    assert cusum_threshold(370.4, slack=slack) == pytest.approx(threshold, abs=0.01)


def test_a_chain_of_many_states_agrees() -> None:
    threshold, slack, states = 3.0, 0.5, 800
    width = threshold / (states - 0.5)
    middles = np.arange(states) * width
    edges = np.concatenate([[-np.inf], middles + width / 2])

    def below(value: float) -> float:
        return 0.5 * math.erfc(-value / math.sqrt(2))

    reached = np.array([[below(edge - start + slack) for edge in edges] for start in middles[:: states // 8]])
    assert reached.shape == (8, states + 1)
    full = np.vectorize(below)(edges[None, :] - middles[:, None] + slack)
    chain = np.diff(full, axis=1)
    by_chain = np.linalg.solve(np.eye(states) - chain, np.ones(states))[0]
    assert one_sided_run_length(threshold, slack=slack) == pytest.approx(by_chain, rel=1e-3)


@pytest.mark.parametrize("every", [5, 20, 50.5, 1000, 100_000])
@pytest.mark.parametrize("slack", [0.25, 0.5])
def test_a_threshold_leads_back_to_its_run_length(every: float, slack: float) -> None:
    threshold = cusum_threshold(every, slack=slack)
    assert cusum_run_length(threshold, slack=slack) == pytest.approx(every, rel=1e-5)


@pytest.mark.parametrize("every", [4.9, 100_001, math.nan, math.inf, -1])
def test_run_lengths_beyond_reach_are_refused(every: float) -> None:
    with pytest.raises(ValueError, match="false alarms come every 5 to 100,000 runs"):
        cusum_threshold(every, slack=0.5)


@pytest.mark.parametrize(
    "threshold, slack", [(0, 0.5), (1, 0), (math.nan, 0.5), (1, math.nan), (math.inf, 1)]
)
def test_no_threshold_or_slack_is_refused(threshold: float, slack: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        cusum_run_length(threshold, slack=slack)
