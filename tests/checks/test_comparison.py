"""The comparison check over an engine: margins, champions that are missing or reported, tests, slices."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.checks.comparison import Comparison
from mlval.domain.asks import Ask, GroupCounts, Groups, Scores
from mlval.domain.bound import Margin
from mlval.domain.errors import SourceAbsent, SourceUnavailable
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.measurement import Measurement
from mlval.domain.verdict import Result
from mlval.measure.engine import predictions_table
from tests.checks.world import results, told
from tests.measure.world import World

ROWS = 1_000
HOLDOUT = Dataset(path="h.csv", key="id", target="y")
OLD, NEW = (
    Model(predictions=Predictions(path=f"{name}.csv", label="guess", score="p")) for name in ("old", "new")
)
INPUTS = Inputs({"h": HOLDOUT}, {"champion": OLD, "candidate": NEW})
REPORTED = Model(metrics={"accuracy": 0.9, "auc": 0.5})

Compare = Callable[..., tuple[Result, ...]]


def written(shown: np.ndarray[Any, np.dtype[np.float64]], labels: list[str] | None = None) -> str:
    guesses = labels or [str(int(p >= 0.5)) for p in shown]
    lines = (f"{row},{guess},{p:.6f}" for row, (guess, p) in enumerate(zip(guesses, shown, strict=True)))
    return "\n".join(["id,guess,p", *lines, ""])


def drawn(worse: float = 0.0) -> tuple[str, str, str]:
    """Return rows, and predictions of champion and candidate; the candidate is `worse` on a share of rows."""
    rng = np.random.default_rng(11)
    truth = rng.random(ROWS) < 0.4
    first = np.where(rng.random(ROWS) < 0.9, truth, ~truth)
    again = np.where(rng.random(ROWS) < 0.9, truth, ~truth)
    second = np.where(rng.random(ROWS) < 0.8, first, again)
    second = np.where(rng.random(ROWS) < worse, ~truth, second)
    scores = [
        np.clip(0.25 + 0.5 * guess + rng.normal(0, 0.08, ROWS), 0.01, 0.99) for guess in (first, second)
    ]
    lines = [f"{row},{int(y)},{'ab'[row % 2]},{row // 5}" for row, y in enumerate(truth)]
    return "\n".join(["id,y,plan,who", *lines, ""]), written(scores[0]), written(scores[1])


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    def judged(
        texts: tuple[str, str, str] | None = None,
        inputs: Inputs = INPUTS,
        **settings: Any,  # noqa: ANN401 - settings of the check
    ) -> tuple[Result, ...]:
        world = World(tmp_path, inputs)
        rows, old, new = texts or drawn()
        world.csv(rows, name="h")
        world.csv(old, name=predictions_table("champion"))
        world.csv(new, name=predictions_table("candidate"))
        return results(
            Comparison.model_validate({"type": "comparison", **settings}), inputs, world.engine.answer
        )

    return judged


def one(judged: tuple[Result, ...]) -> Measurement:
    (result,) = judged
    return result.measurement


ALL = {
    "accuracy": 0.1,
    "f1": 0.1,
    "roc_auc": 0.1,
    "log_loss": 0.5,
    "brier_score": 0.1,
    "average_precision": 0.1,
}


def test_every_family_has_its_method(compare: Compare) -> None:
    found = {result.measurement.metric: result for result in compare(metrics=ALL)}
    methods = {name: str(result.measurement.details["interval_by"]) for name, result in found.items()}
    assert methods["accuracy"] == "Tango's score interval"
    assert methods["f1"] == "delta method on joint counts"
    assert methods["roc_auc"] == "DeLong"
    assert methods["log_loss"] == methods["brier_score"] == "Student's interval of paired differences"
    assert methods["average_precision"] == "percentile bootstrap, 2,000 draws of 1,000 rows"
    assert {result.outcome for result in found.values()} == {"passed"}
    for result in found.values():
        measured = result.measurement
        assert measured.interval is not None
        assert measured.value == pytest.approx(
            float(measured.details["candidate"]) - float(measured.details["champion"])  # type: ignore[arg-type] # numbers
        )
        assert measured.interval.low < (measured.value or 0) < measured.interval.high


def test_accuracy_by_hand(compare: Compare) -> None:
    rows = "id,y\n" + "\n".join(f"{row},{row % 2}" for row in range(10)) + "\n"
    truth = [row % 2 for row in range(10)]
    old, new = list(truth), list(truth)
    old[0], new[1], new[3] = 1, 0, 0
    texts = [written(np.array(one, dtype=np.float64)) for one in (old, new)]
    found = one(compare((rows, *texts), metrics={"accuracy": 0.01}))
    assert (found.value, found.n) == (-0.1, 10)
    assert (found.details["only_candidate_right"], found.details["only_champion_right"]) == (1, 2)
    assert found.details["flips"] == 3
    assert found.details["mcnemar_exact_p"] == 1


@pytest.mark.parametrize("worse, outcome, blocks", [(0.0, "passed", False), (0.2, "failed", True)])
def test_better_passes_and_worse_fails(compare: Compare, worse: float, outcome: str, *, blocks: bool) -> None:
    (result,) = compare(drawn(worse), metrics={"accuracy": 0.05})
    assert (result.outcome, result.blocks) == (outcome, blocks)
    assert result.measurement.path == ("metrics", "accuracy")


def test_undecided_says_how_many_rows_would_decide(compare: Compare) -> None:
    (result,) = compare(metrics={"accuracy": {"min_better": 0.0}})
    assert result.outcome == "inconclusive"
    assert isinstance(result.measurement.details["rows_needed"], int)
    assert result.measurement.details["rows_needed"] > ROWS


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc", "log_loss", "average_precision"])
def test_a_share_of_the_champion_takes_its_error_into_account(compare: Compare, metric: str) -> None:
    relative = one(compare(metrics={metric: "20%"}))
    absolute = one(compare(metrics={metric: 0.2}))
    assert isinstance(relative.limit, Margin)
    end = relative.limit.min if relative.limit.min is not None else relative.limit.max
    assert abs(end or 0) == pytest.approx(0.2 * float(relative.details["champion"]))  # type: ignore[arg-type] # a number
    assert relative.value == absolute.value
    assert relative.interval != absolute.interval


def test_groups_are_whole(compare: Compare) -> None:
    rows = compare(metrics=ALL, group="who")
    assert {str(result.outcome) for result in rows} == {"passed"}
    methods = {result.measurement.metric: result.measurement.details["interval_by"] for result in rows}
    assert methods["roc_auc"] == "DeLong, whole groups"
    assert methods["average_precision"] == "percentile bootstrap, 2,000 draws of 200 groups"


def test_slices_have_margins_of_their_own(compare: Compare) -> None:
    found = compare(metrics={"accuracy": 0.1}, slices=("plan",), per_slice={"metrics": {"f1": 0.2}})
    assert told(found) == [
        ("candidate", "accuracy", "passed"),
        ("plan=level 1", "f1", "passed"),
        ("plan=level 2", "f1", "passed"),
    ]
    assert found[1].measurement.n == ROWS // 2
    few = compare(metrics={"accuracy": 0.1}, slices=("plan",), per_slice={"min_rows": 501})
    assert [(str(result.outcome), result.blocks) for result in few[1:]] == [("skipped", False)] * 2


def test_rows_are_chosen_by_where(compare: Compare) -> None:
    assert one(compare(metrics={"accuracy": 0.1}, where="plan = 'a'")).n == ROWS // 2
    (result,) = compare(metrics={"accuracy": 0.1}, where="plan = 'z'")
    assert (result.outcome, result.reason) == ("errored", "there are no rows to look at")


@pytest.mark.parametrize("test", ["mcnemar", "mcnemar_mid_p", "paired_t", "wilcoxon"])
@pytest.mark.parametrize("worse, outcome", [(0.0, "passed"), (0.2, "failed")])
def test_a_test_may_be_required(compare: Compare, test: str, worse: float, outcome: str) -> None:
    found = compare(drawn(worse), metrics={"log_loss": {"max_worse": 9}}, test=test, alpha=0.01)
    assert [str(result.outcome) for result in found] == ["passed", outcome]
    assert found[1].measurement.path == ("test",)


def test_divergence_needs_no_truth(compare: Compare) -> None:
    inputs = Inputs({"h": Dataset(path="h.csv", key="id")}, INPUTS.models)
    (result,) = compare(inputs=inputs, max_divergence="20%")
    assert (result.outcome, result.measurement.of) == ("passed", ROWS)
    (result,) = compare(drawn(0.2), inputs=inputs, max_divergence="10%")
    assert result.outcome == "failed"
    assert result.measurement.value == pytest.approx((result.measurement.n or 0) / ROWS)


def test_reported_numbers_are_held_against_the_candidates_own_interval(compare: Compare) -> None:
    inputs = Inputs({"h": HOLDOUT}, {"champion": REPORTED, "candidate": NEW})
    found = compare(inputs=inputs, metrics={"accuracy": 0.05, "roc_auc": 0.05, "f1": 0.1})
    assert told(found) == [
        ("candidate", "accuracy", "passed"),
        ("candidate", "f1", "errored"),
        ("candidate", "roc_auc", "passed"),
    ]
    assert found[0].measurement.details["remark"] == (
        "the champion's value is reported, not measured: nothing is paired"
    )
    assert found[1].reason == "the champion reports no f1"
    check = Comparison.model_validate({"type": "comparison", "metrics": {"accuracy": 0.1}, "id": "c"})
    assert check.uses(inputs).models == ("candidate",)


@pytest.mark.parametrize(
    "if_missing, cause, outcome, blocks",
    [
        ("pass", SourceAbsent("MLflow has no model 'm' prod"), "skipped", False),
        ("pass", SourceUnavailable("MLflow did not answer"), "errored", True),
        ("block", SourceAbsent("MLflow has no model 'm' prod"), "errored", True),
    ],
)
def test_a_first_model_has_no_champion(
    tmp_path: Path, if_missing: str, cause: SourceUnavailable, outcome: str, *, blocks: bool
) -> None:
    champion = Model.model_validate({"uri": "models:/m@prod", "if_missing": if_missing})
    inputs = Inputs({"h": HOLDOUT}, {"champion": champion, "candidate": NEW})
    world = World(tmp_path, inputs)
    rows, _, new = drawn()
    world.csv(rows, name="h")
    world.csv(new, name=predictions_table("candidate"))
    world.engine.no_predictions(Scores("champion", "h"), cause)
    check = Comparison.model_validate({"type": "comparison", "metrics": {"accuracy": 0.1}})
    (result,) = results(check, inputs, world.engine.answer)
    assert (result.outcome, result.blocks) == (outcome, blocks)


def relabelled(text: str, names: dict[str, str]) -> str:
    head, *lines = text.splitlines()
    cells = (line.split(",") for line in lines)
    return "\n".join([head, *(f"{row},{names[guess]},{p}" for row, guess, p in cells), ""])


ROWS_OF, OLD_OF, NEW_OF = drawn()
BAD: dict[str, tuple[tuple[str, str, str], dict[str, Any], str]] = {
    "other labels of the champion": (
        (ROWS_OF, relabelled(OLD_OF, {"0": "no", "1": "yes"}), NEW_OF),
        {"accuracy": 0.1},
        "the champion predicts none of the 2 classes of the truth",
    ),
    "other labels of the candidate": (
        (ROWS_OF, OLD_OF, relabelled(NEW_OF, {"0": "no", "1": "yes"})),
        {"accuracy": 0.1},
        "the candidate predicts none of the 2 classes of the truth",
    ),
    "rows without a prediction": (
        (ROWS_OF, OLD_OF, "\n".join(NEW_OF.splitlines()[:-3]) + "\n"),
        {"accuracy": 0.1},
        "3 labelled rows have no prediction",
    ),
    "a key twice": (
        (ROWS_OF, OLD_OF + "7,1,0.5\n", NEW_OF),
        {"accuracy": 0.1},
        "1 rows of the predictions repeat a key",
    ),
    "scores that are no probabilities": (
        (ROWS_OF, OLD_OF, NEW_OF.replace("0.", "1.")),
        {"log_loss": 0.1},
        "scores are not probabilities: log loss needs values from 0 to 1",
    ),
    "one class": (
        ("id,y\n" + "\n".join(f"{row},1" for row in range(ROWS)) + "\n", OLD_OF, NEW_OF),
        {"roc_auc": 0.1},
        "one class only: ROC AUC needs both",
    ),
    "the worst row": (
        (ROWS_OF, OLD_OF, NEW_OF),
        {"max_error": 1},
        "max_error rests on one row: the difference of two",
    ),
    "ranks in groups": (
        (ROWS_OF, OLD_OF, NEW_OF),
        {"mrr": 0.1},
        "rows are ranked within groups, and the dataset names no column",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_compared_is_errored(compare: Compare, case: str) -> None:
    texts, metrics, reason = BAD[case]
    (result,) = compare(texts, metrics=metrics)
    assert (result.outcome, result.blocks) == ("errored", True)
    assert result.reason.startswith(reason)


NO_TARGET = Inputs({"h": Dataset(path="h.csv", key="id")}, INPUTS.models)
PROBLEMS: dict[str, tuple[dict[str, Any], Inputs, tuple[str, ...]]] = {
    "nothing demanded": ({}, INPUTS, ("metrics",)),
    "no target": ({"metrics": {"accuracy": 0.1}}, NO_TARGET, ("dataset",)),
    "no champion": (
        {"metrics": {"accuracy": 0.1}},
        Inputs({"h": HOLDOUT}, {"a": OLD, "b": NEW}),
        ("champion",),
    ),
    "itself": ({"metrics": {"accuracy": 0.1}, "candidate": "champion"}, INPUTS, ("champion",)),
    "alpha alone": ({"metrics": {"accuracy": 0.1}, "alpha": 0.1}, INPUTS, ("alpha",)),
    "no losses": ({"metrics": {"accuracy": 0.1}, "test": "wilcoxon"}, INPUTS, ("test",)),
    "half sure": ({"metrics": {"accuracy": 0.1}, "confidence": "50%"}, INPUTS, ("confidence",)),
    "more than all": ({"max_divergence": "110%"}, INPUTS, ("max_divergence",)),
    "a test of what was reported": (
        {"metrics": {"accuracy": 0.1}, "test": "mcnemar"},
        Inputs({"h": HOLDOUT}, {"champion": REPORTED, "candidate": NEW}),
        ("test",),
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_what_is_wrong_is_said_before_anything_is_read(case: str) -> None:
    settings, inputs, path = PROBLEMS[case]
    found = Comparison.model_validate({"type": "comparison", **settings}).problems(inputs)
    assert [where for where, _ in found] == [path]


def test_a_sound_contract_has_no_problems() -> None:
    check = Comparison.model_validate(
        {"type": "comparison", "metrics": ALL, "test": "paired_t", "alpha": 0.01}
    )
    assert check.problems(INPUTS) == ()


def test_rows_that_are_lost_on_the_way_are_an_error(tmp_path: Path) -> None:
    world = World(tmp_path, INPUTS)
    for name, text in zip(("h", *map(predictions_table, INPUTS.models)), drawn(), strict=True):
        world.csv(text, name=name)

    def lossy(asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        answers = dict(world.engine.answer(asks))
        for ask, found in answers.items():
            if isinstance(ask, Groups) and isinstance(found, GroupCounts):
                first, *others = found.counts
                answers[ask] = GroupCounts({key: found.counts[key] for key in others})
                assert first not in others
        return answers

    check = Comparison.model_validate({"type": "comparison", "metrics": {"accuracy": 0.9}})
    (result,) = results(check, INPUTS, lossy)
    assert result.outcome == "errored"
    assert "labelled rows have no prediction of both models" in result.reason
