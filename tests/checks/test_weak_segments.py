"""Weak segments: what is planted is found and named, and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mlval.checks.weak_segments import WeakSegments
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from tests.checks.predicted_world import Row, inputs, judged, table

COLUMNS = ("id", "y", "guess", "p", "plan", "age", "at")


def rows(seed: int = 1, n: int = 6_000, *, drop: float = 0.0, plan: str = "pro") -> list[Row]:
    """Return rows of which one in nine is right less often: the plan between 30 and 50 years."""
    draw = np.random.default_rng(seed)
    found: list[Row] = []
    for index in range(n):
        own, age = ("pro", "free", "team")[draw.integers(3)], round(float(draw.uniform(20, 80)), 3)
        weak = own == plan and 30 <= age < 50
        truth = int(draw.integers(2))
        is_wrong = draw.random() < 0.15 + (drop if weak else 0)
        found.append((index, truth, 1 - truth if is_wrong else truth, 0.5, own, age, "2024-01-01"))
    return found


def run(
    folder: Path,
    of: Sequence[Row],
    given: Inputs | None = None,
    **settings: Any,  # noqa: ANN401 - settings of the check
) -> tuple[Result, ...]:
    check = WeakSegments.model_validate({"type": "weak_segments", "max_worse": 0.05, **settings})
    return judged(folder, table(COLUMNS, of), check, given or inputs(["pro"], key="id"))


def test_a_planted_segment_is_found_and_measured_on_the_other_half(tmp_path: Path) -> None:
    of = rows(drop=0.3)
    (one,) = run(tmp_path, of)
    assert one.outcome is Outcome.FAILED
    assert one.blocks
    name, _, plan = one.measurement.subject.partition(" and ")
    assert plan == "plan=pro"
    low, high = (float(end) for end in name.removeprefix("age ").split(" to < "))
    assert low == pytest.approx(30, abs=7)
    assert high == pytest.approx(50, abs=7)
    inside = [row for row in of if row[4] == "pro" and low <= float(str(row[5])) < high]
    assert one.measurement.n == pytest.approx(len(inside) / 2, abs=80)
    right = sum(row[1] == row[2] for row in inside) / len(inside)
    assert one.measurement.value == pytest.approx(right, abs=0.06)


def test_nothing_is_reported_where_nothing_is_weak(tmp_path: Path) -> None:
    (one,) = run(tmp_path, rows())
    assert one.outcome is Outcome.PASSED
    assert one.measurement.details["columns"] == ("age", "plan")
    assert "would be seen" in str(one.measurement.details["remark"])


def test_what_is_weak_within_the_limit_passes(tmp_path: Path) -> None:
    assert [one.outcome for one in run(tmp_path, rows(drop=0.3), max_worse=0.35)] == [Outcome.PASSED]


def test_the_limit_may_be_a_share_of_the_metric(tmp_path: Path) -> None:
    of = rows(drop=0.3)
    (one,) = run(tmp_path, of, max_worse="5%")
    value = sum(row[1] == row[2] for row in of) / len(of)
    limit = one.measurement.limit
    assert limit is not None
    whole = one.measurement.details["whole"]
    assert isinstance(whole, float)
    assert limit.min == pytest.approx(whole - 0.05 * value, abs=1e-4)  # type: ignore[union-attr] # a bound


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    of = rows(drop=0.3)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = run(tmp_path / "a", of), run(tmp_path / "b", of[::-1])
    assert [one.measurement for one in first] == [one.measurement for one in second]


def test_values_that_the_contract_does_not_spell_are_numbered(tmp_path: Path) -> None:
    (one,) = run(tmp_path, rows(drop=0.3), inputs(key="id"))
    assert one.measurement.subject.endswith("plan=level 2")


def test_values_of_sensitive_columns_are_never_told(tmp_path: Path) -> None:
    given = inputs(["pro"], key="id", sensitive=("plan", "age"))
    (one,) = run(tmp_path, rows(drop=0.3), given)
    assert one.measurement.subject == "age in tenths 3 to 5 and plan=level 2"


def test_errors_of_numbers_are_searched_too(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    of: list[Row] = [
        (row[0], 10.0, 10 + draw.normal() * (3 if row[4] == "free" else 1), *row[3:]) for row in rows()
    ]
    (one,) = run(tmp_path, of, inputs(["free"], key="id"), metric="mean_absolute_error", max_worse="20%")
    assert (one.measurement.subject, one.outcome) == ("plan=free", Outcome.FAILED)
    assert one.measurement.value == pytest.approx(3 * np.sqrt(2 / np.pi), rel=0.1)


def test_rows_without_a_value_are_a_segment(tmp_path: Path) -> None:
    of = [
        (*row[:5], None if row[4] == "pro" and 30 <= float(str(row[5])) < 50 else row[5], row[6])
        for row in rows(drop=0.3)
    ]
    (one,) = run(tmp_path, of)
    assert one.measurement.subject == "age=(null)"


def test_too_few_rows_are_left_open(tmp_path: Path) -> None:
    (one,) = run(tmp_path, rows(n=1_000, drop=0.3))
    assert one.outcome is Outcome.INCONCLUSIVE
    assert "1,200 are needed" in one.reason


def test_rows_without_a_truth_are_left_out(tmp_path: Path) -> None:
    of = [(row[0], None if index % 2 else row[1], *row[2:]) for index, row in enumerate(rows())]
    (one,) = run(tmp_path, of)
    assert one.measurement.n == 3_000


def test_no_truth_at_all_is_an_error(tmp_path: Path) -> None:
    (one,) = run(tmp_path, [(row[0], None, *row[2:]) for row in rows(n=10)])
    assert one.outcome is Outcome.ERRORED


@pytest.mark.parametrize("columns", [("gone",), ("plan", "at")])
def test_a_column_that_parts_nothing_is_an_error(tmp_path: Path, columns: tuple[str, ...]) -> None:
    of = rows()
    outcomes = [one.outcome for one in run(tmp_path, of, columns=columns)]
    assert outcomes == [Outcome.ERRORED]


def test_one_value_everywhere_is_an_error(tmp_path: Path) -> None:
    of = [(*row[:4], "pro", *row[5:]) for row in rows()]
    assert [one.outcome for one in run(tmp_path, of, columns=("plan",))] == [Outcome.ERRORED]


def test_one_key_for_all_rows_is_an_error(tmp_path: Path) -> None:
    of = [(7, *row[1:]) for row in rows()]
    assert [one.outcome for one in run(tmp_path, of)] == [Outcome.ERRORED]


def test_text_has_no_absolute_error(tmp_path: Path) -> None:
    of = [(row[0], f"c{row[1]}", *row[2:]) for row in rows()]
    assert [one.outcome for one in run(tmp_path, of, metric="mean_absolute_error")] == [Outcome.ERRORED]


@pytest.mark.parametrize("worse", [-0.1, "1.5", None, float("inf"), {"max": 1}])
def test_a_limit_that_means_nothing_is_refused(worse: object) -> None:
    with pytest.raises(ValidationError):
        WeakSegments.model_validate({"type": "weak_segments", "max_worse": worse})


def test_what_is_missing_is_said_beforehand() -> None:
    check = WeakSegments.model_validate({"type": "weak_segments", "max_worse": 0.05})
    assert check.problems(inputs()) == ()
    bare = Inputs({"h": Dataset(path="h.csv")}, inputs().models)
    assert [path for path, _ in check.problems(bare)] == [("dataset",)]
