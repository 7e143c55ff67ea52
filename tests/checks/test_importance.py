"""Importance judged on predictions that are given by hand: the truth is `a`, and `b` means nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.checks.importance import Importance
from mlval.domain.asks import Ask, Column, Scores
from mlval.domain.errors import Unmeasurable
from mlval.domain.feature_change import Permuted, ShownFeatures
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.measure.predicted import Outputs
from tests.checks.world import results
from tests.measure.world import World

ROWS, REPEATS = 20, 3
INPUTS = Inputs({"h": Dataset(path="h.csv", target="y")}, {"m": Model(path="m"), "other": Model(path="o")})
FEATURES = ("a", "b")
# By model and feature: how many rows are wrong when it is permuted, by repeat.
WRONG = {"m": {"a": (8, 10, 9), "b": (1, 0, 2)}, "other": {"a": (2, 1, 1), "b": (4, 4, 5)}}


def judged(folder: Path, wrong: dict[str, Any] | None = None, **settings: Any) -> dict[str, Result]:  # noqa: ANN401
    """Judge models that are right on all rows but those that a permutation spoils; results by metric."""
    world = World(folder, INPUTS)
    world.csv("a,b,y\n" + "".join(f"{row % 2},0,{row % 2}\n" for row in range(ROWS)), name="h")
    ((places, _),) = world.engine.features("h", ("a",))

    def given(scores: Scores, spoilt: int) -> None:
        truth = places % 2
        world.engine.predicted(scores, Outputs(("0", "1"))).take(
            places, np.where(places < spoilt, 1 - truth, truth).astype(float)
        )

    for model, features in (wrong or WRONG).items():
        given(Scores(model, "h", None, 5_000), 0)
        for feature, counts in features.items():
            for seed, count in enumerate(counts):
                given(Scores(model, "h", Permuted((feature,), seed), 5_000), count)

    def answer(asks: Any) -> Any:  # noqa: ANN401 - an answering function
        told = {
            ask: tuple(Column(name, "int", "BIGINT") for name in FEATURES)
            for ask in asks
            if isinstance(ask, ShownFeatures)
        }
        rest: list[Ask[Any]] = [ask for ask in asks if ask not in told]
        return {**world.engine.answer(rest), **told}

    check = Importance.model_validate(
        {"type": "importance", "model": "m", "metric": "accuracy", "repeats": REPEATS, **settings}
    )
    found = results(check, INPUTS, answer)
    return {f"{one.measurement.subject} {one.measurement.metric}": one for one in found}


def test_importance_is_the_mean_drop_with_its_noise(tmp_path: Path) -> None:
    found = judged(tmp_path, top=("a",))
    assert list(found) == ["a importance by accuracy", "b importance by accuracy", "m top"]
    first = found["a importance by accuracy"].measurement
    assert first.value == pytest.approx(0.45)
    assert first.interval is not None
    # Student's 97.5% point with two degrees of freedom.
    assert first.interval.low == pytest.approx(0.45 - 4.302652730 * 0.05 / 3**0.5)


@pytest.mark.parametrize(
    "top, outcome", [(("a",), Outcome.PASSED), (("b",), Outcome.FAILED), (("c",), Outcome.ERRORED)]
)
def test_the_most_important_feature_is_named(tmp_path: Path, top: tuple[str, ...], outcome: Outcome) -> None:
    assert judged(tmp_path, top=top)["m top"].outcome is outcome


def test_what_noise_alone_could_do_is_not_decided(tmp_path: Path) -> None:
    wrong = {"m": {"a": (1, 9, 3), "b": (4, 3, 5)}}
    assert judged(tmp_path, wrong, top=("a",))["m top"].outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("most, outcome", [("89%", Outcome.FAILED), ("91%", Outcome.PASSED)])
def test_one_feature_has_no_more_than_its_share(tmp_path: Path, most: str, outcome: Outcome) -> None:
    result = judged(tmp_path, max_share={"a": most})["a share of importance"]
    assert result.measurement.value == pytest.approx(0.9)
    assert result.outcome is outcome


def test_no_importance_at_all_has_no_shares(tmp_path: Path) -> None:
    result = judged(tmp_path, {"m": {"a": (0, 0, 0), "b": (0, 0, 0)}}, max_share={"a": "50%"})
    assert result["a share of importance"].outcome is Outcome.ERRORED


def test_two_models_rely_on_different_features(tmp_path: Path) -> None:
    stability = {"against": "other", "min_rank_correlation": 0.5, "max_moved": "20%"}
    found = judged(tmp_path, stability=stability)
    assert found["m rank correlation of importances"].measurement.value == -1
    moved = found["m moved importance"]
    assert moved.measurement.value == pytest.approx(27 / 30 - 4 / 17)
    assert moved.outcome is Outcome.FAILED


def test_a_champion_that_cannot_be_asked_errors_the_stability_alone(tmp_path: Path) -> None:
    found = judged(
        tmp_path, {"m": WRONG["m"]}, top=("a",), stability={"against": "other", "max_moved": "20%"}
    )
    assert found["m top"].outcome is Outcome.PASSED
    assert found["m moved importance"].outcome is Outcome.ERRORED


def test_predictions_alone_have_no_importance(tmp_path: Path) -> None:
    inputs = Inputs(
        {"h": Dataset(path="h", target="y")}, {"m": Model(predictions=Predictions(dataset="h", label="y"))}
    )
    world = World(tmp_path, inputs)
    world.csv("a,y\n1,1\n", name="h")
    check = Importance.model_validate({"type": "importance", "metric": "accuracy", "top": ("a",)})
    (result,) = results(check, inputs, world.engine.answer)
    assert "has predictions only" in result.reason
    assert result.outcome is Outcome.ERRORED


@pytest.mark.parametrize(
    "settings, message",
    [
        ({}, "nothing is demanded"),
        ({"top": ("a", "a")}, "named twice"),
        ({"top": ("a",), "metric": "luck"}, "no such metric"),
        ({"top": ("a",), "model": "nobody"}, "nobody"),
        ({"stability": {"max_moved": "20%"}}, "there is no model 'champion'"),
    ],
)
def test_what_is_wrong_is_said_before(settings: dict[str, Any], message: str) -> None:
    given = {"type": "importance", "model": "m", "metric": "accuracy", **settings}
    ((_, sentence),) = Importance.model_validate(given).problems(INPUTS)
    assert message in sentence


def test_too_many_permutations_are_refused(tmp_path: Path) -> None:
    world = World(tmp_path, INPUTS)
    world.csv("a,y\n1,1\n", name="h")
    many = tuple(Column(f"f{place}", "int", "BIGINT") for place in range(2_001))

    def answer(asks: Any) -> Any:  # noqa: ANN401 - an answering function
        return {ask: many if isinstance(ask, ShownFeatures) else object() for ask in asks}

    check = Importance.model_validate(
        {"type": "importance", "model": "m", "metric": "accuracy", "top": ("f0",)}
    )
    (result,) = results(check, INPUTS, answer)
    assert isinstance(result.measurement.problem, Unmeasurable)
    assert "too many to be permuted" in result.reason
