"""Columns of lists as truth values: which rows, in which order, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import ByColumn, Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.label_sets import LabelSets
from mlval.measure import label_sets
from tests.measure.world import World

Lists = list[list[str] | None]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=3)


def written(label: str) -> str:
    return "'{}'".format(label.replace("'", "''"))


def opened(world: World, truth: Lists, guess: Lists) -> str:
    rows = []
    for number, pair in enumerate(zip(truth, guess, strict=True)):
        lists = ("NULL" if one is None else f"[{', '.join(map(written, one))}]" for one in pair)
        cells = ", ".join(f"{one}::VARCHAR[]" for one in lists)
        rows.append(f"({number}, {cells}, '{'ab'[number % 2]}')")
    return world.parquet(f"SELECT * FROM (VALUES {', '.join(rows)}) AS t(n, y, g, zone)")


@given(st.lists(st.tuples(*[st.lists(TEXT, max_size=4)] * 2), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_text_is_a_label(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[list[str], list[str]]]
) -> None:
    world = World(tmp_path_factory.mktemp("lists"))
    table = opened(world, [truth for truth, _ in rows], [guess for _, guess in rows])
    found = world.ask(LabelSets(Rows(table), ("y", "g"), numbers=("n",)))
    assert found.labels == tuple(sorted({label for pair in rows for one in pair for label in one}))
    for side, table_of in enumerate(found.sides):
        told = [{label for label, has in zip(found.labels, row, strict=True) if has} for row in table_of]
        assert told == [set(pair[side]) for pair in rows]
    assert found.values["n"].tolist() == list(range(len(rows)))


def test_rows_levels_and_numbers_stay_aligned(tmp_path: Path) -> None:
    world = World(tmp_path)
    truth: Lists = [["x"], None, [], ["y", "x"], ["x"]]
    table = opened(world, truth, [["x"]] * 5)
    asked = LabelSets(Rows(table, "n <> 4"), ("y", "g"), (ByColumn("zone"),), ("n",))
    found = world.ask(asked)
    assert found.labels == ("x", "y")
    assert found.sides[0].tolist() == [[True, False], [False, False], [True, True]]
    assert found.values["n"].tolist() == [0, 2, 3]
    assert [found.levels[0][code] for code in found.codes[0]] == ["a", "a", "b"]


def test_many_rows_come_in_their_order(tmp_path: Path) -> None:
    world = World(tmp_path)
    table = world.parquet("SELECT i AS n, [i % 7, i % 3] AS y, [i % 7] AS g FROM range(300000) t(i)")
    found = world.ask(LabelSets(Rows(table), ("y", "g"), numbers=("n",)))
    assert found.labels == tuple("0123456")
    numbers = found.values["n"].astype(int)
    assert (numbers[1:] > numbers[:-1]).all()
    for label in range(7):
        assert (found.sides[0][:, label] == ((numbers % 7 == label) | (numbers % 3 == label))).all()
        assert (found.sides[1][:, label] == (numbers % 7 == label)).all()


BAD = {
    "a missing list": ("SELECT ['a'] AS y, NULL::VARCHAR[] AS g", "1 labelled rows have no predicted labels"),
    "a null label": ("SELECT ['a'] AS y, ['a', NULL] AS g", "a list of labels holds a null"),
    "text": ("SELECT ['a'] AS y, 'a' AS g", "'g' holds no lists of labels"),
    "numbers with a point": ("SELECT ['a'] AS y, [1.5::DOUBLE] AS g", "'g' holds no lists of labels"),
    "lists of lists": ("SELECT ['a'] AS y, [['a']] AS g", "'g' holds no lists of labels"),
    "labels without end": (
        "SELECT [i] AS y, [i] AS g FROM range(1001) t(i)",
        "more than 1,000 different labels",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_are_no_lists_of_labels_is_refused(tmp_path: Path, case: str) -> None:
    world, (query, reason) = World(tmp_path), BAD[case]
    table = world.parquet(query)
    with pytest.raises(Unmeasurable, match=reason):
        world.ask(LabelSets(Rows(table), ("y", "g")))


def test_too_much_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_sets, "MOST_CELLS", 100)
    world = World(tmp_path)
    table = world.parquet("SELECT [i % 5] AS y, [i % 5] AS g FROM range(11) t(i)")
    with pytest.raises(Unmeasurable, match="11 rows of 5 labels are more than fit"):
        world.ask(LabelSets(Rows(table), ("y", "g")))
