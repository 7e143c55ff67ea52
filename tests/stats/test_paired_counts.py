"""Differences of count statistics against formulas worked out by hand."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from mlval.stats.errors import Undefined
from mlval.stats.paired_counts import Joint, joint, of_counts

# truth, first, second: rows
CELLS = {
    (0, 0, 0): 5_000,
    (0, 0, 1): 120,
    (0, 1, 0): 90,
    (0, 1, 1): 200,
    (1, 0, 0): 300,
    (1, 0, 1): 110,
    (1, 1, 0): 80,
    (1, 1, 1): 1_400,
}


def precision(matrix: NDArray[np.int64]) -> float:
    return float(matrix[1, 1] / matrix[:, 1].sum())


def accuracy(matrix: NDArray[np.int64]) -> float:
    return float(np.trace(matrix) / matrix.sum())


def by_rows(cells: dict[tuple[int, int, int], int], weight: float = 1.0) -> tuple[float, float]:
    """Return difference and error of two precisions: a row moves one by (truth − P) / share predicted."""
    n = sum(cells.values())
    precisions, shares = [], []
    for side in (1, 2):
        predicted = sum(count for cell, count in cells.items() if cell[side])
        precisions.append(sum(c for cell, c in cells.items() if cell[side] and cell[0]) / predicted)
        shares.append(predicted / n)
    variance = 0.0
    for (truth, first, second), count in cells.items():
        moved = [
            predicted * (truth - precisions[side]) / shares[side]
            for side, predicted in enumerate((first, second))
        ]
        variance += count * (moved[1] - weight * moved[0]) ** 2
    return precisions[1] - precisions[0], math.sqrt(variance) / n


@pytest.mark.parametrize("weight", [1.0, 0.9])
def test_precision_is_the_delta_method(weight: float) -> None:
    found = of_counts(joint(CELLS), [precision] * 2, classes=2, confidence=0.9, weight=weight)
    difference, error = by_rows(CELLS, weight)
    assert found.difference == pytest.approx(difference)
    assert found.error == pytest.approx(error, rel=0.01)


def test_accuracy_is_close_to_bonett_and_price() -> None:
    found = of_counts(joint(CELLS), [accuracy] * 2, classes=2, confidence=0.9)
    n = sum(CELLS.values())
    gained, lost = 90 + 110, 120 + 80
    p, q = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    assert found.error == pytest.approx(math.sqrt((p + q - (p - q) ** 2) / (n + 2)), rel=1e-3)


def test_models_that_agree_on_every_row_are_not_certain_to() -> None:
    cells = {(0, 0, 0): 150, (1, 1, 1): 50}
    low, high = of_counts(joint(cells), [precision] * 2, classes=2, confidence=0.9).interval or (0, 0)
    assert low < 0 < high


def test_groups_are_added_up() -> None:
    rows = joint(CELLS)
    truth, first, second = (np.repeat(codes, rows.counts) for codes in rows[:3])
    one_row_a_group = Joint(truth, first, second, np.ones(7_300, dtype=np.int64))
    alone = of_counts(rows, [accuracy] * 2, classes=2, confidence=0.9)
    groups = one_row_a_group._replace(groups=np.arange(7_300))
    grouped = of_counts(groups, [accuracy] * 2, classes=2, confidence=0.9)
    assert grouped.error == pytest.approx(alone.error, rel=1e-3)
    pairs = groups._replace(groups=np.arange(7_300) // 100)
    assert of_counts(pairs, [accuracy] * 2, classes=2, confidence=0.9).error > 2 * alone.error


def test_what_has_no_interval_is_refused() -> None:
    with pytest.raises(Undefined, match="two rows"):
        of_counts(joint({(0, 0, 0): 1}), [accuracy] * 2, classes=1, confidence=0.9)
    with pytest.raises(Undefined, match="31 classes"):
        of_counts(joint(CELLS), [accuracy] * 2, classes=31, confidence=0.9)
