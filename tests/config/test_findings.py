"""Findings become problems: placed, with the closest name, sorted, and not too many."""

import pytest

from mlval.config.findings import MOST, Finding, closest, listing, nearest
from mlval.domain.errors import Place, Problem
from mlval.domain.measurement import Path

PLACES: dict[Path, Place] = {(): Place(1, 1), ("a",): Place(2, 1), ("a", "b"): Place(3, 3)}


@pytest.mark.parametrize(
    "name, expected",
    [
        ("mni", "min"),
        ("ROC-AUC", "roc_auc"),
        ("rocauc", "roc_auc"),
        ("severty", "severity"),
        ("zzz", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_closest_name_is_found(name: str, expected: str | None) -> None:
    assert closest(name, ("min", "max", "roc_auc", "severity")) == expected


def test_a_problem_stands_at_the_nearest_place() -> None:
    assert nearest(("a", "b", "c", 0), PLACES) == Place(3, 3)
    assert nearest(("a", "x"), PLACES) == Place(2, 1)
    assert nearest(("x",), PLACES) == Place(1, 1)
    assert nearest(("x",), {}) is None


def test_the_closest_name_is_the_hint_before_any_other() -> None:
    one = Finding(("a",), "unknown", "valid here: `min`", name="mni", valid=("min",))
    assert one.problem(PLACES) == Problem("unknown", "a", Place(2, 1), "did you mean `min`?")
    other = Finding(("a",), "unknown", "valid here: `min`", name="zzz", valid=("min",))
    assert other.problem(PLACES).hint == "valid here: `min`"


def test_problems_come_in_the_order_of_the_file_and_once() -> None:
    late, early = Finding(("a", "b"), "late"), Finding((), "early")
    between = Problem("between", place=Place(2, 5))
    found = listing([between], [late, early, late], places=PLACES)
    assert [problem.message for problem in found] == ["early", "between", "late"]


def test_further_problems_are_counted() -> None:
    found = listing([], [Finding(("a", index), "wrong") for index in range(MOST + 5)], places=PLACES)
    assert len(found) == MOST + 1
    assert found[-1].message == "and 5 more"


def test_a_missing_key_that_is_misspelt_is_one_mistake() -> None:
    unknown = Finding(("a", "mni"), "unknown", name="mni", valid=("min",))
    missing, other = Finding(("a", "min"), "missing"), Finding(("a", "max"), "missing")
    found = listing([], [unknown, missing, other], places=PLACES)
    assert [problem.path for problem in found] == ["a.max", "a.mni"]


def test_a_key_that_is_there_is_not_hidden_by_one_like_it() -> None:
    unknown = Finding(("c",), "unknown", name="c", valid=("a",))
    assert len(listing([], [unknown, Finding(("a",), "wrong")], places=PLACES)) == 2


def test_nothing_wrong_is_no_problem() -> None:
    assert listing([]) == ()
