"""Boosted trees see what columns show together, are near a coin on noise, and never depend on row order."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from mlval.stats._trees import Codes, Growth
from mlval.stats.arrays import BoolArray
from mlval.stats.boosting import SHALLOW, Scored, fit, scored
from mlval.stats.errors import Undefined
from mlval.stats.ranking import roc_auc

ROWS = 1500
HALF = slice(0, ROWS)
REST = slice(ROWS, 2 * ROWS)
STUMP = Growth(depth=1, rate=0.15, penalty=2.0, smallest=5.0)


def noise(seed: int, *, features: int = 4, bins: int = 16) -> tuple[Codes, BoolArray]:
    draw = np.random.default_rng(seed)
    codes = draw.integers(0, bins, size=(features, 2 * ROWS)).astype(np.uint8)
    return codes, draw.random(2 * ROWS) < 0.5


def xor(seed: int) -> tuple[Codes, BoolArray]:
    codes, coin = noise(seed)
    truth = (codes[0] < 8) ^ (codes[1] < 8)
    return codes, np.where(np.random.default_rng(seed + 1).random(2 * ROWS) < 0.5, truth, coin)


def ordered(codes: Codes) -> BoolArray:
    return np.zeros(codes.shape[0], dtype=np.bool_)


def unseen(
    codes: Codes, truth: BoolArray, *, levels: BoolArray | None = None, growth: Growth = SHALLOW
) -> Scored:
    given = ordered(codes) if levels is None else levels
    model = fit(codes[:, HALF], truth[HALF], levels=given, growth=growth)
    return scored(model, codes[:, REST], truth[REST])


def auc(truth: BoolArray, found: Scored) -> float:
    return roc_auc(truth[REST], found.margin).value


def test_two_columns_that_only_tell_together_are_found() -> None:
    codes, truth = xor(1)
    deep = unseen(codes, truth)
    assert auc(truth, deep) > 0.72
    assert auc(truth, unseen(codes, truth, growth=STUMP)) < 0.55
    assert set(np.argsort(-deep.gain)[:2].tolist()) == {0, 1}


def test_it_is_as_good_as_scikit_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")  # else it starts a program to count the cores
    codes, truth = xor(2)
    peer = HistGradientBoostingClassifier(
        max_iter=30, max_depth=3, learning_rate=0.15, early_stopping=False, min_samples_leaf=20
    ).fit(codes[:, HALF].T, truth[HALF])
    expected = roc_auc(truth[REST], peer.decision_function(codes[:, REST].T)).value
    assert auc(truth, unseen(codes, truth)) > expected - 0.02


def test_noise_is_near_a_coin_and_no_column_gains() -> None:
    codes, truth = noise(3)
    found = unseen(codes, truth, levels=np.array([True, False, True, False]))
    assert auc(truth, found) == pytest.approx(0.5, abs=0.04)
    assert found.gain.sum() < 0


def test_levels_need_no_order() -> None:
    codes, coin = noise(4)
    likely = np.isin(codes[2], [1, 6, 8, 13])
    truth = np.where(np.random.default_rng(5).random(2 * ROWS) < 0.4, likely, coin)
    as_levels = np.array([False, False, True, False])
    assert auc(truth, unseen(codes, truth, levels=as_levels, growth=STUMP)) > 0.6
    assert int(np.argmax(unseen(codes, truth, levels=as_levels).gain)) == 2


def test_rows_without_a_value_are_told_apart() -> None:
    codes, truth = noise(6)
    codes[3] = np.where(truth & (codes[3] > 12), 0, codes[3] + 1)
    assert auc(truth, unseen(codes, truth)) > 0.55


def test_the_order_of_the_rows_cannot_show() -> None:
    codes, truth = xor(7)
    order = np.random.default_rng(8).permutation(ROWS)
    levels = np.array([False, True, False, False])
    there = fit(codes[:, HALF], truth[HALF], levels=levels, trees=5)
    again = fit(codes[:, HALF][:, order], truth[HALF][order], levels=levels, trees=5)
    first = scored(there, codes[:, REST], truth[REST])
    second = scored(again, codes[:, REST][:, order], truth[REST][order])
    assert np.array_equal(first.margin[order], second.margin)
    assert np.array_equal(first.gain, second.gain)


def test_gain_is_how_far_the_loss_falls() -> None:
    codes, truth = xor(9)
    found = unseen(codes, truth)
    loss = np.logaddexp(0, np.where(truth[REST], -found.margin, found.margin)).sum()
    start = np.log(truth[HALF].mean() / (1 - truth[HALF].mean()))
    before = np.logaddexp(0, np.where(truth[REST], -start, start)).sum()
    assert found.gain.sum() == pytest.approx(before - loss, rel=0.1)


def test_a_rare_class_is_learnt_too() -> None:
    draw = np.random.default_rng(10)
    codes = draw.integers(0, 16, size=(3, 2 * ROWS)).astype(np.uint8)
    truth = draw.random(2 * ROWS) < np.where(codes[1] > 11, 0.1, 0.02)
    assert auc(truth, unseen(codes, truth)) > 0.6


CODES = np.zeros((2, 10), dtype=np.uint8)
TRUTH = np.arange(10) < 5


@pytest.mark.parametrize(
    "codes, truth, levels",
    [
        (CODES.astype(np.int64), TRUTH, [False, False]),
        (CODES.T, TRUTH, [False] * 10),
        (CODES + np.uint8(64), TRUTH, [False, False]),
        (CODES, TRUTH.astype(np.int64), [False, False]),
        (CODES, TRUTH, [False]),
        (CODES, TRUTH, [0, 1]),
    ],
)
def test_what_does_not_fit_is_refused(codes: Codes, truth: BoolArray, levels: list[bool]) -> None:
    with pytest.raises(ValueError, match=r"must be|needed"):
        fit(codes, truth, levels=np.array(levels))


def test_one_class_and_no_columns_are_undefined() -> None:
    with pytest.raises(Undefined, match="one class"):
        fit(CODES, np.ones(10, dtype=np.bool_), levels=ordered(CODES))
    with pytest.raises(Undefined, match="no columns"):
        fit(CODES[:0], TRUTH, levels=ordered(CODES[:0]))
    with pytest.raises(ValueError, match="one tree"):
        fit(CODES, TRUTH, levels=ordered(CODES), trees=0)
    with pytest.raises(ValueError, match="fitted on 2"):
        scored(fit(CODES, TRUTH, levels=ordered(CODES)), CODES[:1], TRUTH)
