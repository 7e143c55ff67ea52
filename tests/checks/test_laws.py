"""What holds for everything that a contract can ask for, whoever adds it."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from mlval import checks, metrics, rules
from mlval.checks.comparison import Comparison
from mlval.checks.concept_drift import ConceptDrift
from mlval.checks.data import Data
from mlval.checks.drift import Drift
from mlval.checks.fairness import Fairness
from mlval.checks.leakage import Leakage
from mlval.checks.multivariate import Multivariate
from mlval.checks.performance import Performance
from mlval.checks.trend import Trend
from mlval.checks.weak_segments import WeakSegments
from mlval.domain import catalogue
from mlval.domain.asks import Ask
from mlval.domain.check import Check
from mlval.domain.errors import Crashed
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.metric import Metric
from mlval.domain.outcome import Outcome
from mlval.domain.rule import Rule
from mlval.domain.verdict import Result
from mlval.rules._rule_set import NAMES
from tests.checks.world import results, told
from tests.measure.world import World, lines

HEADINGS = ("What it measures", "Why it matters", "When it misleads", "Example", "References")
FILES = [(package, file) for package in (checks, rules, metrics) for file in catalogue.names(package)]
CLASSES: list[type[BaseModel]] = [
    cls
    for package, file in FILES
    for base in (Check, Rule, Metric)
    for cls in catalogue.classes(package, file, base)
]
METRICS = [cls for cls in CLASSES if issubclass(cls, Metric)]

INPUTS = Inputs(
    {
        "reference": Dataset(path="a.csv", key="id", target="y", time="at"),
        "current": Dataset(path="b.csv", key="id", target="y", time="at"),
    },
    {
        name: Model(predictions=Predictions(dataset="current", label="guess", score="p"))
        for name in ("candidate", "champion")
    },
    now="2026-01-31T13:00:00+00:00",
)
VALUES: dict[str, dict[str, Any]] = {
    "x": {
        "min": 0,
        "max": 9,
        "above": -1,
        "below": 10,
        "range": (0, 9),
        "in": (1,),
        "not_in": (1,),
        "regex": "1",
        "not_regex": "a",
        "type": "int",
        "nulls": 0,
        "nans": 0,
        "infinities": 0,
        "decimals": 0,
        "multiple_of": 1,
        "unique": True,
        "distinct": {"min": 2},
        "constant": "forbid",
        "most_common": (1,),
        "includes": (1, 2),
        "balance": {"min": "1%"},
        "mean": (0, 9),
        "median": (0, 9),
        "std": {"min": 0},
        "sum": {"min": 0},
        "smallest": {"min": 0},
        "largest": {"max": 9},
        "quantiles": {0.5: {"max": 9}},
        "skewness": (-9, 9),
        "kurtosis": (-9, 9),
        "outliers": "1%",
        "references": {"dataset": "reference", "column": "x"},
    },
    "s": {
        "regex": "l",
        "nulls": 0,
        "unique": True,
        "in": ("l1",),
        "type": "string",
        "length": {"max": 3},
        "format": "date",
    },
    "at": {"max_age": "24h", "max_gap": "1h", "every": "hour", "tz": "naive", "monotonic": "increasing"},
    "": {
        "rows": {"min": 0},
        "unique": ("id",),
        "expect": "x >= 0",
        "extra_columns": "forbid",
        "column_order": ("id", "x"),
        "column_count": {"min": 1},
        "column_names": "^[a-z]+$",
        "duplicates": {"columns": ("s",)},
        "complete": {"columns": ("x", "s"), "allow": 1},
        "conflicts": {"columns": ("x",), "allow": 1_000_000},
        "against": {"dataset": "reference", "columns": {"x": {"mean": "50%"}}},
        "correlation": ({"columns": ("x", "y"), "min": -1},),
    },
}
"""For each column, and for the table, what the rules demand of it."""
OF_THE_TABLE = {"required", "rows", "extra_columns", "column_order", "column_count", "column_names"}
COLUMNS = ("id", "x", "s", "y", "guess", "p", "at")


def every_check() -> list[Check]:
    """Return every check with everything that it can demand."""
    demanded: dict[str, Any] = {metric.name: {"max": 1e9} for metric in METRICS}
    demanded["cost"] = {"max": 1e9, "expression": "abs(truth - prediction)"}
    columns: dict[str, Any] = {name: VALUES.get(name, {}) for name in COLUMNS}
    data = {"type": "data", "dataset": "current", "columns": columns, **VALUES[""]}
    performance = {
        "type": "performance",
        "dataset": "current",
        "metrics": demanded,
        "slices": ("s",),
        "window": 1_000,
        "baseline": {"metrics": {"accuracy": 0.01, "log_loss": 0.01, "mae": 0.01}},
    }
    concept_drift = {
        "type": "concept_drift",
        "dataset": "current",
        "metric": "accuracy",
        "window": 500,
        "max_decrease": 0.5,
    }
    gaps = ("demographic_parity", "equalized_odds", "calibration")
    fairness = {
        "type": "fairness",
        "dataset": "current",
        "sensitive": ("s", ("s", "x")),
        "metrics": {f"{name}_difference": 0.9 for name in gaps},
        "four_fifths": True,
    }
    return [
        Comparison.model_validate(
            {"type": "comparison", "dataset": "current", "metrics": {"accuracy": 0.5, "roc_auc": 0.5}}
        ),
        ConceptDrift.model_validate(concept_drift),
        Data.read(data),
        Drift.model_validate({"type": "drift", "columns": ("x", "s")}),
        Fairness.model_validate(fairness),
        Leakage.model_validate({"type": "leakage", "train": "reference", "test": "current"}),
        Multivariate.model_validate({"type": "multivariate"}),
        Performance.model_validate(performance),
        Trend.model_validate({"type": "trend", "dataset": "current", "column": "y"}),
        WeakSegments.model_validate({"type": "weak_segments", "dataset": "current", "max_worse": 0.05}),
    ]


CHECKS = every_check()


def table(rows: Sequence[int], *, blank: bool = False) -> str:
    """Return rows that keep the contract, or rows without any value but a key."""
    if blank:
        return lines(",".join(COLUMNS), [f"{n}{',' * (len(COLUMNS) - 1)}" for n in rows])
    return lines(",".join(COLUMNS), [row(n) for n in rows])


def row(n: int) -> str:
    time = f"2026-01-31 12:{n // 60 % 60:02}:{n % 60:02}"
    return f"{n},{n % 10},l{n % 3},{n % 2},{(n + n // 7) % 2},{n % 97 / 97},{time}"


def judged(world: World, check: Check) -> tuple[Result, ...]:
    return results(check, INPUTS, world.engine.answer)


def told_in_full(one: Result) -> tuple[Result, str]:
    """Return a result and the text of its problem: two errors are never equal themselves."""
    return replace(one, measurement=replace(one.measurement, problem=None)), str(one.measurement.problem)


def opened(folder: Path, before: str, after: str) -> World:
    world = World(folder, INPUTS)
    world.csv(before, name="reference")
    world.csv(after, name="current")
    return world


def test_every_check_rule_and_metric_is_tried_below() -> None:
    # `model_files` asks about files and no table; the others ask a model that is loaded, which here is none.
    apart = {"model_files", "importance", "robustness"}
    assert {check.type for check in CHECKS} == set(catalogue.names(checks)) - apart
    assert {name for demands in VALUES.values() for name in demands} == set(NAMES)
    assert len(METRICS) >= 9


@pytest.mark.parametrize("package, file", FILES, ids=lambda part: getattr(part, "__name__", part))
def test_the_page_has_its_headings_in_order(package: Any, file: str) -> None:  # noqa: ANN401 - a module
    (first, *_) = catalogue.classes(package, file, BaseModel)
    page = sys.modules[first.__module__].__doc__ or ""
    found = [line.rstrip() for line in page.splitlines() if line and not line.startswith(" ")][1:]
    found = [heading for heading in found if heading != "Elsewhere"]
    summary = len(found) - len(HEADINGS)
    assert tuple(found[summary:]) == HEADINGS
    assert page.splitlines()[0].endswith(".")


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_everything_is_described_and_frozen(cls: type[BaseModel]) -> None:
    assert cls.__doc__
    assert cls.model_config.get("frozen")
    assert cls.model_config.get("strict")
    for name, field in cls.model_fields.items():
        assert field.description or name == "root", name


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_a_check_cannot_be_changed_and_has_no_other_key(check: Check) -> None:
    with pytest.raises(ValidationError):
        check.severity = "warn"  # type: ignore[misc] # that is what is shown
    with pytest.raises(ValidationError):
        type(check).model_validate({**check.model_dump(exclude_unset=True), "nonsense": 1})


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_no_rows_never_pass(tmp_path: Path, check: Check) -> None:
    found = judged(opened(tmp_path, table([]), table([])), check)
    assert any(one.blocks and one.outcome == Outcome.ERRORED for one in found)
    assert not [one for one in told(found) if one[2] == "passed" and one[1] not in OF_THE_TABLE]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_no_values_never_pass(tmp_path: Path, check: Check) -> None:
    found = judged(opened(tmp_path, table(range(300), blank=True), table(range(300), blank=True)), check)
    of_values = [one for one in told(found) if one[1] not in OF_THE_TABLE and one[0] != "id"]
    assert of_values or check.type in {"performance", "concept_drift"}
    assert not [one for one in of_values if one[2] == "passed"]
    assert any(one.blocks for one in found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_values_that_vanish_never_pass(tmp_path: Path, check: Check) -> None:
    found = judged(opened(tmp_path, table(range(1_000)), table(range(1_000), blank=True)), check)
    assert any(one.blocks for one in found)
    # How well a feature predicts is asked of the reference alone, which has its values.
    of_current = [one for one in told(found) if one[1] != "predictive_power"]
    assert not [one for one in of_current if one[2] == "passed" and one[0] in {"x", "s"}]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_the_order_of_rows_changes_nothing(tmp_path: Path, check: Check) -> None:
    rows = range(1_700)
    orders = (rows, rows[::-1], sorted(rows, key=lambda n: n * 7919 % 1_709))
    found = []
    for number, order in enumerate(orders):
        (folder := tmp_path / str(number)).mkdir()
        found.append(judged(opened(folder, table(rows), table(order)), check))
    kept = [[told_in_full(one) for one in each if one.measurement.metric != "monotonic"] for each in found]
    assert kept[0] == kept[1] == kept[2]
    assert any(one.outcome == Outcome.PASSED for one in found[0])
    assert not [one.reason for one in found[0] if isinstance(one.measurement.problem, Crashed)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.type)
def test_what_is_asked_can_be_united(tmp_path: Path, check: Check) -> None:
    world = opened(tmp_path, table(range(50)), table(range(50)))

    def rounds() -> list[tuple[Ask[Any], ...]]:
        asked = []

        def answer(asks: Sequence[Ask[Any]]) -> Any:  # noqa: ANN401 - answers
            asked.append(tuple(asks))
            return world.engine.answer(asks)

        results(check, INPUTS, answer)
        return asked

    first = [ask for asks in rounds() for ask in asks]
    assert len(first) == len(set(first))
    assert all(hash(ask) == hash(ask) and ask == ask for ask in first)  # noqa: PLR0124 - equal to itself, hashed twice
