"""The drift check by hand-made answers: roles, what is compared with what, and when nothing can be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.drift import Drift
from mlval.domain.asks import Ask, Binned, Bins, Count, Edges, Kind, LevelCounts, Levels, Shape
from mlval.domain.bound import TwoKeys
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from tests.checks.world import by_hand, results, shape, told

TABLE = Dataset(path="t.csv")
INPUTS = Inputs({"reference": TABLE, "today": TABLE})
Counts = Mapping[Any, int]
NO_LEVELS: Counts = {}
NO_BINS = Binned((), 0, 0)


@dataclass(frozen=True)
class Sample:
    """One column of one table: levels, or counts on edges; a kind of None is no column."""

    kind: Kind | None = "string"
    levels: Counts = field(default_factory=dict)
    edges: tuple[float, ...] = ()
    bins: Binned = NO_BINS

    @property
    def rows(self) -> int:
        return sum(self.levels.values()) or sum(self.bins.counts) + self.bins.nulls + self.bins.nans

    @property
    def nulls(self) -> int:
        return self.levels.get(None, 0) + self.bins.nulls


def levels(counts: Counts, kind: Kind = "string") -> Sample:
    return Sample(kind, counts)


def numbers(*counts: int, nulls: int = 0, nans: int = 0, kind: Kind = "float") -> Sample:
    """Return a sample on edges 0.5, 1.5, … with as many bins as counts."""
    edges = tuple(number + 0.5 for number in range(len(counts) - 1))
    return Sample(kind, edges=edges, bins=Binned(counts, nulls, nans))


def few(counts: Counts, kind: Kind = "int") -> Sample:
    """Return a column of few whole numbers, which are its levels."""
    known = sorted(float(level) for level in counts if level is not None)
    return Sample(kind, counts, edges=(known[0] - 1e-9, *known) if known else ())


def answer(before: Mapping[str, Sample], after: Mapping[str, Sample]) -> Any:  # noqa: ANN401 - an answering function
    tables = {"reference": before, "today": after}

    def one(ask: Ask[Any]) -> object:
        if isinstance(ask, Shape):
            kinds = {name: sample.kind for name, sample in tables[ask.table].items() if sample.kind}
            return shape(next(iter(tables[ask.table].values())).rows, **kinds)
        assert isinstance(ask, Count | Edges | Bins | Levels)
        columns = tables[ask.rows.table]
        if isinstance(ask, Count):
            named = ask.of[0].columns[0] if ask.of else ""  # type: ignore[union-attr] # NotNull is asked
            sample = columns.get(named, next(iter(columns.values())))
            return sample.rows - (sample.nulls if ask.of else 0)
        sample = columns[ask.column]
        if isinstance(ask, Edges):
            return sample.edges
        if isinstance(ask, Bins):
            edges = before[ask.column].edges or after[ask.column].edges
            if ask.edges == edges:
                return sample.bins
            # Of floats infinities are counted apart: there are none.
            assert ask.edges[1:-1] == edges
            return replace(sample.bins, counts=(0, *sample.bins.counts, 0))
        many = len(sample.levels) > ask.limit
        return (
            Failure(Unmeasurable("more than 10,000 different values")) if many else LevelCounts(sample.levels)
        )

    return by_hand({}, one)


def compare(before: Sample, after: Sample, **settings: Any) -> tuple[Result, ...]:  # noqa: ANN401
    check = Drift.model_validate({"type": "drift", **settings})
    return results(check, INPUTS, answer({"x": before}, {"x": after}))


AB = {"a": 500, "b": 500}
FLAT = (100,) * 30
MOVED = (0,) * 15 + (200,) * 15
P, F, U, E = "passed", "failed", "inconclusive", "errored"

CASES: dict[str, tuple[Sample, Sample, list[tuple[str, str]]]] = {
    "the same levels": (levels(AB), levels(AB), [("drift", P)]),
    "levels that moved": (levels(AB), levels({"a": 200, "b": 800}), [("drift", F)]),
    "a change too small to matter": (
        levels({"a": 50_000, "b": 50_000}),
        levels({"a": 48_000, "b": 52_000}),
        [("drift", P)],
    ),
    "too few rows": (levels({"a": 5, "b": 5}), levels({"a": 5, "b": 5}), [("drift", U)]),
    "an unseen level": (levels(AB), levels({**AB, "c": 1000}), [("drift", F)]),
    "a level that vanished": (levels({**AB, "c": 1000}), levels(AB), [("drift", F)]),
    "nulls that came": (levels(AB), levels({"a": 250, "b": 250, None: 500}), [("drift", F)]),
    "all nulls at once": (levels(AB), levels({None: 1000}), [("drift", F)]),
    "nulls that went": (levels({None: 1000}), levels(AB), [("drift", F)]),
    "nothing but nulls on both sides": (levels({None: 1000}), levels({None: 1000}), [("drift", E)]),
    "a constant": (levels({"a": 1000}), levels({"a": 1000}), [("drift", P)]),
    "another constant": (levels({"a": 1000}), levels({"b": 1000}), [("drift", F)]),
    "truth values": (
        levels({"true": 500, "false": 500}, "bool"),
        levels({"true": 1000}, "bool"),
        [("drift", F)],
    ),
    "the same numbers": (numbers(*FLAT), numbers(*FLAT), [("drift", P)]),
    "numbers that moved": (numbers(*FLAT), numbers(*MOVED), [("drift", F)]),
    "too few numbers": (numbers(1, 1, 1), numbers(1, 1, 1), [("drift", U)]),
    "numbers and nulls": (
        numbers(*FLAT, nulls=100),
        numbers(*FLAT, nulls=100),
        [("drift", P), ("null_share", P)],
    ),
    "numbers that became null": (
        numbers(*FLAT),
        numbers(*FLAT, nulls=3000),
        [("drift", P), ("null_share", F)],
    ),
    "numbers that became NaN": (numbers(*FLAT), numbers(*FLAT, nans=3000), [("drift", P), ("null_share", F)]),
    "numbers that are all gone": (numbers(*FLAT), numbers(*(0,) * 30, nulls=3000), [("null_share", F)]),
    "numbers that never were": (numbers(*FLAT), levels({None: 3000}), [("null_share", F)]),
    "numbers where text was null": (levels({None: 3000}), numbers(*FLAT), [("null_share", F)]),
    "a column that is gone": (levels(AB), Sample(None, AB), [("drift", E)]),
    "a column that is new": (Sample(None, AB), levels(AB), [("drift", E)]),
    "text that became numbers": (levels(AB), numbers(*FLAT), [("drift", E)]),
    "numbers that became text": (numbers(*FLAT), levels(AB), [("drift", E)]),
    "truth that became text": (levels(AB, "bool"), levels(AB), [("drift", P)]),
    "whole numbers that became floats": (numbers(*FLAT, kind="int"), numbers(*FLAT), [("drift", P)]),
    "days that became times": (numbers(*FLAT, kind="date"), numbers(*FLAT, kind="timestamp"), [("drift", P)]),
    "an identifier": (levels(AB), levels(dict.fromkeys(map(str, range(10_001)), 1)), [("drift", E)]),
    "few whole numbers": (few({"1": 500, "2": 500}), few({"1": 100, "2": 900}), [("drift", F)]),
    "few whole floats": (
        few({"1": 500, "2": 500}, "float"),
        few({"1": 500, "2": 500}, "float"),
        [("drift", P)],
    ),
    "numbers that were all null": (few({None: 1000}), few({"1": 500, "2": 500}), [("drift", F)]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_compared_with_what(name: str) -> None:
    before, after, expected = CASES[name]
    judged = compare(before, after, columns=("x",))
    assert [(metric, outcome) for _, metric, outcome in told(judged)] == expected, [
        one.reason for one in judged
    ]


@pytest.mark.parametrize("values, method", [(20, "total_variation"), (21, "ks")])
def test_up_to_twenty_whole_numbers_are_levels(values: int, method: str) -> None:
    counts = {str(value): 100 for value in range(values)}
    sample = replace(few(counts), bins=Binned((0, *(100,) * values, 0), 0, 0))
    (found,) = compare(sample, sample)
    assert found.measurement.details["method"] == method


@pytest.mark.parametrize(
    "sample, method, outcome",
    [
        (levels(AB), "ks", E),
        (levels(AB), "ks_test", E),
        (levels(AB), "chi2_test", P),
        (levels(AB), "mean_shift", E),
        (numbers(*FLAT), "chi2", P),
    ],
)
def test_a_method_that_does_not_fit_is_an_error(sample: Sample, method: str, outcome: str) -> None:
    (found,) = compare(sample, sample, columns="x", method=method)
    assert found.outcome == outcome


@pytest.mark.parametrize(
    "settings, limit",
    [
        ({}, TwoKeys(0.08, 0.02, "medium")),
        ({"effect": "small"}, TwoKeys(0.04, 0.02, "small")),
        ({"effect": "large", "threshold": 0.05}, TwoKeys(0.20, 0.05, "large")),
        ({"effect": "12%"}, TwoKeys(0.12, 0.02, "")),
        ({"effect": 0.5}, TwoKeys(0.5, 0.02, "")),
    ],
)
def test_limits(settings: dict[str, Any], limit: TwoKeys) -> None:
    (found,) = compare(levels(AB), levels(AB), **settings)
    assert found.measurement.limit == limit


def test_the_limit_decides_how_large_matters() -> None:
    after = levels({"a": 44_000, "b": 56_000})
    before = levels({"a": 50_000, "b": 50_000})
    outcomes = [compare(before, after, effect=effect)[0].outcome for effect in ("5%", "6.5%")]
    assert outcomes == [Outcome.FAILED, Outcome.PASSED]


def test_values_are_those_of_the_formulas() -> None:
    (found,) = compare(levels(AB), levels({"a": 400, "b": 600}))
    one = found.measurement
    assert (one.value, one.n) == (0.1, 1000)
    assert one.effect == pytest.approx(0.0984, abs=1e-4)
    assert one.p_value == pytest.approx(7.1e-6, rel=0.02)


def test_the_more_columns_the_less_is_seen() -> None:
    def detectable(columns: int) -> float:
        table = {f"x{number}": levels(AB) for number in range(columns)}
        judged = results(Drift.model_validate({"type": "drift"}), INPUTS, answer(table, table))
        assert len(judged) == columns
        return judged[0].measurement.detectable or 0

    assert 0 < detectable(1) < detectable(20)


def test_a_column_that_cannot_be_told_leaves_the_others_and_counts_among_them() -> None:
    before = {"x": levels(AB), "y": levels(AB)}
    judged = results(
        Drift.model_validate({"type": "drift"}),
        INPUTS,
        answer(before, {"x": levels(AB), "y": numbers(*FLAT)}),
    )
    assert told(judged) == [("x", "drift", P), ("y", "drift", E)]
    alone = compare(levels(AB), levels(AB))
    assert (judged[0].measurement.detectable or 0) > (alone[0].measurement.detectable or 0)


@pytest.mark.parametrize("empty", ["reference", "today"])
@pytest.mark.parametrize("if_empty, outcome", [("error", "errored"), ("skip", "skipped")])
def test_no_rows_on_a_side_are_no_pass(empty: str, if_empty: str, outcome: str) -> None:
    sides = {name: levels(NO_LEVELS if name == empty else AB) for name in ("reference", "today")}
    judged = compare(sides["reference"], sides["today"], if_empty=if_empty)
    assert told(judged) == [(empty, "rows", outcome)]


def columns_of(dataset: Dataset, **settings: Any) -> list[str]:  # noqa: ANN401
    table = {
        "id": levels(AB),
        "x": levels(AB),
        "day": numbers(*FLAT, kind="date"),
        "at": numbers(*FLAT, kind="timestamp"),
        "y": levels(AB),
    }
    check = Drift.model_validate({"type": "drift", **settings})
    inputs = Inputs({"reference": dataset, "today": TABLE})
    return [one.measurement.subject for one in results(check, inputs, answer(table, table))]


def test_which_columns_are_compared() -> None:
    named = Dataset(path="t.csv", key="id", time="at")
    assert columns_of(TABLE) == ["id", "x", "y"]
    assert columns_of(named) == ["x", "y"]
    assert columns_of(Dataset(path="t.csv", features=("y", "x"))) == ["y", "x"]
    assert columns_of(named, columns=("day", "id", "day")) == ["day", "id"]
    for spelling in ("columns", "features", "feature"):
        assert columns_of(named, **{spelling: "x"}) == ["x"]


@pytest.mark.parametrize(
    "settings",
    [
        {"columns": ("x",), "feature": "x"},
        {"effect": "huge"},
        {"effect": 8},
        {"effect": "101%"},
        {"threshold": 0},
        {"threshold": 0.5},
        {"threshold": float("nan")},
        {"method": "psy"},
        {"method": "js_divergence"},
        {"method": "ks", "threshold": 1.0},
        {"method": "psi", "threshold": float("inf")},
        {"method": "psi", "threshold": 0.0},
        {"method": "ks_test", "threshold": 0.5},
        {"max_drifted": 0.5},
        {"weights": {"x": -1.0}},
        {"weights": {"x": float("nan")}},
        {"per_slice": {"min_rows": 0}},
        {"method": ("ks",)},
        {"columns": 5},
    ],
    ids=str,
)
def test_what_is_no_drift_check_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Drift.model_validate({"type": "drift", **settings})


ROLES: list[tuple[tuple[str, ...], dict[str, Any], tuple[str, str] | None]] = [
    (("reference", "today"), {}, ("reference", "today")),
    (("reference", "current", "holdout"), {}, ("reference", "current")),
    (("reference", "a", "b"), {"current": "b"}, ("reference", "b")),
    (("a", "b"), {"reference": "a"}, ("a", "b")),
    (("a", "b"), {"reference": "b", "current": "a"}, ("b", "a")),
    (("reference", "a", "b"), {}, None),
    (("a", "b"), {}, None),
    (("reference",), {}, None),
    (("reference", "a"), {"current": "reference"}, None),
    (("reference", "a"), {"current": "nobody"}, None),
    (("reference", "a"), {"reference": "nobody"}, None),
    ((), {}, None),
]


@pytest.mark.parametrize("names, settings, roles", ROLES)
def test_roles(names: tuple[str, ...], settings: dict[str, Any], roles: tuple[str, str] | None) -> None:
    check = Drift.model_validate({"type": "drift", **settings})
    inputs = Inputs(dict.fromkeys(names, TABLE))
    assert (check.problems(inputs) == ()) == (roles is not None)
    if roles is not None:
        assert check.uses(inputs).datasets == roles


def test_an_empty_list_of_columns_judges_nothing_and_blocks() -> None:
    (only,) = compare(levels(AB), levels(AB), columns=())
    assert (only.outcome, only.blocks, only.reason) == (Outcome.ERRORED, True, "nothing was measured")


def test_names_of_levels_stay_in_the_data() -> None:
    before = levels({"s3cret": 500, "hidden": 400, None: 100})
    after = levels({"s3cret": 100, "new-s3cret": 800, None: 100})
    judged = compare(before, after)
    said = str([(one.reason, one.measurement.subject, one.measurement.details) for one in judged])
    assert "cret" not in said
    assert "hidden" not in said
    details = judged[0].measurement.details
    assert (details["unseen_levels"], details["unseen_share"]) == (1, 0.8)
    assert (details["reference_nulls"], details["current_nulls"]) == (0.1, 0.1)


def test_shapes_are_shares_of_the_most_frequent_levels() -> None:
    before = levels({f"l{number}": 100 - number for number in range(15)})
    details = compare(before, before)[0].measurement.details["shape"]
    assert isinstance(details, dict)
    assert details["labels"] == (*(f"level {number}" for number in range(1, 11)), "others")
    for side in ("reference", "current"):
        assert sum(details[side]) == pytest.approx(1)


def test_shapes_of_numbers_are_about_ten_shares() -> None:
    details = compare(numbers(*FLAT), numbers(*MOVED))[0].measurement.details["shape"]
    assert isinstance(details, dict)
    assert len(details["reference"]) == len(details["current"]) == 10
    assert details["reference"] == pytest.approx((0.1,) * 10)
    assert sum(details["current"]) == pytest.approx(1)
