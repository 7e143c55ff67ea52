"""Files as tables: columns with kinds, rows in one order, and nothing of ours in sight."""

from pathlib import Path

import pytest

from mlval.domain.asks import Examples, Rows
from mlval.domain.errors import SourceBroken
from mlval.domain.source import FileFormat, TableFiles
from tests.measure.world import World, writer

KINDS = {
    "true": "bool",
    "1::TINYINT": "int",
    "1::UBIGINT": "int",
    "1.5::FLOAT": "float",
    "1.5::DECIMAL(9, 2)": "float",
    "'a'": "string",
    "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID": "string",
    "DATE '2026-01-31'": "date",
    "TIMESTAMP '2026-01-31 12:00:00'": "timestamp",
    "TIMESTAMP_NS '2026-01-31 12:00:00'": "timestamp",
    "TIMESTAMPTZ '2026-01-31 12:00:00+02'": "timestamp",
    "TIME '12:00:00'": "other",
    "'ab'::BLOB": "other",
    "[1, 2]": "other",
    "{x: 1}": "other",
}


@pytest.mark.parametrize("sql", KINDS)
def test_what_a_column_of_parquet_holds(world: World, sql: str) -> None:
    assert world.shape(world.parquet(f"SELECT {sql} AS x")).kind_of("x") == KINDS[sql]


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_rows_stand_in_the_order_of_files_and_lines(world: World, form: str) -> None:
    parts = [range(start, start + 2_000) for start in (4_000, 0, 2_000)]
    if form == "csv":
        table = world.csv(*("x\n" + "\n".join(map(str, part)) for part in parts))
    elif form == "json":
        table = world.json(*("\n".join(f'{{"x": {x}}}' for x in part) for part in parts))
    else:
        table = world.parquet(*(f"SELECT range AS x FROM range({part.start}, {part.stop})" for part in parts))
    assert [int(row[0] or 0) for row in world.cells(table, "x")] == [x for part in parts for x in part]
    assert world.shape(table).names == ("x",)


def test_a_file_without_rows_is_a_table(world: World) -> None:
    shape = world.shape(world.parquet("SELECT 1 AS x WHERE false"))
    assert (shape.names, shape.rows) == (("x",), 0)


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_a_folder_that_looks_like_a_column_is_none(world: World, form: FileFormat) -> None:
    folder = world.folder / f"{form}=1"
    folder.mkdir()
    path = folder / "part"
    path.write_text('{"a": 1}\n' if form == "json" else "a\n1\n", encoding="utf-8")
    if form == "parquet":
        writer().execute(f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT parquet)")
    assert world.shape(world.opened(TableFiles((str(path),), form, header=("a",)))).names == ("a",)


def test_names_in_any_characters(world: World) -> None:
    table = world.parquet("""SELECT 1 AS "a""b", 2 AS "it's", 3 AS "--", 4 AS "ü", 5 AS "level" """)
    assert world.cells(table, 'a"b', "it's", "--", "ü", "level") == (("1", "2", "3", "4", "5"),)


@pytest.mark.parametrize("name", ["file_index", "file_row_number", "FILE_ROW_NUMBER", "filename"])
def test_a_column_of_the_engines_own_name_decides_nothing(world: World, name: str) -> None:
    table = world.parquet(f'SELECT -range AS "{name}", range AS x FROM range(10)')
    assert [row[0] for row in world.cells(table, "x")] == [str(x) for x in range(10)]


@pytest.mark.parametrize("name", ["mlval:row", "MLVAL:ROW", "mlval:label"])
def test_a_column_of_our_own_name_is_refused(world: World, name: str) -> None:
    with pytest.raises(SourceBroken, match="kept for the gate"):
        world.parquet(f'SELECT 9 AS "{name}", 1 AS x')


def test_columns_that_differ_in_case_alone_are_refused(world: World) -> None:
    path = Path(world.file("parquet"))
    # The engine's own writer renames the second; a name of the same length is put in its place.
    writer().execute(f"COPY (SELECT 1 AS a_column, 2 AS b_column) TO '{path}' (FORMAT parquet)")
    with pytest.raises(SourceBroken, match="'a_column' and 'A_column' differ in case only"):
        world.bytes("parquet", path.read_bytes().replace(b"b_column", b"A_column"))
    with pytest.raises(SourceBroken, match="differ in case only"):
        world.json('{"Amount": 1, "amount": 2}\n')
    assert world.shape(world.json('{"x": 1, "x_1": 2, "y_2": 3}\n')).names == ("x", "x_1", "y_2")


def test_files_with_other_columns_are_refused(world: World) -> None:
    for other in ("SELECT 1 AS a", "SELECT 1 AS a, 2 AS b, 3 AS c"):
        with pytest.raises(SourceBroken, match=r"file 2 of 2 has different columns: [bc]"):
            world.parquet("SELECT 1 AS a, 2 AS b", other)


def test_files_may_order_their_columns_as_they_like(world: World) -> None:
    table = world.parquet("SELECT 1 AS a, 2 AS b", "SELECT 4 AS b, 3 AS a")
    assert world.cells(table, "a", "b") == (("1", "2"), ("3", "4"))


def test_a_column_that_differs_between_files_loses_nothing(world: World) -> None:
    assert world.cells(world.parquet("SELECT 2 AS x", "SELECT 3.5 AS x"), "x") == (("2",), ("3.5",))
    mixed = world.parquet("SELECT 2 AS x", "SELECT 'n/a' AS x")
    assert world.shape(mixed).kind_of("x") == "string"
    assert world.cells(mixed, "x") == (("2",), ("n/a",))


def _cut(content: bytes) -> bytes:
    return content[:-20]


def _overwritten(content: bytes) -> bytes:
    return content[:4] + bytes(len(content) - 4)


def _other(content: bytes) -> bytes:
    return b"x,y\n1,2\n" + content[:0]


@pytest.mark.parametrize("damage", [_cut, _overwritten, _other])
def test_a_broken_file_is_said_to_be_broken_without_its_path(world: World, damage: object) -> None:
    assert callable(damage)
    path = Path(world.file("parquet"))
    writer().execute(f"COPY (SELECT range AS x FROM range(1000)) TO '{path}' (FORMAT parquet)")
    with pytest.raises(SourceBroken, match="cannot read it as parquet") as broken:
        world.bytes("parquet", damage(path.read_bytes()))
    assert str(world.folder) not in broken.value.message


def test_a_file_that_is_gone_is_broken(world: World) -> None:
    with pytest.raises(SourceBroken):
        world.opened(TableFiles((str(world.folder / "gone.parquet"),), "parquet"))


def test_names_that_differ_in_case_are_two_tables(world: World) -> None:
    for name, x in (("Twin", 1), ("tWIN", 2)):
        world.csv(f"x\n{x}\n", name=name)
    assert world.ask(Examples(Rows("Twin"), (), ("x",))) == (("1",),)
    assert world.ask(Examples(Rows("tWIN"), (), ("x",))) == (("2",),)
