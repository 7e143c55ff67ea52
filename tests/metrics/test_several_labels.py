"""Lists of labels from Parquet to judged metrics, against scikit-learn's indicator matrices."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle
from sklearn.preprocessing import MultiLabelBinarizer

from mlval.checks.performance import Performance
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.verdict import Result
from mlval.measure.engine import predictions_table
from tests.checks.world import results
from tests.measure.world import World

Labels = Sequence[str | None] | None
OWN = Inputs(
    {"h": Dataset(path="h.parquet", target="y")},
    {"m": Model(predictions=Predictions(dataset="h", label="guess"))},
)
JOINED = Inputs(
    {"h": Dataset(path="h.parquet", target="y", key="id")},
    {"m": Model(predictions=Predictions(path="p.parquet", label="guess"))},
)
NAMES = np.array(["art", "b, c", "it's", "é", "z"])
HOSTILE = "]'), (('"


def sql(labels: Labels, kind: str = "VARCHAR") -> str:
    """Return a list of labels as SQL."""
    if labels is None:
        return f"NULL::{kind}[]"
    texts = ("NULL" if one is None else "'{}'".format(one.replace("'", "''")) for one in labels)
    return f"[{', '.join(texts)}]::{kind}[]"


def table(*columns: tuple[str, Sequence[str]]) -> str:
    rows = zip(*(values for _, values in columns), strict=True)
    named = ", ".join(name for name, _ in columns)
    return f"SELECT * FROM (VALUES {', '.join('(' + ', '.join(row) + ')' for row in rows)}) AS t({named})"


def judged(
    folder: Path,
    truth: Sequence[Labels],
    guess: Sequence[Labels],
    *,
    kind: str = "VARCHAR",
    **settings: Any,  # noqa: ANN401
) -> tuple[Result, ...]:
    world = World(folder, OWN)
    zones = [f"'{'ab'[row % 2]}'" for row in range(len(truth))]
    columns = (
        ("y", [sql(one) for one in truth]),
        ("guess", [sql(one, kind) for one in guess]),
        ("zone", zones),
    )
    world.parquet(table(*columns), name="h")
    check = Performance.model_validate({"type": "performance", **settings})
    return results(check, OWN, world.engine.answer)


def drawn(rows: int = 120) -> tuple[list[list[str]], list[list[str]]]:
    rng = np.random.default_rng(3)
    truth = rng.random((rows, 5)) < [0.5, 0.3, 0.2, 0.1, 0.4]
    truth[~truth.any(axis=1), 1] = True
    guess = np.where(rng.random((rows, 5)) < 0.2, ~truth, truth)
    return [list(NAMES[row]) for row in truth], [list(NAMES[row][::-1]) for row in guess]


def of(score: Callable[..., float], **settings: Any) -> Callable[[Any, Any], float]:  # noqa: ANN401
    return lambda truth, guess: score(truth, guess, zero_division=0, **settings)


EXPECTED: dict[str, Callable[[Any, Any], float]] = {
    "accuracy": oracle.accuracy_score,
    "hamming_loss": oracle.hamming_loss,
    **{
        f"{name}_{average}": of(score, average=average)
        for name, score in {
            "precision": oracle.precision_score,
            "recall": oracle.recall_score,
            "f1": oracle.f1_score,
            "jaccard": oracle.jaccard_score,
        }.items()
        for average in ("micro", "macro", "weighted", "samples")
    },
}


def expected(truth: Sequence[Sequence[str]], guess: Sequence[Sequence[str]]) -> dict[str, Any]:
    coded = MultiLabelBinarizer().fit([*truth, *guess])
    sides = coded.transform(truth), coded.transform(guess)
    return {name: pytest.approx(score(*sides), rel=1e-9, abs=1e-9) for name, score in EXPECTED.items()}


def test_every_metric_of_lists_is_scikit_learns(tmp_path: Path) -> None:
    truth, guess = drawn()
    found = judged(tmp_path, truth, guess, metrics={name: {"min": 0} for name in EXPECTED}, slices=("zone",))
    told: dict[str, dict[str, float | None]] = {}
    for one in found:
        assert one.measurement.problem is None
        told.setdefault(one.measurement.subject, {})[one.measurement.metric] = one.measurement.value
    assert told == {
        "m": expected(truth, guess),
        "zone=level 1": expected(truth[::2], guess[::2]),
        "zone=level 2": expected(truth[1::2], guess[1::2]),
    }


def test_an_average_may_be_chosen(tmp_path: Path) -> None:
    truth, guess = drawn()
    (one,) = judged(tmp_path, truth, guess, metrics={"f1": {"min": 0, "average": "macro"}})
    assert one.measurement.value == expected(truth, guess)["f1_macro"]


def test_what_lists_mean(tmp_path: Path) -> None:
    truth: list[Labels] = [["a", "b"], ["b", "b", "a"], [], None, ["a"]]
    guess: list[Labels] = [["b", "a"], ["a", "b"], [], ["a"], []]
    found = judged(tmp_path, truth, guess, metrics={"accuracy": 0, "hamming_loss": 1, "f1_micro": 0})
    told = {one.measurement.metric: one.measurement for one in found}
    assert (told["accuracy"].value, told["accuracy"].of) == (0.75, 4)
    assert told["hamming_loss"].value == 1 / 8
    assert told["f1_micro"].value == pytest.approx(8 / 9)
    assert told["accuracy"].details == {"unlabelled_rows": 1}


def test_numbers_and_text_are_the_same_labels(tmp_path: Path) -> None:
    found = judged(
        tmp_path, [["1", "2"], ["3"]], [["1", "2"], ["3"]], kind="INTEGER", metrics={"accuracy": 1}
    )
    assert [str(one.outcome) for one in found] == ["passed"]


def test_predictions_of_a_file_are_joined(tmp_path: Path) -> None:
    world = World(tmp_path, JOINED)
    rows = [["x", HOSTILE], ["y"], []]
    ids = ["1", "2", "3"]
    world.parquet(table(("id", ids), ("y", [sql(one) for one in rows])), name="h")
    backwards = table(("id", ids[::-1]), ("guess", [sql(one) for one in rows[::-1]]))
    world.parquet(backwards, name=predictions_table("m"))
    check = Performance.model_validate({"type": "performance", "metrics": {"accuracy": 1, "f1_macro": 1}})
    found = results(check, JOINED, world.engine.answer)
    assert [str(one.outcome) for one in found] == ["passed", "passed"]


BAD: dict[str, tuple[list[Any], list[Any], dict[str, Any], str]] = {
    "no predicted list": ([["a"]], [None], {"accuracy": 0}, "1 labelled rows have no prediction"),
    "a null among the labels": ([["a", None]], [["a"]], {"accuracy": 0}, "a list of labels holds a null"),
    "no label anywhere": ([[], []], [[], []], {"f1_macro": 0}, "no row has a label, neither true nor"),
    "a row without any": (
        [["a"], []],
        [["a"], []],
        {"f1_samples": 0},
        "1 of 2 rows have neither a true nor a predicted label",
    ),
    "nothing predicted": ([["a"]], [[]], {"precision_micro": 0}, "no row has a label that counts: precision"),
    "nothing true": ([[]], [["a"]], {"f1_weighted": 0}, "no row truly has a label"),
    "one class only": ([["a"]], [["a"]], {"precision": 0}, "rows have several labels: say `average:"),
    "needs one class": ([["a"]], [["a"]], {"cohen_kappa": 0}, "truth and prediction are lists of labels"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_undefined_is_errored(tmp_path: Path, case: str) -> None:
    truth, guess, metrics, reason = BAD[case]
    (one,) = judged(tmp_path, truth, guess, metrics=metrics)
    assert str(one.outcome) == "errored"
    assert str(one.measurement.problem or one.reason).startswith(reason)


def test_one_label_held_against_a_list_is_errored(tmp_path: Path) -> None:
    world = World(tmp_path, OWN)
    world.parquet(table(("y", ["['a']"]), ("guess", ["'a'"])), name="h")
    check = Performance.model_validate({"type": "performance", "metrics": {"accuracy": 0}})
    (one,) = results(check, OWN, world.engine.answer)
    assert one.reason.startswith("the target 'y' holds lists of labels, and the predictions one label a row")


def test_one_label_a_row_has_no_metrics_of_lists(tmp_path: Path) -> None:
    world = World(tmp_path, OWN)
    world.parquet(table(("y", ["'a'"]), ("guess", ["'a'"])), name="h")
    check = Performance.model_validate({"type": "performance", "metrics": {"hamming_loss": 1}})
    (one,) = results(check, OWN, world.engine.answer)
    assert one.reason.startswith("truth and prediction are not lists of labels")
