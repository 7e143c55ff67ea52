"""One tree: its root is the best split that a plain search finds, whatever the order of the rows."""

import numpy as np
import pytest

from mlval.stats._trees import BINS, EXACT, LEVEL_SMOOTHING, Codes, Growth, Slopes, Tree, grow, slopes, walk
from mlval.stats.arrays import BoolArray

STUMP = Growth(depth=1, rate=0.5, penalty=2.0, smallest=1.0)


def world(seed: int, *, features: int = 3, rows: int = 120, bins: int = 6) -> tuple[Codes, BoolArray]:
    draw = np.random.default_rng(seed)
    codes = draw.integers(0, bins, size=(features, rows)).astype(np.uint8)
    return codes, draw.random(rows) < 0.3 + 0.4 * (codes[0] % 3 == 1)


def gain_by_hand(left: list[tuple[float, float]], right: list[tuple[float, float]], extra: float) -> float:
    if not left or not right or min(sum(h for _, h in left), sum(h for _, h in right)) < STUMP.smallest:
        return 0.0
    whole = sum(g for g, _ in left + right) ** 2 / (sum(h for _, h in left + right) + STUMP.penalty)
    parts = (sum(g for g, _ in side) ** 2 / (sum(h for _, h in side) + extra) for side in (left, right))
    return sum(parts) - whole


def best_by_hand(codes: Codes, given: Slopes, levels: BoolArray) -> float:
    best = 0.0
    rows = list(zip(given.residual.tolist(), given.curvature.tolist(), strict=True))
    for column, level in zip(codes.tolist(), levels.tolist(), strict=True):
        order = list(range(BINS))
        if level:
            mean = {
                code: sum(g for (g, _), c in zip(rows, column, strict=True) if c == code)
                / (sum(h for (_, h), c in zip(rows, column, strict=True) if c == code) + LEVEL_SMOOTHING)
                for code in order
            }
            order.sort(key=mean.__getitem__)
        for cut in range(BINS):
            low = set(order[: cut + 1])
            left = [row for row, code in zip(rows, column, strict=True) if code in low]
            right = [row for row, code in zip(rows, column, strict=True) if code not in low]
            best = max(best, gain_by_hand(left, right, STUMP.penalty + LEVEL_SMOOTHING * level))
    return best


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_root_is_the_best_split(seed: int, ordered: bool) -> None:
    codes, truth = world(seed)
    given, levels = slopes(np.zeros(truth.size), truth), np.full(3, not ordered)
    tree = grow(codes, given, levels=levels, growth=STUMP)
    assert tree.gain[0] == pytest.approx(best_by_hand(codes, given, levels), rel=1e-9)
    goes_left = tree.left[0, codes[tree.feature[0]]]
    left, right = (
        list(zip(given.residual[side].tolist(), given.curvature[side].tolist(), strict=True))
        for side in (goes_left, ~goes_left)
    )
    extra = STUMP.penalty + LEVEL_SMOOTHING * (not ordered)
    assert tree.gain[0] == pytest.approx(gain_by_hand(left, right, extra), rel=1e-9)


def test_a_leaf_holds_a_newton_step() -> None:
    codes, truth = world(1)
    given = slopes(np.zeros(truth.size), truth)
    tree = grow(codes, given, levels=np.zeros(3, dtype=np.bool_), growth=STUMP)
    leaf = walk(tree, codes)[-1]
    for node in (1, 2):
        here = leaf == node
        step = 0.5 * given.residual[here].sum() / (given.curvature[here].sum() + STUMP.penalty)
        assert tree.value[node] == pytest.approx(step, rel=1e-12)


def same(first: Tree, second: Tree) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_the_order_of_the_rows_cannot_show() -> None:
    codes, truth = world(2, rows=500, bins=BINS)
    margin = np.random.default_rng(3).normal(size=truth.size)
    growth = Growth(depth=3, rate=0.15, penalty=2.0, smallest=5.0)
    levels = np.array([False, True, False])
    order = np.random.default_rng(4).permutation(truth.size)
    there = grow(codes, slopes(margin, truth), levels=levels, growth=growth)
    again = grow(codes[:, order], slopes(margin[order], truth[order]), levels=levels, growth=growth)
    assert same(there, again)


def test_rows_walk_on_where_nothing_is_split() -> None:
    codes = np.zeros((2, 50), dtype=np.uint8)
    truth = np.arange(50) < 20
    growth = Growth(depth=3, rate=1.0, penalty=0.0, smallest=1.0)
    tree = grow(codes, slopes(np.zeros(50), truth), levels=np.zeros(2, dtype=np.bool_), growth=growth)
    passed = walk(tree, codes)
    assert passed[:, 0].tolist() == [0, 1, 3, 7]
    assert tree.value[passed[:, 0]].tolist() == [tree.value[0]] * 4
    assert tree.gain.tolist() == [0.0] * 7


def test_no_child_is_smaller_than_allowed() -> None:
    codes = np.zeros((1, 100), dtype=np.uint8)
    codes[0, :19] = 1
    growth = Growth(depth=1, rate=1.0, penalty=0.0, smallest=5.0)
    given = slopes(np.zeros(100), codes[0] == 1)
    assert grow(codes, given, levels=np.array([False]), growth=growth).gain[0] == 0


def test_slopes_are_the_derivatives_and_sums_of_them_are_exact() -> None:
    margin = np.linspace(-40, 40, 9)
    found = slopes(margin, margin > 0)
    share = 1 / (1 + np.exp(-margin))
    assert found.residual == pytest.approx((margin > 0) - share, abs=1 / EXACT)
    assert found.curvature == pytest.approx(share * (1 - share), abs=1 / EXACT)
    assert np.all(found.curvature > 0)
    assert np.array_equal(found.residual * EXACT, np.rint(found.residual * EXACT))
