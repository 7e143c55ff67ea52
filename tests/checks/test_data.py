"""The data check by hand-made answers: which columns are missed, what is asked, what no rows mean."""

from typing import Any

import pytest

from mlval.checks.data import Data
from mlval.domain.asks import Ask, Count, Distinct, Rows, Shape, TableShape
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.predicate import Below, Holds, NotNull
from tests.checks.world import by_hand, results, shape, told

TRIPS = Dataset(path="t.csv", key="id", target="y", time="at", features=("f",))
INPUTS = Inputs({"t": TRIPS})
SHAPE = shape(10, a="int", b="string")


def run(
    settings: dict[str, Any], of: TableShape = SHAPE, rows: int = 10, **counts: int
) -> list[tuple[str, str, str]]:
    """Return subject, metric and outcome; counts are of rows that break a rule, nothing else breaks."""
    check = Data.read({"type": "data", **settings})
    table = Rows("t", check.where)

    def count(ask: Ask[Any]) -> object:
        assert isinstance(ask, Count | Distinct)
        assert ask.rows == table
        broken = [part for part in ask.of if not isinstance(part, NotNull | Holds)]
        return counts.get(type(broken[0]).__name__, 0) if broken else rows

    return told(results(check, INPUTS, by_hand({Shape("t"): of, Count(table): rows}, count)))


PLAIN = [("t", "required", "passed"), ("a", "min", "passed")]

CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str, str]]]] = {
    "all good": ({"columns": {"a": {"min": 0}}}, PLAIN),
    "a column that is only there": ({"columns": {"a": {}}}, [("t", "required", "passed")]),
    "a missing column": ({"columns": {"c": {"min": 0}}}, [("c", "required", "failed")]),
    "missing columns beside good ones": (
        {"columns": {"c": {"min": 0}, "a": {"min": 0}, "d": {}}},
        [("c", "required", "failed"), ("d", "required", "failed"), ("a", "min", "passed")],
    ),
    "a column that need not be there": (
        {"columns": {"c": {"min": 0, "required": False}, "a": {"min": 0}}},
        [("t", "required", "passed"), ("c", "required", "skipped"), ("a", "min", "passed")],
    ),
    "only a column that need not be there": (
        {"columns": {"c": {"min": 0, "required": False}}},
        [("c", "required", "skipped")],
    ),
    "a column that one set of several needs": (
        {"columns": {"c": ({"min": 0, "required": False}, {"max": 1})}},
        [("c", "required", "failed")],
    ),
    "a column that need not be there and is": (
        {"columns": {"a": {"min": 0, "required": False}}},
        [("a", "min", "passed")],
    ),
    "a column of another case": ({"columns": {"A": {"min": 0}}}, [("A", "required", "failed")]),
    "rules of one column in the order of their names": (
        {"columns": {"a": {"type": "int", "min": 0, "max": 9}}},
        [
            ("t", "required", "passed"),
            ("a", "max", "passed"),
            ("a", "min", "passed"),
            ("a", "type", "passed"),
        ],
    ),
    "rules of the table come first": (
        {"rows": {"min": 5}, "unique": "a", "columns": {"a": {"min": 0}}},
        [
            ("t", "required", "passed"),
            ("t", "rows", "passed"),
            ("a", "unique", "passed"),
            ("a", "min", "passed"),
        ],
    ),
    "roles are names of the contract": ({"extra_columns": "forbid"}, [("t", "extra_columns", "failed")]),
}


@pytest.mark.parametrize("name", CASES)
def test_columns_and_rules(name: str) -> None:
    settings, expected = CASES[name]
    assert run(settings) == expected


def test_columns_of_the_datasets_roles_are_no_extras() -> None:
    of = shape(10, id="int", y="int", at="timestamp", f="float", a="int")
    assert run({"extra_columns": "forbid", "columns": {"a": {}}}, of)[-1] == ("t", "extra_columns", "passed")


@pytest.mark.parametrize(
    "broken, allow, outcome", [(1, 0, "failed"), (1, 1, "passed"), (1, "10%", "passed"), (2, "10%", "failed")]
)
def test_tolerances(broken: int, allow: object, outcome: str) -> None:
    columns = {"a": {"min": 0, "allow": allow}}
    assert run({"columns": columns}, Below=broken)[-1] == ("a", "min", outcome)


NO_ROWS: dict[str, tuple[dict[str, Any], list[tuple[str, str, str]]]] = {
    "rules": ({"columns": {"a": {"min": 0}}}, [("t", "required", "passed"), ("t", "rows", "errored")]),
    "a row count": ({"rows": {"min": 1}}, [("t", "rows", "failed")]),
    "a row count that allows none": ({"rows": {"min": 0}}, [("t", "rows", "errored")]),
    "to be skipped": (
        {"columns": {"a": {"min": 0}}, "if_empty": "skip"},
        [("t", "required", "passed"), ("t", "rows", "skipped")],
    ),
    "to be skipped, and too few": ({"rows": {"min": 1}, "if_empty": "skip"}, [("t", "rows", "failed")]),
    "a missing column": (
        {"columns": {"c": {"min": 0}}, "if_empty": "skip"},
        [("c", "required", "failed"), ("t", "rows", "skipped")],
    ),
    "a tolerance of all": (
        {"columns": {"a": {"nulls": "100%"}}},
        [("t", "required", "passed"), ("t", "rows", "errored")],
    ),
}


@pytest.mark.parametrize("name", NO_ROWS)
def test_no_rows_are_no_pass(name: str) -> None:
    settings, expected = NO_ROWS[name]
    assert run(settings, rows=0) == expected


def test_a_rule_that_cannot_be_asked_leaves_the_others() -> None:
    check = Data.read({"type": "data", "columns": {"a": {"min": "2026-01-31", "nulls": 0}}})
    gone = Failure(Unmeasurable("'a' holds int values"))
    present = NotNull(("a",))

    def count(ask: Ask[Any]) -> object:
        assert isinstance(ask, Count)
        return gone if Below("a", "2026-01-31") in ask.of else 10 if ask.of in {(), (present,)} else 0

    judged = results(check, INPUTS, by_hand({Shape("t"): SHAPE}, count))
    assert told(judged)[1:] == [("a", "min", "errored"), ("a", "nulls", "passed")]
    assert judged[1].reason == "'a' holds int values"
    assert judged[1].measurement.path == ("columns", "a", "min")


def test_rows_that_cannot_be_counted_are_one_error() -> None:
    check = Data.read({"type": "data", "where": "nowhere = 1", "columns": {"a": {"min": 0}}})
    gone = Failure(Unmeasurable("no column 'nowhere'"))
    (only,) = results(check, INPUTS, by_hand({Shape("t"): SHAPE, Count(Rows("t", "nowhere = 1")): gone}))
    assert (only.outcome, only.blocks, only.reason) == (Outcome.ERRORED, True, "no column 'nowhere'")


@pytest.mark.parametrize(
    "inputs, settings, path",
    [
        (Inputs(), {"rows": {"min": 1}}, ("dataset",)),
        (Inputs({"a": TRIPS, "b": TRIPS}), {"rows": {"min": 1}}, ("dataset",)),
        (INPUTS, {"rows": {"min": 1}, "dataset": "u"}, ("dataset",)),
        (INPUTS, {}, ()),
        (INPUTS, {"columns": {}}, ()),
    ],
)
def test_mistakes_are_known_before_anything_is_read(
    inputs: Inputs, settings: dict[str, Any], path: tuple[str, ...]
) -> None:
    ((found, sentence),) = Data.read({"type": "data", **settings}).problems(inputs)
    assert found == path
    assert sentence


def test_no_mistake_is_none() -> None:
    check = Data.read({"type": "data", "rows": {"min": 1}})
    assert check.problems(INPUTS) == ()
    assert check.uses(INPUTS).datasets == ("t",)
