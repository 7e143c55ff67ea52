"""CSV: the same values as Python's own reader, types by all rows, broken rows counted and never lost."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import Examples, Rows, Shape
from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from tests.measure.world import World


def column(world: World, *values: str) -> tuple[str, str]:
    """Return the kind of a column and the engine's own type for it."""
    world.csv("t", "".join(f"{line}\n" for line in ("x,y", *(f"{value},1" for value in values))))
    found = world.ask(Shape("t")).columns[0]
    return found.kind, found.stored


def cells(world: World, *columns: str) -> tuple[tuple[str | None, ...], ...]:
    return world.ask(Examples(Rows("t"), (), columns, limit=10_000))


KINDS = {
    "whole numbers": (["1", "-2", "0"], "int", "BIGINT"),
    "whole numbers beyond 64 bits": (["18446744073709551616", "1"], "int", "HUGEINT"),
    "leading zeros are codes": (["007", "12"], "string", "VARCHAR"),
    "leading zeros behind a sign": (["-007", "1"], "string", "VARCHAR"),
    "leading zeros behind a space": ([" 007", "1"], "string", "VARCHAR"),
    "zero and a fraction": (["0.5", "-0.25", "0"], "float", "DOUBLE"),
    "underscores are codes": (["1_000", "2"], "string", "VARCHAR"),
    "codes that became floats": (["1.0", "2.0", "7"], "float", "DOUBLE"),
    "an exponent": (["1e5", "2"], "float", "DOUBLE"),
    "a plus": (["+5", "2"], "float", "DOUBLE"),
    "padding": ([" 5", "6 "], "float", "DOUBLE"),
    "NaN and infinities": (["NaN", "inf", "-Infinity", "1"], "float", "DOUBLE"),
    "thousands": (['"1,000"', "2"], "string", "VARCHAR"),
    "hexadecimal": (["0x10", "2"], "string", "VARCHAR"),
    "truth values": (["true", "FALSE", "True"], "bool", "BOOLEAN"),
    "truth values and numbers": (["true", "0"], "string", "VARCHAR"),
    "nulls among numbers": (["", "1", '""'], "int", "BIGINT"),
    "nothing but nulls": (["", ""], "string", "VARCHAR"),
    "a word among numbers": (["1", "n/a"], "string", "VARCHAR"),
    "dates": (["2026-01-31", "2024-02-29"], "date", "DATE"),
    "no date": (["2026-01-31", "2026-02-30"], "string", "VARCHAR"),
    "an endless date": (["2026-01-31", "-infinity "], "string", "VARCHAR"),
    "eight digits": (["20260131", "20260228"], "int", "BIGINT"),
    "times": (["2026-01-31 12:00:00", "2026-01-31T13:00:00.5"], "timestamp", "TIMESTAMP"),
    "times with a zone": (["2026-01-31T12:00:00Z", "2026-01-31 12:00:00+02:00"], "timestamp", "TIMESTAMP WITH TIME ZONE"),
    "times in UTC": (["2026-01-31 12:00:00 UTC"], "timestamp", "TIMESTAMP WITH TIME ZONE"),
    "times with and without a zone": (["2026-01-31T12:00:00Z", "2026-01-31 12:00:00"], "string", "VARCHAR"),
    "times of a place": (["2026-01-31 12:00:00 Europe/Berlin"], "string", "VARCHAR"),
    "dates and times": (["2026-01-31", "2026-01-31 12:00:00"], "string", "VARCHAR"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_column_has_the_narrowest_type_of_all_its_values(world: World, name: str) -> None:
    values, kind, stored = KINDS[name]
    assert column(world, *values) == (kind, stored)


def test_the_last_of_many_rows_decides_as_the_first_does(world: World) -> None:
    assert column(world, *["1"] * 5_000, "x") == ("string", "VARCHAR")
    assert cells(world, "x")[0] == ("1",)


def test_a_column_that_begins_late_is_typed_by_what_it_holds(tmp_path: Path) -> None:
    assert column(World(tmp_path), *[""] * 3_000, "2026-01-31") == ("date", "DATE")


def test_large_keys_stay_apart(world: World) -> None:
    keys = ["12345678901234567890123", "12345678901234567890124"]
    world.csv("t", "x,y\n" + "".join(f"{key},1\n" for key in keys))
    assert [row[0] for row in cells(world, "x")] == keys


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r") | st.sampled_from(',;"\n\t '),
    max_size=6,
)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_values_are_those_that_python_reads(rows: list[tuple[str, str]], newline: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=newline).writerows([("a", "b"), *rows])
    text = written.getvalue() if newline == "\n" else written.getvalue().replace("\r\n", "\n").replace("\n", newline)
    expected = list(csv.reader(io.StringIO(text, newline="")))[1:]
    with TemporaryDirectory() as folder:
        world = World(Path(folder), threads=1)
        # A word in front keeps every column text; an empty field would be null.
        world.csv("t", text.replace(f"a,b{newline}", f"a,b{newline}-,-{newline}", 1))
        found = cells(world, "a", "b")[1:]
    assert [[value or "" for value in row] for row in found] == expected


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters(world: World, delimiter: str) -> None:
    world.csv("t", f"a{delimiter}b\n1,5{delimiter}x\n", delimiter=delimiter)
    assert cells(world, "a", "b") == (("1,5", "x"),)


def test_pairs_of_return_and_feed_end_lines(world: World) -> None:
    assert world.csv("t", 'a,b\r\n1,"x\r\ny"\r\n2,z\r\n') == 2
    assert cells(world, "a", "b") == (("1", "x\r\ny"), ("2", "z"))


def test_no_feed_at_the_end_loses_no_row(world: World) -> None:
    assert world.csv("t", "a,b\n1,2\n3,4") == 2


def test_a_header_alone_is_a_table_without_rows(world: World) -> None:
    assert world.csv("t", "a,b\n") == 0
    assert world.ask(Shape("t")).names == ("a", "b")


BROKEN = {
    "too few fields": ("a,b\n1,2\n3\n", "1 row without exactly 2 fields: line 3"),
    "too many fields": ("a,b\n1,2,3\n4,5\n", "1 row without exactly 2 fields: line 2"),
    "each once": ("a,b\n1\n2,3,4\n5,6\n7\n", "3 rows without exactly 2 fields: line 2, 3, 5"),
    "many": ("a,b\n" + "1\n" * 1200, "1,200 rows without exactly 2 fields: line 2, 3, 4, 5, 6, …"),
    "an open quote": ('a,b\n1,2\n"3,4\n5,6\n', "cannot be read: line 3"),
    "text behind a quote": ('a,b\n"x"y,2\n', "1 row that cannot be read: line 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rows_are_counted_with_their_lines(world: World, name: str) -> None:
    text, message = BROKEN[name]
    with pytest.raises(SourceBroken) as broken:
        world.csv("t", text)
    assert message in broken.value.message


def test_bytes_that_are_not_utf_8_are_refused(world: World) -> None:
    world.csv("t", "a,b\n1,2\n")
    (world.folder / "u0.csv").write_bytes(b"a,b\n\xff,1\n")
    with pytest.raises(SourceBroken, match="UTF-8|cannot be read"):
        world.engine.open("u", _files(world, "u0.csv"))


def test_the_same_line_of_two_files_counts_twice(world: World) -> None:
    with pytest.raises(SourceBroken, match="2 rows"):
        world.csv("t", "a,b\n1\n", "a,b\n2\n")


def test_a_broken_file_is_not_held_against_the_next(world: World) -> None:
    with pytest.raises(SourceBroken):
        world.csv("t", "a,b\n1\n")
    assert world.csv("u", "a,b\n1,2\n") == 1


def test_several_files_stand_one_behind_the_other(world: World) -> None:
    texts = ["a,b\n" + "".join(f"{file},{row}\n" for row in range(3_000)) for file in (2, 0, 1)]
    assert world.csv("t", *texts) == 9_000
    expected = [(str(file), str(row)) for file in (2, 0, 1) for row in range(3_000)]
    assert list(cells(world, "a", "b")) == expected


def test_names_in_any_characters(world: World) -> None:
    names = ["it's", "--", "@", "?", "level", "ü ;", "a$1"]
    world.csv("t", ",".join(names) + "\n" + ",".join("0123456") + "\n")
    assert world.ask(Shape("t")).names == tuple(names)
    assert cells(world, *names) == (tuple("0123456"),)


def _files(world: World, name: str) -> TableFiles:
    return TableFiles((str(world.folder / name),), "csv", header=("a", "b"))
