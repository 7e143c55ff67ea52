"""Every column of real months: what moved is named first, and what did not move is quiet."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.taxi.conftest import HERE, Judge, Judged, month

DRIFT = HERE / "drift.yml"
SPLITS = int(os.environ.get("MLVAL_SPLITS", "40"))
"""Cuts of the month; MLVAL_SPLITS=100 takes a hundred."""


@pytest.fixture(scope="module")
def february(judge: Judge) -> Judged:
    """Return February 2019, the first month with the congestion surcharge, against January."""
    return judge("2019-01", "2019-02", DRIFT)


def test_the_new_surcharge_is_named_first(february: Judged) -> None:
    assert february.code == 1
    table = february.report.partition("### Blocks the merge")[2].partition("<details")[0]
    rows = [line for line in table.splitlines() if line.startswith("| drift |")]
    assert "`congestion_surcharge`" in rows[0]
    largest = max(february.result["results"], key=lambda one: float(one["effect"]))
    assert largest["subject"] == "congestion_surcharge"


def test_the_fare_did_not_change(february: Judged) -> None:
    assert february.about("fare_amount", "drift")["outcome"] == "passed"


def test_april_names_payments_and_nulls(judge: Judge) -> None:
    april = judge("2019-01", "2020-04", DRIFT)
    assert ("payment_type", "drift") in april.failed()
    (row,) = [line for line in april.report.splitlines() if line.startswith("| drift | `payment_type` drift")]
    assert "null 0% to 8.03%" in row


def test_a_half_is_like_the_other_half(judge: Judge, tmp_path: Path) -> None:
    header, *rows = month("2019-01").read_bytes().splitlines(keepends=True)
    draw = np.random.default_rng(2019)
    loud = []
    for split in range(SPLITS):
        order = draw.permutation(len(rows))
        halves = tmp_path / "first.csv", tmp_path / "second.csv"
        for half, chosen in zip(halves, np.array_split(order, 2), strict=True):
            half.write_bytes(b"".join([header, *(rows[place] for place in chosen)]))
        if judge(*halves, DRIFT).failed():
            loud.append(split)
    assert len(loud) <= SPLITS * 5 // 100
