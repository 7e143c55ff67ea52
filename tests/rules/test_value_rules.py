"""Rules about the set of values, against counts in Python."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.asks import Ask, Column, Count, Rows, TableShape, Top
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.rule import Setting
from mlval.domain.verdict import Result
from mlval.rules.balance import MOST_CLASSES, Balance
from tests.by_hand import answered
from tests.checks.world import results
from tests.measure.world import World, lines, writer

words = st.sampled_from(["a", "b", "A", "é", "a ", "true", "1"])
columns = st.lists(st.none() | words, min_size=1, max_size=12)
lists = st.lists(words, min_size=1, max_size=4, unique=True).map(tuple)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def judged(world: World, table: str, rules: dict[str, Any]) -> tuple[Result, ...]:
    check = Data.read({"type": "data", "dataset": table, "columns": {"x": rules}})
    found = results(check, Inputs({table: Dataset(path="t.csv")}), world.engine.answer)
    return tuple(one for one in found if one.measurement.metric != "required")


def verdicts(world: World, values: list[Any], rules: dict[str, Any]) -> list[str]:
    """Judge a column of text, or of numbers, in a CSV."""
    text = lines("x,y", [f"{'' if value is None else value},1" for value in values])
    return [one.outcome.value for one in judged(world, world.csv(text), rules)]


def both(world: World, values: list[str | None], rules: dict[str, Any]) -> tuple[Result, ...]:
    """Judge a column of text in CSV and in Parquet, and return the one result that both give."""
    text = lines("x,y", [f"{'' if value is None else value},1" for value in [*values, "text"]])
    writer().execute("CREATE OR REPLACE TABLE made (x VARCHAR, y INTEGER)")
    writer().executemany("INSERT INTO made VALUES (?, 1)", [(value,) for value in [*values, "text"]])
    own = {**rules, "where": "x <> 'text'"}
    from_csv, from_parquet = (
        judged(world, table, own) for table in (world.csv(text), world.parquet("FROM made"))
    )
    assert [(one.outcome, one.measurement.value, one.measurement.of) for one in from_csv] == [
        (one.outcome, one.measurement.value, one.measurement.of) for one in from_parquet
    ]
    return from_parquet


@given(values=columns, low=st.integers(0, 5))
@settings(deadline=None, max_examples=25)
def test_different_values_are_counted(world: World, values: list[str | None], low: int) -> None:
    there = [value for value in values if value is not None]
    (found,) = both(world, values, {"distinct": {"min": low}})
    if not there:
        assert found.outcome == "errored"
        return
    assert (found.measurement.value, found.measurement.of) == (len(set(there)), len(there))
    assert found.outcome == ("passed" if len(set(there)) >= low else "failed")
    (shared,) = both(world, values, {"distinct": {"min": "50%"}})
    assert shared.outcome == ("passed" if 2 * len(set(there)) >= len(there) else "failed")


@given(values=columns)
@settings(deadline=None, max_examples=25)
def test_a_constant_column_has_one_value_or_one_that_is_too_common(
    world: World, values: list[str | None]
) -> None:
    counts = Counter(value for value in values if value is not None)
    (found,) = both(world, values, {"constant": "forbid"})
    (shared,) = both(world, values, {"constant": {"max_share": "60%"}})
    if not counts:
        assert (found.outcome, shared.outcome) == ("errored", "errored")
        return
    assert found.outcome == ("failed" if len(counts) == 1 else "passed")
    most, of = max(counts.values()), counts.total()
    assert (shared.measurement.n, shared.measurement.of) == (most, of)
    assert shared.outcome == ("passed" if most * 10 <= of * 6 else "failed")


@given(values=columns, listed=lists)
@settings(deadline=None, max_examples=20)
def test_the_most_common_values_are_listed(
    world: World, values: list[str | None], listed: tuple[str, ...]
) -> None:
    counts = Counter(value for value in values if value is not None)
    winners = {value for value, count in counts.items() if count == max(counts.values())}
    plain, every, some = (
        both(world, values, {"most_common": rule})[0].outcome
        for rule in (listed, {"in": listed, "ties": "all"}, {"in": listed, "ties": "any"})
    )
    if not counts:
        assert {plain, every, some} == {"errored"}
        return
    assert plain == every == ("passed" if winners <= set(listed) else "failed")
    assert some == ("passed" if winners & set(listed) else "failed")


@given(values=columns, listed=lists)
@settings(deadline=None, max_examples=25)
def test_every_listed_value_occurs(world: World, values: list[str | None], listed: tuple[str, ...]) -> None:
    (found,) = both(world, values, {"includes": listed})
    if not any(value is not None for value in values):
        assert found.outcome == "errored"
        return
    absent = tuple(value for value in listed if value not in values)
    assert found.measurement.details["absent"] == absent
    assert found.outcome == ("failed" if absent else "passed")


@given(values=columns)
@settings(deadline=None, max_examples=25)
def test_no_class_is_too_small(world: World, values: list[str | None]) -> None:
    counts = Counter(value for value in values if value is not None)
    (found,) = both(world, values, {"balance": {"min": "25%"}})
    if not counts:
        assert found.outcome == "errored"
        return
    smallest = min(counts.values()) if len(counts) > 1 else 0
    assert (found.measurement.n, found.measurement.of) == (smallest, counts.total())
    assert found.outcome == ("passed" if 4 * smallest >= counts.total() else "failed")


def test_named_classes_have_bounds_of_their_own(world: World) -> None:
    rule = {"balance": {"fraud": ("0.5%", "30%"), "none": {"min": "50%"}, "min": {"max": "1%"}}}
    table = world.csv(lines("x,y", ["fraud,1", "fraud,1", "fine,1", ",1"]))
    found = judged(world, table, rule)
    told = [(one.measurement.path[2:], one.measurement.n, one.outcome.value) for one in found]
    assert told == [
        (("balance", "fraud"), 2, "failed"),
        (("balance", "none"), 0, "failed"),
        (("balance", "min"), 0, "passed"),
    ]
    assert {one.measurement.of for one in found} == {3}


def test_classes_of_numbers_and_truth_are_compared_as_text(world: World) -> None:
    assert verdicts(world, [1, 1, 0, 0], {"balance": {"0": ("50%", "50%"), "1": ("50%", None)}}) == [
        "passed",
        "passed",
    ]
    assert verdicts(world, ["1.0", "2.5"], {"balance": {"1": ("50%", "50%")}}) == ["passed"]
    assert verdicts(world, ["true", "false"], {"balance": {"true": ("50%", "50%")}}) == ["passed"]


def test_values_are_compared_as_what_they_are(world: World) -> None:
    assert verdicts(world, ["1.0", "1", "2.5"], {"most_common": (1,)}) == ["passed"]
    assert verdicts(world, ["2026-01-31", "2026-01-30"], {"includes": ("2026-01-31",)}) == ["passed"]
    assert verdicts(world, ["1", "2"], {"includes": ("one",)}) == ["errored"]
    assert verdicts(world, ["1", "2"], {"includes": (1.5,)}) == ["failed"]
    assert verdicts(world, ["nan", "nan", "1"], {"most_common": (1,)}) == ["failed"]
    assert verdicts(world, ["nan", "nan"], {"constant": "forbid"}) == ["failed"]


def test_what_stands_for_a_missing_value_is_none(world: World) -> None:
    values = ["n/a", "n/a", "n/a", "a", "b"]
    rules: dict[str, Any] = {
        "distinct": {"max": 2},
        "most_common": ("a", "b"),
        "includes": ("a",),
        "constant": {"max_share": "50%"},
        "balance": {"min": "50%"},
    }
    assert verdicts(world, values, {**rules, "missing": ("n/a",)}) == ["passed"] * 5
    assert verdicts(world, values, {**rules, "includes": ("n/a",), "missing": ("n/a",)}).count("failed") == 1
    assert "passed" not in verdicts(world, ["n/a", ""], {**rules, "missing": ("n/a",)})


def test_an_identifier_has_no_balance() -> None:
    column = Column("x", "int", "BIGINT")
    rows = Rows("t")
    setting = Setting(rows=rows, shape=TableShape((column,), 20_000), dataset="t", column=column)
    counted = tuple((str(n), 1) for n in range(MOST_CLASSES + 1))
    present = setting.present
    answers: dict[Ask[Any], Any] = {
        Count(rows, present): 20_000,
        Top(rows, "x", present, limit=MOST_CLASSES): counted,
    }
    with pytest.raises(Unmeasurable, match="more than 10,000 different values"):
        answered(Balance.model_validate({"min": "5%"}).steps(setting), answers)


def test_shares_and_counts_have_their_limits(world: World) -> None:
    table = world.csv(lines("x,y", ["a,1", "a,1", "b,1"]))
    (share,) = judged(world, table, {"distinct": {"min": "90%"}})
    assert (share.measurement.value, share.measurement.limit) == (0.666666667, Bound(min=0.9, unit="share"))
    (count,) = judged(world, table, {"distinct": (2, 50)})
    assert (count.measurement.value, count.measurement.limit) == (2, Bound(min=2, max=50))


REFUSED: list[dict[str, Any]] = [
    {"distinct": 3},
    {"distinct": {"min": 0.9}},
    {"distinct": {"min": 2, "max": "90%"}},
    {"constant": True},
    {"constant": "allow"},
    {"constant": {"max_share": "100%"}},
    {"constant": {"max_share": 0}},
    {"most_common": ()},
    {"most_common": "a"},
    {"most_common": {"in": ("a",), "ties": "some"}},
    {"most_common": {"ties": "any"}},
    {"includes": ()},
    {"includes": (None,)},
    {"balance": {}},
    {"balance": {"min": 0}},
    {"balance": {"min": "60%"}},
    {"balance": "5%"},
    {"balance": {"fraud": 0.05}},
    {"balance": {"fraud": {"min": 0.05}}},
    {"balance": {"fraud": (1, 3)}},
]


@pytest.mark.parametrize("rules", REFUSED, ids=str)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "columns": {"x": rules}})


def test_a_bare_fraction_is_refused_with_both_spellings() -> None:
    with pytest.raises(ValidationError, match=r"write 90% or a whole number"):
        Data.read({"type": "data", "columns": {"x": {"distinct": {"min": 0.9}}}})
