"""What the drift check compares beside the columns, what it allows, and what a profile leaves open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlval.checks.drift import Drift
from mlval.domain.asks import Rows, Shape
from mlval.domain.errors import Failure
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.outcome import Outcome
from mlval.domain.profile import Profile, Settings
from mlval.domain.steps import together
from mlval.domain.verdict import Result
from mlval.flows.profile_columns import describe
from mlval.measure.driver import drive
from tests.checks.world import results, told
from tests.measure.world import World
from tests.profiles import profile

COLUMNS = """
    i AS row, (i * 7919 % 10007) / 10.0 + {x} AS x, i % 2 = {y} AS y,
    CASE WHEN i % 3 = 0 THEN 'pro' ELSE 'free' END AS plan,
    (i * 31 % 997) / 997.0 * {p} AS p
"""
STEADY: Mapping[str, float] = {"x": 0, "y": 0, "p": 1}


def rows(count: int = 3_000, **moved: float) -> str:
    """Return rows; where something moved, by so much."""
    return f"SELECT {COLUMNS.format(**{**STEADY, **moved})} FROM range({count}) AS r(i)"


def inputs(reference: Mapping[str, Any] | None = None, current: Mapping[str, Any] | None = None) -> Inputs:
    described = {"path": "t.parquet", "key": "row", "target": "y"}
    return Inputs(
        {
            "reference": Dataset.model_validate({**described, **(reference or {})}),
            "current": Dataset.model_validate({**described, **(current or {})}),
        },
        {
            "mine": Model(predictions=Predictions(dataset="current", score="p")),
            "old": Model(predictions=Predictions(dataset="reference", score="p")),
            "new": Model(predictions=Predictions(dataset="current", label="plan")),
        },
    )


def judged(
    folder: Path,
    before: str,
    after: str,
    known: Inputs | None = None,
    **keys: Any,  # noqa: ANN401 - keys
) -> tuple[Result, ...]:
    known = known or inputs()
    world = World(folder, known)
    world.parquet(before, name="reference")
    world.parquet(after, name="current")
    return results(Drift.model_validate({"type": "drift", **keys}), known, world.engine.answer)


def test_the_target_is_a_family_of_its_own(tmp_path: Path) -> None:
    found = judged(tmp_path, rows(), rows())
    assert told(found) == [(name, "drift", "passed") for name in ("x", "plan", "p", "y")]
    assert [one.measurement.details.get("family") for one in found] == [None, None, None, "target"]
    assert [one.measurement.subject for one in judged(tmp_path, rows(), rows(), target=False)] == [
        "x",
        "plan",
        "p",
    ]
    assert len(judged(tmp_path, rows(), rows(), columns=("x",))) == 1
    assert len(judged(tmp_path, rows(), rows(), columns=("x",), target=True)) == 2


def test_a_target_that_is_not_there_yet_is_left_out_unless_it_is_demanded(tmp_path: Path) -> None:
    without = f"SELECT row, x, plan, p FROM ({rows()})"
    found = {one.measurement.subject: one for one in judged(tmp_path, rows(), without)}
    assert (found["y"].outcome, found["y"].blocks) == (Outcome.SKIPPED, False)
    found = {one.measurement.subject: one for one in judged(tmp_path, rows(), without, target=True)}
    assert found["y"].outcome == Outcome.ERRORED
    check = Drift.model_validate({"type": "drift", "target": True})
    assert check.problems(Inputs({"reference": Dataset(path="a"), "current": Dataset(path="b")}))


def test_predictions_in_columns_of_both_datasets(tmp_path: Path) -> None:
    assert ("mine: p", "drift", "passed") in told(judged(tmp_path, rows(), rows(), predictions="mine"))
    moved = judged(tmp_path, rows(), rows(p=0.5), predictions="mine")
    assert ("mine: p", "drift", "failed") in told(moved)
    assert "p" not in [one.measurement.subject for one in moved]


def test_predictions_of_two_models(tmp_path: Path) -> None:
    both = {"reference": "old", "current": "mine"}
    assert ("mine: score", "drift", "passed") in told(judged(tmp_path, rows(), rows(), predictions=both))
    moved = told(judged(tmp_path, rows(), rows(p=0.5), predictions=both))
    assert ("mine: score", "drift", "failed") in moved
    unlike = {"reference": "old", "current": "new"}
    assert ("predictions", "drift", "errored") in told(judged(tmp_path, rows(), rows(), predictions=unlike))


def test_a_model_that_nobody_knows_is_a_problem() -> None:
    check = Drift.model_validate({"type": "drift", "predictions": "nobody"})
    assert [path for path, _ in check.problems(inputs())] == [("predictions",)]
    periods = Drift.model_validate({"type": "drift", "slices": ({"by": "at", "every": "month"},)})
    assert [path for path, _ in periods.problems(inputs())] == [("slices", 0)]


def test_each_slice_is_compared_with_its_like(tmp_path: Path) -> None:
    after = rows().replace(
        "(i * 7919 % 10007) / 10.0 + 0", "(i * 7919 % 10007) / 10.0 + if(i % 3 = 0, 400, 0)"
    )
    found = told(judged(tmp_path, rows(), after, columns=("x", "plan"), slices=("plan",), effect="50%"))
    assert found == [
        ("x", "drift", "passed"),
        ("plan", "drift", "passed"),
        ("plan=level 1: x", "drift", "passed"),
        ("plan=level 2: x", "drift", "passed"),
    ]
    found = told(judged(tmp_path, rows(), after, columns=("x",), slices=("plan",), effect="30%"))
    assert found == [
        ("x", "drift", "passed"),
        ("plan=level 1: x", "drift", "passed"),
        ("plan=level 2: x", "drift", "failed"),
    ]


def test_slices_of_every_kind_and_those_too_small(tmp_path: Path) -> None:
    slices = ({"by": "x", "bins": (1.0, 500.0)}, {"name": "pros", "where": "plan = 'pro'"})
    found = judged(
        tmp_path, rows(), rows(), columns=("p",), slices=slices, per_slice={"min_rows": 20}, effect="large"
    )
    outcomes = [(one.measurement.subject, one.outcome.value) for one in found]
    assert outcomes == [
        ("p", "passed"),
        ("x=1 to < 500: p", "passed"),
        ("x=>= 500: p", "passed"),
        ("pros: p", "passed"),
        ("x=< 1", "skipped"),
    ]
    assert "fewer than" in found[-1].reason
    assert not any(one.blocks for one in found)


def test_a_filter_holds_for_every_slice(tmp_path: Path) -> None:
    found = judged(tmp_path, rows(), rows(), columns=("x",), slices=("plan",), where="row < 1200")
    assert [one.measurement.n for one in found] == [1200, 800, 400]


@pytest.mark.parametrize(
    "keys, blocks",
    [
        ({}, True),
        ({"max_drifted": 0}, True),
        ({"max_drifted": 1}, False),
        ({"max_drifted": "20%"}, True),
        ({"max_drifted": "40%"}, False),
        ({"max_drifted": "40%", "weights": {"x": 5.0}}, True),
        ({"max_drifted": 1, "method": "total_variation", "threshold": 0.2}, False),
    ],
    ids=str,
)
def test_some_columns_may_drift(tmp_path: Path, keys: dict[str, Any], blocks: bool) -> None:
    found = judged(tmp_path, rows(), rows(x=400), target=False, **keys)
    assert any(one.blocks for one in found) == blocks
    assert ("x", "drift", "failed") in told(found)


def test_the_target_is_not_among_those_that_may_drift(tmp_path: Path) -> None:
    after = rows().replace("i % 2 = 0 AS y", "i % 20 = 0 AS y")
    assert any(one.blocks for one in judged(tmp_path, rows(), after, max_drifted=3))


def test_a_weight_of_a_column_that_is_not_compared_is_a_slip(tmp_path: Path) -> None:
    found = judged(tmp_path, rows(), rows(), weights={"xx": 2.0})
    assert ("xx", "drift", "errored") in told(found)


def test_columns_that_appear_vanish_or_have_nothing_in_common(tmp_path: Path) -> None:
    found = judged(tmp_path, rows(), f"SELECT * EXCLUDE (p), 1 AS fresh, 2 AS new FROM ({rows()})")
    by_subject = {one.measurement.subject: one for one in found}
    assert by_subject["p"].outcome == Outcome.ERRORED
    assert by_subject["current"].measurement.value == 2
    assert by_subject["current"].measurement.details["columns"] == ("fresh", "new")
    (found_one,) = judged(tmp_path, rows(), "SELECT 1 AS other FROM range(9)", inputs(), target=False)
    assert found_one.outcome == Outcome.ERRORED
    assert "no column" in found_one.reason


def test_what_is_only_told_is_no_pass(tmp_path: Path) -> None:
    only_keys = "SELECT i AS row FROM range(100) AS r(i)"
    found = judged(tmp_path, only_keys, "SELECT i AS row, i AS z FROM range(100) AS r(i)", target=False)
    assert [one.outcome for one in found] == [Outcome.ERRORED]


def profiled(folder: Path, query: str, *, bins: int = 100) -> Profile:
    """Describe rows as `mlval profile` does."""
    world = World(folder)
    table = world.parquet(query)
    shape = world.ask(Shape(table))
    asked = Settings(bins=bins, rare=5)

    def all_columns() -> Any:  # noqa: ANN401 - a generator of asks
        return (
            yield from together(
                [
                    describe(one, Rows(table), asked, is_key=one.name == "row", is_sensitive=False)
                    for one in shape.columns
                ]
            )
        )

    found = drive({"": all_columns()}, world.engine.answer)[""]
    assert not isinstance(found, Failure)
    assert not [one for one in found if isinstance(one, Failure)]
    return profile(*found, rows=shape.rows)


def by_profile(folder: Path, before: str, after: str, **keys: Any) -> tuple[Result, ...]:  # noqa: ANN401 - keys
    known = inputs({"path": None, "profile": "t.json"})
    (other := folder / "profiled").mkdir(exist_ok=True)
    world = World(folder, known)
    world.engine.open_profile("reference", profiled(other, before))
    world.parquet(after, name="current")
    return results(Drift.model_validate({"type": "drift", **keys}), known, world.engine.answer)


METHODS = (
    "auto",
    "ks",
    "psi",
    "js",
    "total_variation",
    "wasserstein",
    "cvm",
    "anderson_darling",
    "mean_shift",
)


@pytest.mark.parametrize("method", METHODS)
def test_a_profile_decides_as_the_rows_do_and_tells_its_bounds(tmp_path: Path, method: str) -> None:
    for shift in (0, 60, 400):
        pair = rows(), rows(x=shift)
        (exact,) = judged(tmp_path, *pair, columns=("x",), method=method)
        (bounded,) = by_profile(tmp_path, *pair, columns=("x",), method=method)
        assert bounded.outcome in {exact.outcome, Outcome.INCONCLUSIVE}
        details = bounded.measurement.details
        if "at_most" in details:
            low = float(str(details.get("at_least", bounded.measurement.value)))
            assert low - 1e-9 <= (exact.measurement.value or 0) <= float(str(details["at_most"])) + 1e-9
        if method == "mean_shift":
            assert bounded.measurement.value == pytest.approx(exact.measurement.value, abs=1e-8)


@pytest.mark.parametrize("method", ["ks", "wasserstein"])
def test_a_threshold_within_the_bounds_of_a_profile_is_an_error(tmp_path: Path, method: str) -> None:
    pair = rows(), rows(x=60)
    (free,) = by_profile(tmp_path, *pair, columns=("x",), method=method)
    details, value = free.measurement.details, free.measurement.value or 0
    low, high = float(str(details.get("at_least", value))), float(str(details["at_most"]))
    outcomes = []
    for threshold in (low * 0.9, (low + high) / 2, high * 1.1):
        (found,) = by_profile(tmp_path, *pair, columns=("x",), method=method, threshold=threshold)
        outcomes.append(found.outcome)
    assert outcomes == [Outcome.FAILED, Outcome.ERRORED, Outcome.PASSED]


def test_few_values_of_a_profile_are_known(tmp_path: Path) -> None:
    before = "SELECT (i % 4) + 0.5 AS x FROM range(2000) AS r(i)"
    (same,) = by_profile(tmp_path, before, before, columns=("x",))
    assert same.outcome == Outcome.PASSED
    between = "SELECT (i % 4) + 0.5 - (i % 4 = 3)::INT * 0.25 AS x FROM range(2000) AS r(i)"
    (moved,) = by_profile(tmp_path, before, between, columns=("x",))
    assert (moved.outcome, moved.measurement.value) == (Outcome.FAILED, 0.25)


def test_slices_and_predictions_need_rows(tmp_path: Path) -> None:
    found = by_profile(tmp_path, rows(), rows(), columns=("x",), slices=("plan",))
    assert ("slices", "drift", "errored") in told(found)


def test_the_example_of_the_page_in_full(tmp_path: Path) -> None:
    before = "SELECT i / 4.0 AS amount, ['free', 'pro', 'team'][1 + i % 3] AS plan FROM range(900) AS r(i)"
    after = (
        "SELECT i / 4.0 + 40 AS amount, ['free', 'pro', 'team'][1 + i % 2] AS plan FROM range(900) AS r(i)"
    )
    known = Inputs({name: Dataset(path="t.parquet") for name in ("reference", "current")})
    found = judged(tmp_path, before, after, known, columns=("amount", "plan"), effect="medium")
    assert [
        (one.outcome.value, m.value, m.effect, m.p_value, m.detectable)
        for one in found
        for m in (one.measurement,)
    ] == [
        ("failed", 0.177777778, 0.17299665, 8.86675549e-13, 0.086837041),
        ("failed", 0.333333333, 0.332352535, 1.34283686e-78, 0.087815147),
    ]
    assert found[1].measurement.details["shape"] == {
        "labels": ("level 1", "level 2", "level 3"),
        "reference": (1 / 3, 1 / 3, 1 / 3),
        "current": (0.5, 0.5, 0.0),
    }
