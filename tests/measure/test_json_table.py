"""JSON lines: what JSON says is a number stays one, what it says is text stays text or becomes a time."""

import pytest

from mlval.domain.errors import SourceBroken
from mlval.domain.predicate import NotOfType
from tests.measure.world import World, lines

KINDS = {
    "whole numbers": (["1", "-2", "18446744073709551616"], "int"),
    "fractions": (["1", "2.5", "1e400"], "float"),
    "truth values": (["true", "false"], "bool"),
    "text": (['"a"', '""'], "string"),
    "numbers in quotes are text": (['"1"', '"2"'], "string"),
    "truth in quotes is text": (['"true"'], "string"),
    "days": (['"2026-01-31"'], "date"),
    "times": (['"2026-01-31T12:00:00"', '"2026-01-31 12:00:00.5"'], "timestamp"),
    "times with a zone": (['"2026-01-31T12:00:00Z"'], "timestamp"),
    "days and times are text": (['"2026-01-31"', '"2026-01-31T12:00:00"'], "string"),
    "a word among days": (['"2026-01-31"', '"n/a"'], "string"),
    "text and numbers": (["1", '"n/a"', "true"], "string"),
    "nulls": (["null", "null"], "string"),
    "nulls among numbers": (["null", "1"], "int"),
    "lists": (["[1, 2]"], "other"),
    "objects": (['{"x": 1}'], "other"),
    "lists and numbers": (["[1]", "2"], "other"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_column_holds_what_all_of_its_values_are(world: World, name: str) -> None:
    values, kind = KINDS[name]
    table = world.json("".join(f'{{"x": {value}, "y": 1}}\n' for value in values))
    assert world.shape(table).kind_of("x") == kind


def test_values_are_read_as_they_stand(world: World) -> None:
    table = world.json('{"a": 0.1, "b": "it\\u0027s", "c": 12345678901234567890}\n{"b": ""}\n')
    assert world.cells(table, "a", "b", "c") == (("0.1", "it's", "12345678901234567890"), (None, "", None))


def test_a_time_is_text_in_the_file_too(world: World) -> None:
    table = world.json('{"at": "2026-01-31", "n": 1}\n')
    assert world.count(table, NotOfType("at", "string")) == 0
    assert world.count(table, NotOfType("at", "timestamp")) == 0
    assert world.count(table, NotOfType("n", "string")) == 1


def test_a_key_that_comes_late_or_in_another_file_is_a_column(world: World) -> None:
    first = lines("{}", ['{"a": 1}'] * 3_000)
    table = world.json(first, '{"b": 2}\n')
    assert world.shape(table).names == ("a", "b")
    assert world.cells(table, "a", "b")[-1] == (None, "2")


def test_many_keys_of_one_kind_are_columns(world: World) -> None:
    table = world.json("".join(f'{{"k{number}": {number}}}\n' for number in range(210)))
    assert len(world.shape(table).names) == 210


BROKEN = {
    "cut short": '{"a": 1}\n{"a":\n',
    "a key twice": '{"a": 1, "a": 2}\n',
    "a list among objects": '{"a": 1}\n[1]\n',
    "no names": "{}\n{}\n",
    "an empty name": '{"": 1}\n',
    "two objects a line": '{"a": 1} {"a": 2}\n',
    "a name of ours": '{"mlval:row": 1, "a": 2}\n',
    "a name that cannot be said": '{"a\\u0000b": 1}\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_is_refused(world: World, name: str) -> None:
    with pytest.raises(SourceBroken):
        world.json(BROKEN[name])
