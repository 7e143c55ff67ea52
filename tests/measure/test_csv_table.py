"""CSV: the same values as Python's own reader, types by all rows, broken rows counted and never lost."""

import csv
import io
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.errors import SourceBroken
from tests.measure.world import World, lines

ZONED = "TIMESTAMP WITH TIME ZONE"
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
    "a number among words": (["n/a", "1"], "string", "VARCHAR"),
    "dates": (["2026-01-31", "2024-02-29"], "date", "DATE"),
    "no date": (["2026-01-31", "2026-02-30"], "string", "VARCHAR"),
    "an endless date": (["2026-01-31", "-infinity "], "string", "VARCHAR"),
    "eight digits": (["20260131", "20260228"], "int", "BIGINT"),
    "times": (["2026-01-31 12:00:00", "2026-01-31T13:00:00.5"], "timestamp", "TIMESTAMP"),
    "times with a zone": (["2026-01-31T12:00Z", "2026-01-31 12:00:00+02:00"], "timestamp", ZONED),
    "times in UTC": (["2026-01-31 12:00:00 UTC"], "timestamp", ZONED),
    "times with and without a zone": (["2026-01-31T12:00:00Z", "2026-01-31 12:00:00"], "string", "VARCHAR"),
    "times of a place": (["2026-01-31 12:00:00 Europe/Berlin"], "string", "VARCHAR"),
    "dates and times": (["2026-01-31", "2026-01-31 12:00:00"], "string", "VARCHAR"),
}  # fmt: skip


def kind(world: World, *values: str) -> tuple[str, str]:
    """Return what the first of two columns holds, and the engine's own type for it."""
    column = world.shape(world.csv(lines("x,y", [f"{value},1" for value in values]))).columns[0]
    return column.kind, column.stored


@pytest.mark.parametrize("name", KINDS)
def test_a_column_has_the_narrowest_type_of_all_its_values(world: World, name: str) -> None:
    values, *expected = KINDS[name]
    assert kind(world, *values) == tuple(expected)


def test_the_last_of_many_rows_decides_as_the_first_does(world: World) -> None:
    table = world.csv(lines("x,y", [*["1,1"] * 5_000, "n/a,1"]))
    assert world.shape(table).kind_of("x") == "string"
    assert world.cells(table, "x")[-1] == ("n/a",)


def test_a_column_that_begins_late_is_typed_by_what_it_holds(world: World) -> None:
    assert kind(world, *[""] * 3_000, "2026-01-31") == ("date", "DATE")


def test_large_keys_stay_apart(world: World) -> None:
    keys = ["12345678901234567890123", "12345678901234567890124"]
    assert [row[0] for row in world.cells(world.csv(lines("x", keys)), "x")] == keys


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r") | st.sampled_from(',;"\n\t '),
    max_size=6,
)


@settings(max_examples=25)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_values_are_those_that_python_reads(world: World, rows: list[tuple[str, str]], newline: str) -> None:
    # A word keeps both columns text; line ends within quotes are those of the file.
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([("a", "b"), ("-", "-"), *rows])
    text = written.getvalue().replace("\n", newline)
    expected = list(csv.reader(io.StringIO(text, newline="")))[1:]
    found = world.cells(world.csv(text), "a", "b")
    assert [[value or "" for value in row] for row in found] == expected


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters(world: World, delimiter: str) -> None:
    table = world.csv(f"a{delimiter}b\n1,5{delimiter}x\n", delimiter=delimiter)
    assert world.cells(table, "a", "b") == (("1,5", "x"),)


def test_pairs_of_return_and_feed_end_lines(world: World) -> None:
    table = world.csv('a,b\r\n1,"x\r\ny"\r\n2,z\r\n')
    assert world.cells(table, "a", "b") == (("1", "x\r\ny"), ("2", "z"))


def test_no_feed_at_the_end_loses_no_row(world: World) -> None:
    assert world.shape(world.csv("a,b\n1,2\n3,4")).rows == 2


def test_a_header_alone_is_a_table_without_rows(world: World) -> None:
    shape = world.shape(world.csv("a,b\n"))
    assert (shape.names, shape.rows) == (("a", "b"), 0)


BROKEN = {
    "too few fields": ("a,b\n1,2\n3\n", "1 row without exactly 2 fields: line 3"),
    "too many fields": ("a,b\n1,2,3\n4,5\n", "1 row without exactly 2 fields: line 2"),
    "each once": ("a,b\n1\n2,3,4\n5,6\n7\n", "3 rows without exactly 2 fields: line 2, 3, 5"),
    "many": ("a,b\n" + "1\n" * 1200, "1,200 rows without exactly 2 fields: line 2, 3, 4, 5, 6, …"),
    "behind a feed in quotes": ('a,b\n"x\ny",1\n3\n', "1 row without exactly 2 fields: line 4"),
    "an open quote": ('a,b\n1,2\n"3,4\n5,6\n', "cannot be read: line 3"),
    "text behind a quote": ('a,b\n"x"y,2\n', "1 row that cannot be read: line 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rows_are_counted_with_their_lines(world: World, name: str) -> None:
    text, message = BROKEN[name]
    with pytest.raises(SourceBroken) as broken:
        world.csv(text)
    assert message in broken.value.message


def test_bytes_that_are_not_utf_8_are_refused(world: World) -> None:
    with pytest.raises(SourceBroken, match="line 2"):
        world.bytes("csv", b"a,b\n\xff,1\n", ("a", "b"))


def test_the_same_line_of_two_files_counts_twice(world: World) -> None:
    with pytest.raises(SourceBroken, match=r"2 rows .*: line 2 of file 1, 2 of file 2"):
        world.csv("a,b\n1\n", "a,b\n2\n")


def test_a_broken_file_is_not_held_against_the_next(world: World) -> None:
    with pytest.raises(SourceBroken):
        world.csv("a,b\n1\n")
    assert world.shape(world.csv("a,b\n1,2\n")).rows == 1


def test_several_files_stand_one_behind_the_other(world: World) -> None:
    rows = [[f"{file},{row}" for row in range(3_000)] for file in (2, 0, 1)]
    table = world.csv(*(lines("a,b", part) for part in rows))
    assert [",".join(map(str, row)) for row in world.cells(table, "a", "b")] == [*chain(*rows)]


def test_names_in_any_characters(world: World) -> None:
    names = ["it's", "--", "@", "?", "level", "ü ;", "a$1"]
    table = world.csv(lines(",".join(names), ["0,1,2,3,4,5,6"]))
    assert world.shape(table).names == tuple(names)
    assert world.cells(table, *names) == (tuple("0123456"),)


@pytest.mark.parametrize("name", ["mlval:row", "MLVAL:Row", "mlval:label"])
def test_the_gates_own_names_are_refused(world: World, name: str) -> None:
    with pytest.raises(SourceBroken, match="kept for the gate"):
        world.csv(f"a,{name}\n1,2\n")
