"""Rankings within groups: NDCG is scikit-learn's, the others those of plain loops."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats import retrieval
from mlval.stats.errors import Undefined

Row = tuple[int, float, int]
ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.integers(0, 4)),
    min_size=2,
    max_size=30,
).filter(lambda rows: any(relevance for relevance, _, _ in rows))


def ranked(rows: list[Row], *, binary: bool = False) -> retrieval.Ranking:
    relevance, score, group = (np.array(column) for column in zip(*rows, strict=True))
    relevance = relevance > 0 if binary else relevance
    return retrieval.ranked(relevance.astype(np.float64), score, group.astype(np.int64))


def groups(rows: list[Row]) -> list[list[Row]]:
    found = [[row for row in rows if row[2] == group] for group in range(5)]
    return [group for group in found if any(relevance for relevance, _, _ in group)]


@given(ROWS, st.sampled_from([None, 1, 3]))
def test_ndcg_is_scikit_learns(rows: list[Row], k: int | None) -> None:
    # It refuses a group of one row, which is always ranked right.
    expected = [
        metrics.ndcg_score([[row[0] for row in group]], [[row[1] for row in group]], k=k)
        if len(group) > 1
        else 1.0
        for group in groups(rows)
    ]
    found = retrieval.ndcg(ranked(rows), k=k)
    assert found == pytest.approx(np.array(expected), rel=1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0.1, 0.5]), st.just(0)), min_size=1, max_size=5)
)
def test_precision_at_k_is_the_mean_over_all_orders_of_ties(rows: list[Row]) -> None:
    if not any(relevance for relevance, _, _ in rows):
        return
    orders = [order for order in permutations(rows) if list(order) == sorted(order, key=lambda row: -row[1])]
    shares = [sum(relevance for relevance, _, _ in order[:2]) / 2 for order in orders]
    found = retrieval.precision_at_k(ranked(rows, binary=True), k=2)
    assert found == pytest.approx(np.array([np.mean(shares)]))


@given(ROWS)
def test_the_reciprocal_rank_puts_irrelevant_ties_first(rows: list[Row]) -> None:
    expected = []
    for group in groups(rows):
        order = sorted(group, key=lambda row: (-row[1], row[0] > 0))
        expected.append(1 / (1 + next(place for place, row in enumerate(order) if row[0])))
    found = retrieval.reciprocal_rank(ranked(rows, binary=True))
    assert found == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    "relevance, reason", [([0.0, 0.0], "no group has a relevant row"), ([1.0, -1.0], "below 0")]
)
def test_what_cannot_be_ranked_is_undefined(relevance: list[float], reason: str) -> None:
    with pytest.raises(Undefined, match=reason):
        retrieval.ranked(np.array(relevance), np.array([0.1, 0.2]), np.array([0, 0]))


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_in_any_bit(rows: list[Row], shuffled: Any) -> None:  # noqa: ANN401
    other = list(rows)
    shuffled.shuffle(other)
    for values in (lambda found: retrieval.ndcg(found, k=3), retrieval.reciprocal_rank):
        one, again = (values(ranked(each)) for each in (rows, other))
        assert one.tobytes() == again.tobytes()
        assert retrieval.over_groups(one) == retrieval.over_groups(again)
