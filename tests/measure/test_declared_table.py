"""Rows of a database: read as what they were declared to be, written as PostgreSQL writes them."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceBroken
from mlval.domain.source import Declared, TableFiles
from mlval.measure.tables import Table, open_table

TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
DECIMALS = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4
)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def copied(rows: Sequence[Sequence[str | None]]) -> str:
    return "".join(
        ",".join(r"\N" if value is None else '"' + value.replace('"', '""') + '"' for value in row) + "\n"
        for row in rows
    )


def opened(
    engine: duckdb.DuckDBPyConnection,
    rows: Sequence[Sequence[str | None]],
    *types: Declared,
    read: str = "",
) -> tuple[Table, list[tuple[Any, ...]]]:
    """Open rows as a table, and return it with its rows in order, or with `read` instead of its columns."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        path.write_text(copied(rows), encoding="utf-8", newline="")
        names = tuple(f"c{place}" for place in range(len(types)))
        engine.execute("DROP TABLE IF EXISTS t")
        table = open_table(engine, "t", TableFiles((str(path),), "rows", header=names, types=types))
        return table, engine.execute(
            f'SELECT {read or ", ".join(names)} FROM t ORDER BY "mlval:row"'
        ).fetchall()


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_every_text_is_itself(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[str | None, str | None]]
) -> None:
    table, read = opened(engine, rows, "text", "text")
    assert read == rows
    assert [column.kind for column in table.shape.columns] == ["string", "string"]


@given(values=st.lists(TEXTS, max_size=6))
def test_one_column_keeps_its_empty_texts_and_nulls(
    engine: duckdb.DuckDBPyConnection, values: list[str | None]
) -> None:
    assert opened(engine, [(value,) for value in values], "text")[1] == [(value,) for value in values]


@given(values=st.lists(DECIMALS, max_size=6))
def test_every_decimal_is_exact(engine: duckdb.DuckDBPyConnection, values: list[Decimal | None]) -> None:
    table, read = opened(engine, [(None if v is None else f"{v:f}",) for v in values], "decimal")
    assert read == [(value,) for value in values]
    assert table.shape.columns[0].kind == "float"


@pytest.mark.parametrize(
    "values, stored",
    [
        ([], "DECIMAL(18,0)"),
        (["1", "2.50"], "DECIMAL(18,2)"),
        (["9" * 18], "DECIMAL(18,0)"),
        (["9" * 19], "DECIMAL(38,0)"),
        ([f"{'9' * 29}.{'9' * 9}"], "DECIMAL(38,9)"),
        (["9" * 39], "DOUBLE"),
        ([f"0.{'1' * 39}"], "DOUBLE"),
        (["1", "NaN"], "DOUBLE"),
        (["1", "-Infinity"], "DOUBLE"),
    ],
)
def test_a_decimal_is_as_wide_as_it_must(
    engine: duckdb.DuckDBPyConnection, values: list[str], stored: str
) -> None:
    table, _ = opened(engine, [(value,) for value in values], "decimal")
    assert table.shape.columns[0].stored == stored


@pytest.mark.parametrize("kind", ["float32", "float64", "decimal"])
def test_what_is_not_finite_is_read(engine: duckdb.DuckDBPyConnection, kind: Declared) -> None:
    _, read = opened(engine, [("NaN",), ("Infinity",), ("-Infinity",), (None,)], kind)
    assert math.isnan(read[0][0])
    assert read[1:] == [(math.inf,), (-math.inf,), (None,)]


@pytest.mark.parametrize(
    "kind, value, stored",
    [
        ("bool", "t", "BOOLEAN"),
        ("int16", "-32768", "SMALLINT"),
        ("int32", "1", "INTEGER"),
        ("int64", "9223372036854775807", "BIGINT"),
        ("text", "007", "VARCHAR"),
        ("date", "2024-02-29", "DATE"),
        ("date", "infinity", "DATE"),
        ("timestamp", "2024-02-29 12:00:00.5", "TIMESTAMP"),
        ("instant", "2024-02-29 12:00:00+00", "TIMESTAMP WITH TIME ZONE"),
        ("other", "{1,2}", "VARCHAR[]"),
    ],
)
def test_a_column_is_what_it_was_declared(
    engine: duckdb.DuckDBPyConnection, kind: Declared, value: str, stored: str
) -> None:
    # Handing over a time with a zone takes a library that the gate does not need.
    table, _ = opened(engine, [(value,), (None,)], kind, read="NULL")
    assert (table.shape.columns[0].stored, table.shape.rows) == (stored, 2)
    assert not table.written


@pytest.mark.parametrize(
    "kind, value",
    [
        ("date", "hunter2"),
        ("int32", "hunter2"),
        ("bool", "maybe"),
        ("int16", "99999"),
        ("timestamp", "294276-12-31 00:00:00"),
    ],
)
def test_what_cannot_be_read_is_no_null(
    engine: duckdb.DuckDBPyConnection, kind: Declared, value: str
) -> None:
    with pytest.raises(SourceBroken) as broken:
        opened(engine, [(value,)], kind)
    assert value not in broken.value.message


@pytest.mark.parametrize(
    "kind, value, read",
    [
        ("date", "0044-03-15 BC", "0044-03-15 (BC)"),
        ("timestamp", "0044-03-15 12:00:00.5 BC", "0044-03-15 (BC) 12:00:00.5"),
        ("instant", "0044-03-15 12:00:00+00 BC", "0044-03-15 (BC) 12:00:00+00"),
        ("timestamp", "10000-01-01 00:00:00", "10000-01-01 00:00:00"),
        ("timestamp", "-infinity", "-infinity"),
    ],
)
def test_far_times_are_themselves(
    engine: duckdb.DuckDBPyConnection, kind: Declared, value: str, read: str
) -> None:
    opened(engine, [(value,)], kind, read="NULL")
    assert engine.execute("SELECT c0::VARCHAR FROM t").fetchall() == [(read,)]


def test_ragged_rows_are_no_table(engine: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SourceBroken):
        opened(engine, [("1", "2"), ("1",)], "text", "text")
