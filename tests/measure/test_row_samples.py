"""Samples of rows: which rows, in which order, and what becomes of values that are not there."""

import numpy as np
import pytest

from mlval.domain.asks import Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.sampled import RowSample, VectorSample
from tests.measure.world import World, writer

PEOPLE = "SELECT i AS id, i % 10 AS x, 'n' || (i % 4) AS s, i % 2 = 0 AS b FROM range(5000) t(i)"


def hashes_of(numbers: list[int]) -> list[int]:
    found = writer().execute("SELECT hash(n::HUGEINT) FROM (SELECT unnest(?::BIGINT[]) AS n)", [numbers])
    return [number for (number,) in found.fetchall()]


def test_the_rows_with_the_smallest_hashes_are_taken_in_their_order(world: World) -> None:
    table = world.parquet(PEOPLE)
    found = world.ask(RowSample(Rows(table), ("x", "id"), ("id",), limit=300))
    expected = sorted(zip(hashes_of(list(range(5_000))), range(5_000), strict=True))[:300]
    assert found.hashes.tolist() == [number for number, _ in expected]
    assert found.numbers["id"].tolist() == [key for _, key in expected]
    assert found.numbers["x"].tolist() == [key % 10 for _, key in expected]
    assert found.of == 5_000


def test_their_order_and_what_is_beside_them_does_not_matter(world: World) -> None:
    turned = world.parquet(f"SELECT * FROM ({PEOPLE}) ORDER BY id DESC")
    straight = world.parquet(PEOPLE)
    first, second = (
        world.ask(RowSample(Rows(table), ("x", "s", "b"), ("id",), limit=70)) for table in (straight, turned)
    )
    assert first.hashes.tolist() == second.hashes.tolist()
    assert first.numbers["x"].tolist() == second.numbers["x"].tolist()
    assert first.marks["s"].tolist() == second.marks["s"].tolist()


def test_only_rows_that_are_asked_for_are_taken(world: World) -> None:
    rows = Rows(world.parquet(PEOPLE), "x < 3")
    found = world.ask(RowSample(rows, ("x", "b"), ("id",), limit=2_000))
    assert found.of == found.hashes.size == 1_500
    assert set(found.numbers["x"].tolist()) == {0.0, 1.0, 2.0}
    assert set(found.numbers["b"].tolist()) == {0.0, 1.0}


def test_marks_tell_values_apart_and_hide_nulls(world: World) -> None:
    table = world.csv("s,n,e\na,1,\nb,,\n,1,\na,2,\n")
    found = world.ask(RowSample(Rows(table), ("s", "n", "e")))
    texts = dict(zip(found.hashes.tolist(), found.marks["s"].tolist(), strict=True))
    by_position = [
        texts[number] for (number,) in writer().execute("SELECT hash(i) FROM range(4) t(i)").fetchall()
    ]
    assert by_position[0] == by_position[3] != by_position[1]
    assert by_position[2] is None
    assert found.marks["n"].count() == 3
    assert np.isnan(found.numbers["n"]).sum() == 1


def test_rows_without_a_key_are_hashed_by_position(world: World) -> None:
    table = world.parquet("SELECT CASE WHEN i < 900 THEN i END AS id, i AS x FROM range(1000) t(i)")
    found = world.ask(RowSample(Rows(table), ("x",), ("id",), limit=1_000))
    assert np.unique(found.hashes).size == 1_000
    without = world.ask(RowSample(Rows(table), ("x",), limit=10))
    assert without.hashes.size == 10


def test_one_key_keeps_its_rows_together(world: World) -> None:
    table = world.parquet("SELECT i // 10 AS id, i AS x FROM range(10000) t(i)")
    found = world.ask(RowSample(Rows(table), ("x",), ("id",), limit=200))
    _, counts = np.unique(found.hashes, return_counts=True)
    assert set(counts.tolist()) == {10}


def test_vectors_of_the_commonest_length_are_stacked(world: World) -> None:
    odd = "WHEN 0 THEN NULL WHEN 1 THEN [1.0] WHEN 2 THEN [1.0, NULL] WHEN 3 THEN [1.0, 'inf'::DOUBLE]"
    table = world.parquet(f"SELECT i AS id, (CASE i {odd} ELSE [i, -i] END)::FLOAT[] AS v FROM range(9) t(i)")
    found = world.ask(VectorSample(Rows(table), "v", ("id",)))
    assert (found.rows, found.of) == (9, 9)
    assert (found.nulls, found.ragged, found.broken, found.unusable) == (1, 1, 2, 4)
    order = sorted(range(4, 9), key=lambda key: hashes_of([key])[0])
    assert found.vectors.dtype == np.float32
    assert found.vectors.tolist() == [[key, -key] for key in order]
    assert found.hashes.tolist() == hashes_of(order)


def test_columns_may_have_any_name(world: World) -> None:
    columns = "[1, 2, i] AS length, i AS n0, 7 AS n1, 'a' AS h, 'b' AS m0, 3 AS hash"
    table = world.parquet(f"SELECT {columns} FROM range(20) t(i)")
    rows = world.ask(RowSample(Rows(table), ("n1", "n0", "h", "m0", "hash")))
    assert set(rows.numbers["n1"].tolist()) == {7.0}
    assert sorted(rows.numbers["n0"].tolist()) == list(range(20))
    assert set(rows.numbers["hash"].tolist()) == {3.0}
    assert not set(rows.marks["h"].tolist()) & set(rows.marks["m0"].tolist())
    assert world.ask(VectorSample(Rows(table), "length")).vectors.shape == (20, 3)


def test_long_vectors_are_fewer(world: World) -> None:
    table = world.parquet("SELECT i AS id, [i, i, i, i, i] AS v FROM range(50) t(i)")
    found = world.ask(VectorSample(Rows(table), "v", ("id",), cells=100))
    assert found.vectors.shape == (20, 5)
    assert (found.rows, found.of) == (20, 50)
    assert world.ask(VectorSample(Rows(table), "v", ("id",), cells=4)).rows == 0


def test_no_vector_at_all_has_no_length(world: World) -> None:
    table = world.parquet("SELECT NULL::DOUBLE[] AS v FROM range(5)")
    found = world.ask(VectorSample(Rows(table), "v"))
    assert found.vectors.shape == (0, 0)
    assert found.nulls == 5


@pytest.mark.parametrize("column", ["x", "w", "gone"])
def test_what_is_no_vector_is_refused(world: World, column: str) -> None:
    table = world.parquet("SELECT 1 AS x, ['a'] AS w")
    with pytest.raises(Unmeasurable):
        world.ask(VectorSample(Rows(table), column))


def test_columns_that_cannot_be_read_are_refused(world: World) -> None:
    table = world.parquet("SELECT 1 AS x, ['a'] AS w")
    with pytest.raises(Unmeasurable):
        world.ask(RowSample(Rows(table), ("x", "w")))
    with pytest.raises(Unmeasurable):
        world.ask(RowSample(Rows(table), ("x",), ("gone",)))


def test_text_is_that_of_levels(world: World) -> None:
    table = world.parquet("SELECT i AS id, i / 2 AS x, nullif('n' || (i % 4), 'n3') AS s FROM range(8) t(i)")
    found = world.ask(RowSample(Rows(table), ("id",), ("id",), texts=("s", "x")))
    keys = [int(key) for key in found.numbers["id"]]
    assert found.texts["s"].tolist() == [None if key % 4 == 3 else f"n{key % 4}" for key in keys]
    assert found.texts["x"].tolist() == [str(key // 2) if key % 2 == 0 else str(key / 2) for key in keys]
