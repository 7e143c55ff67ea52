"""Choosing rows by a hash of their positions, whatever the blocks in which they come."""

import numpy as np
import pytest

from mlval.domain.features import Feature
from mlval.scoring.feature_rows import Block, chosen, hashes

ROWS = 1_000


def blocks(size: int) -> list[Block]:
    """Return rows whose text and number tell their position, in blocks with levels of their own."""
    found: list[Block] = []
    for start in range(0, ROWS, size):
        places = np.arange(start, min(start + size, ROWS))
        levels = tuple(sorted(f"row {place % 7}" for place in places[:7]))
        codes = np.array([levels.index(f"row {place % 7}") for place in places], dtype=np.int32)
        codes[places % 5 == 0] = -1
        nulls = codes < 0
        text = Feature("t", "text", codes, nulls=nulls if nulls.any() else None, levels=levels)
        found.append((places, (Feature("n", "int", places * 2), text)))
    return found


def texts(feature: Feature) -> list[str | None]:
    return [None if code < 0 else (feature.levels or ())[int(code)] for code in feature.values]


@pytest.mark.parametrize("most", [1, 7, 100, ROWS, 2 * ROWS])
@pytest.mark.parametrize("size", [9, 250, ROWS])
def test_the_same_rows_are_chosen_from_any_blocks(size: int, most: int) -> None:
    places, (number, text) = chosen(blocks(size), most)
    smallest = sorted(range(ROWS), key=lambda place: int(hashes(np.array([place]))[0]))[:most]
    assert places.tolist() == sorted(smallest)
    assert number.values.tolist() == [2 * place for place in places]
    assert texts(text) == [None if place % 5 == 0 else f"row {place % 7}" for place in places]


def test_no_blocks_have_no_rows() -> None:
    places, features = chosen([], 5)
    assert (len(places), features) == (0, ())


def test_salts_give_other_hashes() -> None:
    assert len(set(hashes(np.arange(ROWS), 1)) | set(hashes(np.arange(ROWS), 2))) == 2 * ROWS
