"""The performance check by hand-made answers: slices, windows, rows without a truth, and what is missing."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from mlval.domain.asks import Ask, ByColumn, Columns, GroupCounts, Groups, Last, Rows, Scored, Vectors
from mlval.domain.errors import Failure, SourceUnavailable
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Interval
from mlval.domain.outcome import Outcome
from tests.checks.scored import ALL, HOLDOUT, INPUTS, MODEL, OF_SLICES, ROWS, Row, answer, run, values
from tests.checks.world import told


def test_metrics_of_the_whole() -> None:
    found = values(run(metrics=ALL))
    assert found == {
        ("candidate", "accuracy"): 0.75,
        ("candidate", "precision"): 0.75,
        ("candidate", "recall"): 0.75,
        ("candidate", "f1"): 0.75,
        ("candidate", "roc_auc"): 0.9375,
        ("candidate", "log_loss"): pytest.approx(0.400367, abs=1e-6),
        ("candidate", "mean_absolute_error"): 0.25,
    }


def test_rows_without_a_truth_are_left_out_and_counted_once() -> None:
    judged = run(metrics={"accuracy": 0.1, "roc_auc": 0.1}, **OF_SLICES)
    whole = [one.measurement for one in judged if one.measurement.subject == "candidate"]
    assert [(one.of, one.details) for one in whole] == [(8, {"unlabelled_rows": 1})] * 2
    assert all(not one.measurement.details for one in judged[2:])


def test_slices_are_judged_each_on_its_own_rows() -> None:
    judged = run(metrics={"accuracy": 0.9, "roc_auc": 0.1}, **OF_SLICES)
    assert {key: value for key, value in values(judged).items() if key[1] == "accuracy"} == {
        ("candidate", "accuracy"): 0.75,
        ("zone=(null)", "accuracy"): 1.0,
        ("zone=level 2", "accuracy"): pytest.approx(2 / 3),
        ("zone=level 3", "accuracy"): 0.75,
    }
    outcomes = {(one.measurement.subject, one.measurement.metric): one.outcome for one in judged}
    assert outcomes["zone=(null)", "roc_auc"] == Outcome.ERRORED
    assert outcomes["zone=level 2", "accuracy"] == Outcome.FAILED


def test_names_of_levels_are_told_only_where_the_contract_spells_them() -> None:
    judged = run(metrics={"accuracy": 0.1, "roc_auc": 0.1}, **OF_SLICES)
    said = json.dumps(
        [[one.reason, one.measurement.subject, dict(one.measurement.details)] for one in judged]
    )
    assert "s3cret" not in said
    assert "open" not in said
    spelled = Inputs(INPUTS.datasets, INPUTS.models, frozenset({"open"}))
    subjects = {
        one.measurement.subject for one in run(inputs=spelled, metrics={"accuracy": 0.1}, **OF_SLICES)
    }
    assert subjects == {"candidate", "zone=(null)", "zone=open", "zone=level 3"}


def test_a_slice_with_too_few_rows_is_listed_and_not_judged() -> None:
    judged = run(metrics={"accuracy": 0.99}, slices=("zone",), per_slice={"min_rows": 4})
    assert told(judged) == [
        ("candidate", "accuracy", "failed"),
        ("zone=(null)", "accuracy", "skipped"),
        ("zone=level 2", "accuracy", "skipped"),
        ("zone=level 3", "accuracy", "failed"),
    ]
    assert [one.blocks for one in judged] == [True, False, False, True]
    assert judged[1].reason == "1 labelled rows are fewer than `min_rows: 4`"


def test_slices_may_have_bounds_of_their_own() -> None:
    judged = run(
        metrics={"accuracy": 0.1}, slices=("zone",), per_slice={"min_rows": 4, "metrics": {"recall": 0.9}}
    )
    assert told(judged)[-1] == ("zone=level 3", "recall", "failed")
    assert judged[-1].measurement.path == ("per_slice", "metrics", "recall")
    assert judged[0].measurement.path == ("metrics", "accuracy")


@pytest.mark.parametrize(
    "failing, metric, other", [(Vectors, "roc_auc", "accuracy"), (Groups, "recall", "roc_auc")]
)
def test_evidence_that_only_slices_need_and_that_is_missing_is_said(
    failing: type[Ask[Any]], metric: str, other: str
) -> None:
    settings: dict[str, Any] = {
        "metrics": {other: 0.1},
        "slices": ("zone",),
        "per_slice": {"min_rows": 1, "metrics": {metric: 0.1}},
    }
    judged = run(by=answer(ROWS, failing=failing), **settings)
    errored = [one for one in judged if one.measurement.metric == metric]
    assert errored
    assert all(one.outcome == Outcome.ERRORED and one.blocks for one in errored)


def test_evidence_that_is_missing_is_said_once() -> None:
    judged = run(by=answer(ROWS, failing=Vectors), metrics={"accuracy": 0.1, "roc_auc": 0.1}, **OF_SLICES)
    errored = [one.measurement.subject for one in judged if one.outcome == Outcome.ERRORED]
    assert errored == ["candidate"]
    assert {one.measurement.metric for one in judged if one.measurement.subject != "candidate"} == {
        "accuracy"
    }


NO_ROWS_OF_A_SLICE: list[Row] = [("1", "1", 0.9, "x"), ("0", "0", 0.2, "x")]


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_a_slice_that_no_row_is_in_is_no_pass(metric: str) -> None:
    none = [{"name": "far", "where": "zone = 'far'"}]
    by = answer(NO_ROWS_OF_A_SLICE)

    def without_levels(asks: Any) -> Mapping[Ask[Any], Any]:  # noqa: ANN401 - asks
        found: dict[Ask[Any], Any] = {}
        for ask, reply in by(asks).items():
            if isinstance(reply, Columns):
                codes = tuple(np.full_like(one, -1) for one in reply.codes)
                found[ask] = Columns(reply.values, codes, ((),) * len(codes))
            elif isinstance(reply, GroupCounts) and len(getattr(ask, "by", ())) > 2:
                found[ask] = GroupCounts({(*key[:2], None): count for key, count in reply.counts.items()})
            else:
                found[ask] = reply
        return found

    judged = run(by=without_levels, metrics={metric: 0.1}, slices=tuple(none))
    assert told(judged) == [("candidate", metric, "passed"), ("far", metric, "errored")]


CLASSES: dict[str, tuple[list[Row], dict[str, Any], str | int | None, list[str]]] = {
    "one class": ([("1", "1", 0.9, "a")] * 40, {"roc_auc": 0.1}, None, ["errored"]),
    "one class, which the contract does not name": (
        [("no", "no", 0.1, "a")] * 40,
        {"log_loss": 9},
        "yes",
        ["errored"],
    ),
    "one customary class": (
        [("0", "0", 0.1, "a")] * 40,
        {"accuracy": 0.1, "log_loss": 9},
        None,
        ["passed", "passed"],
    ),
    "a named class": (
        [("no", "no", 0.1, "a"), ("yes", "yes", 0.9, "a")],
        {"recall": 0.9, "roc_auc": 0.9},
        "yes",
        ["passed"] * 2,
    ),
    "no class named": (
        [("no", "no", 0.1, "a"), ("yes", "yes", 0.9, "a")],
        {"recall": 0.9, "roc_auc": 0.9},
        None,
        ["errored"] * 2,
    ),
    "three classes": (
        [("0", "0", 0.1, "a"), ("1", "1", 0.9, "a"), ("2", "2", 0.9, "a")],
        {"accuracy": 0.9, "recall": 0.9, "roc_auc": 0.9},
        1,
        ["passed", "errored", "errored"],
    ),
    "three classes, averaged": (
        [("0", "0", 0.1, "a"), ("1", "1", 0.9, "a"), ("2", "1", 0.9, "a")],
        {"recall": {"min": 0.7, "average": "macro"}, "f1": {"min": 0.6, "average": "micro"}},
        None,
        ["failed", "passed"],
    ),
    "three classes and rows without a truth": (
        [("0", "0", 0.1, "a"), ("1", "1", 0.9, "a"), ("2", "2", 0.9, "a"), (None, "2", 0.9, "a")],
        {"roc_auc": 0.9},
        1,
        ["errored"],
    ),
    "never predicted": (
        [("0", "0", 0.1, "a"), ("1", "0", 0.2, "a")],
        {"precision": 0, "recall": 0},
        None,
        ["errored", "passed"],
    ),
    "scores that are no probabilities": (
        [("0", "0", -1.0, "a"), ("1", "1", 2.0, "a")],
        {"log_loss": 9, "roc_auc": 0.9},
        None,
        ["errored", "passed"],
    ),
    "an endless score": (
        [("0", "0", 0.1, "a"), ("1", "1", float("inf"), "a")],
        {"roc_auc": 0.1, "log_loss": 9},
        None,
        ["errored"] * 2,
    ),
    "values that do not vary": (
        [("1", "1", 0.1, "a")] * 9,
        {"r2": 0.1, "rmse": 1},
        None,
        ["errored", "passed"],
    ),
}


@pytest.mark.parametrize("name", CLASSES)
def test_classes_and_scores(name: str) -> None:
    rows, metrics, positive, outcomes = CLASSES[name]
    inputs = Inputs({"h": HOLDOUT.model_copy(update={"positive": positive})}, {"candidate": MODEL})
    judged = {one.measurement.metric: one.outcome.value for one in run(rows, inputs, metrics=metrics)}
    spelled = {"rmse": "root_mean_squared_error"}
    assert [judged[spelled.get(metric, metric)] for metric in metrics] == outcomes


@pytest.mark.parametrize("rows", [[], [(None, "1", 0.5, "a")] * 9])
@pytest.mark.parametrize("if_empty, outcome", [("error", "errored"), ("skip", "skipped")])
def test_no_truth_is_no_pass(rows: list[Row], if_empty: str, outcome: str) -> None:
    assert told(run(rows, metrics=ALL, if_empty=if_empty)) == [("candidate", "rows", outcome)]


@pytest.mark.parametrize(
    "scored, metric",
    [(Scored("joined", None, "p"), "accuracy"), (Scored("joined", "guess", None), "roc_auc")],
)
def test_predictions_that_are_not_named_are_an_error(scored: Scored, metric: str) -> None:
    judged = run(by=answer(ROWS, scored), metrics={"accuracy": 0.1, "roc_auc": 0.1})
    outcomes = {one.measurement.metric: one.outcome for one in judged}
    assert outcomes.pop(metric) == Outcome.ERRORED
    assert set(outcomes.values()) == {Outcome.PASSED}


def test_predictions_that_cannot_be_joined_are_one_error() -> None:
    gone = Failure(SourceUnavailable("predictions candidate: gone"))
    (only,) = run(by=answer(ROWS, gone), metrics=ALL, **OF_SLICES)
    assert (only.outcome, only.reason) == (Outcome.ERRORED, "predictions candidate: gone")


def test_a_window_and_a_filter_choose_rows() -> None:
    rows = Rows("joined", "zone <> 'x'", Last("at", 5))
    judged = run(by=answer(ROWS, where=rows), metrics=ALL, window=5, where="zone <> 'x'")
    assert len(judged) == len(ALL)


def test_the_interval_is_told_and_judged_where_confidence_is_demanded() -> None:
    plain, sure = (run(metrics={"accuracy": limit})[0] for limit in (0.7, {"min": 0.7, "confidence": "90%"}))
    assert (plain.outcome, sure.outcome) == (Outcome.PASSED, Outcome.INCONCLUSIVE)
    assert isinstance(sure.measurement.interval, Interval)
    assert (
        sure.measurement.interval.confidence,
        plain.measurement.interval and plain.measurement.interval.confidence,
    ) == (0.9, 0.95)


def test_slices_of_one_column_are_asked_with_their_nulls() -> None:
    asked: list[Ask[Any]] = []
    by = answer(ROWS)

    def listening(asks: Any) -> Mapping[Ask[Any], Any]:  # noqa: ANN401 - asks
        asked.extend(asks)
        return dict(by(asks))

    run(by=listening, metrics={"accuracy": 0.1}, **OF_SLICES)
    groups = [ask for ask in asked if isinstance(ask, Groups)]
    assert [ask.by[2:] for ask in groups] == [(), (ByColumn("zone", nulls="(null)"),)]
