"""Queries have an end, however the contract is written."""

from pathlib import Path

import duckdb
import pytest

from mlval.domain.errors import Unmeasurable
from mlval.measure.deadline import Deadline

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1"


def test_an_endless_query_is_interrupted() -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(Unmeasurable, match=r"longer than 0\.2 seconds"),
        Deadline(0.2).over(connection),
    ):
        connection.execute(ENDLESS)


def test_nothing_begins_after_the_end(tmp_path: Path) -> None:
    with (
        duckdb.connect(tmp_path / "d.db") as connection,
        pytest.raises(Unmeasurable, match="longer than"),
        Deadline(0).over(connection),
    ):
        raise AssertionError


def test_what_ends_in_time_is_left_alone() -> None:
    with duckdb.connect() as connection:
        with Deadline(60).over(connection):
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert connection.execute("SELECT 2").fetchone() == (2,)
