"""Robustness judged on predictions that are given by hand, by the engine itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.checks.robustness import Robustness
from mlval.domain.asks import Scores
from mlval.domain.errors import Unmeasurable
from mlval.domain.feature_change import Again, Jitter, RowOrder
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.measure.predicted import Outputs
from tests.checks.world import results
from tests.measure.world import World

ROWS = 10
Given = Mapping[Any, Sequence[float] | Unmeasurable]
"""Predictions by the change of the features, None where there is none."""
LOADED = Inputs({"h": Dataset(path="h.csv", target="y")}, {"m": Model(path="m")})
CLASSES = Outputs(("0", "1"), probabilities=True)
NUMBERS = Outputs(numbers=("prediction",))
BASE = [0.9, 0.8, 0.7, 0.6, 0.55, 0.4, 0.3, 0.2, 0.1, 0.05]


def judged(
    folder: Path,
    given: Given,
    *,
    outputs: Outputs = CLASSES,
    inputs: Inputs = LOADED,
    **settings: Any,  # noqa: ANN401 - settings of the check
) -> tuple[Result, ...]:
    """Judge a model that predicts these probabilities, or numbers, for rows whose upper half is positive."""
    world = World(folder, inputs)
    world.csv("n,y\n" + "".join(f"{row},{int(row < ROWS / 2)}\n" for row in range(ROWS)), name="h")
    ((places, _),) = world.engine.features("h", ("n",))
    for change, predictions in given.items():
        scores = Scores("m", "h", change, 20_000)
        if isinstance(predictions, Unmeasurable):
            world.engine.no_predictions(scores, predictions)
            continue
        taken, values = world.engine.predicted(scores, outputs), np.array(predictions)
        if outputs.classes:
            taken.take(places, (values > 0.5).astype(float), np.column_stack([1 - values, values]))
        else:
            taken.take(places, values)
    return results(Robustness.model_validate({"type": "robustness", **settings}), inputs, world.engine.answer)


def flipped(count: int) -> list[float]:
    return [1 - value if row < count else value for row, value in enumerate(BASE)]


@pytest.mark.parametrize("count, outcome", [(0, Outcome.PASSED), (2, Outcome.PASSED), (3, Outcome.FAILED)])
def test_the_share_of_rows_with_another_class_is_bounded(
    tmp_path: Path, count: int, outcome: Outcome
) -> None:
    given = {None: BASE, Jitter(0.1): flipped(count)}
    (result,) = judged(tmp_path, given, tests={"jitter": {"max_change": "20%"}})
    assert (result.outcome, result.measurement.value) == (outcome, count / ROWS)
    assert (result.measurement.n, result.measurement.of) == (count, ROWS)


@pytest.mark.parametrize(
    "moved, outcome", [(1e-9, Outcome.PASSED), (1e-3, Outcome.FAILED), (-0.4, Outcome.FAILED)]
)
def test_a_change_of_form_may_change_no_probability(tmp_path: Path, moved: float, outcome: Outcome) -> None:
    given = {None: BASE, Again(): [BASE[0] + moved, *BASE[1:]]}
    (result,) = judged(tmp_path, given, tests={"determinism": True})
    assert result.outcome is outcome


def test_numbers_are_moved_by_their_own_standard_deviation(tmp_path: Path) -> None:
    before = [float(row) for row in range(ROWS)]
    given = {None: before, Jitter(0.1): [one + 1 for one in before]}
    (result,) = judged(tmp_path, given, outputs=NUMBERS, tests={"jitter": {}})
    assert result.measurement.value == pytest.approx(1 / np.std(before, ddof=1))
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize("after, outcome", [(3.0, Outcome.PASSED), (4.0, Outcome.ERRORED)])
def test_a_constant_that_moves_has_no_scale(tmp_path: Path, after: float, outcome: Outcome) -> None:
    given = {None: [3.0] * ROWS, Jitter(0.1): [after] * ROWS}
    (result,) = judged(tmp_path, given, outputs=NUMBERS, tests={"jitter": {}})
    assert result.outcome is outcome


def test_a_metric_may_fall_by_so_much(tmp_path: Path) -> None:
    given = {None: BASE, Jitter(0.1): flipped(2)}
    tests = {"jitter": {"max_drop": 0.1}}
    (result,) = judged(tmp_path, given, tests=tests, metric="accuracy")
    assert (result.measurement.metric, result.measurement.value) == ("jitter: accuracy", 0.2)
    assert result.outcome is Outcome.FAILED


def test_only_rows_of_the_validation_count(tmp_path: Path) -> None:
    given = {None: BASE, Jitter(0.1): flipped(2)}
    (result,) = judged(tmp_path, given, tests={"jitter": {}}, where="n >= 2")
    assert (result.measurement.value, result.measurement.of) == (0, 8)
    (empty,) = judged(tmp_path, given, tests={"jitter": {}}, where="n > 99")
    assert empty.outcome is Outcome.ERRORED


def test_what_cannot_be_predicted_errors_its_own_test_alone(tmp_path: Path) -> None:
    broken = Unmeasurable("the model fails")
    given: Given = {None: BASE, Again(): broken, RowOrder(): BASE}
    found = judged(tmp_path, given, tests={"determinism": True, "row_order": True})
    told = {one.measurement.metric: one.outcome for one in found}
    assert told == {"determinism": Outcome.ERRORED, "row_order": Outcome.PASSED}
    (whole,) = judged(tmp_path, {None: broken, Again(): BASE}, tests={"determinism": True})
    assert (whole.outcome, whole.reason) == (Outcome.ERRORED, "the model fails")


def test_predictions_alone_cannot_be_tested(tmp_path: Path) -> None:
    model = Model(predictions=Predictions(dataset="h", label="y"))
    inputs = Inputs({"h": Dataset(path="h.csv", target="y")}, {"m": model})
    (result,) = judged(tmp_path, {}, inputs=inputs, tests={"determinism": True})
    assert result.outcome is Outcome.ERRORED
    assert "has predictions only: it cannot be shown changed features" in result.reason


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"tests": {"jitter": {"max_drop": 0.1}}}, "a drop needs a `metric:`"),
        ({"tests": {"jitter": {}}, "metric": "accuracy"}, "no test has a `max_drop:` for it"),
        ({"tests": {"jitter": {"max_drop": 0.1}}, "metric": "luck"}, "no such metric"),
        ({"tests": {"jitter": {}}, "dataset": "nobody"}, "nobody"),
        ({"tests": {"jitter": {}}, "model": "nobody"}, "nobody"),
    ],
)
def test_what_is_wrong_is_said_before(settings: dict[str, Any], message: str) -> None:
    check = Robustness.model_validate({"type": "robustness", **settings})
    ((_, sentence),) = check.problems(LOADED)
    assert message in sentence


@pytest.mark.parametrize(
    "tests", [{}, {"determinism": False}, {"jitter": {"size": 0}}, {"missing": {"share": 0}}]
)
def test_no_test_is_no_validation(tests: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no test|greater than 0"):
        Robustness.model_validate({"type": "robustness", "tests": tests})
