"""Fairness: the gaps of a naive count, what is judged of them, and what is only listed."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mlval.checks.fairness import Fairness
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from tests.checks import predicted_world
from tests.checks.predicted_world import Row, inputs, judged, table

COLUMNS = ("id", "y", "guess", "p", "g", "h")
LOOSE = {f"{name}_difference": 0.99 for name in ("demographic_parity", "equalized_odds", "equal_opportunity")}
LOOSE |= {"accuracy_score_difference": 0.99, "precision_score_difference": 0.99}


def rows(seed: int, n: int = 900) -> list[Row]:
    draw = np.random.default_rng(seed)
    found: list[Row] = []
    for index in range(n):
        group, other = "abc"[draw.integers(3)], "uv"[draw.integers(2)]
        truth = int(draw.random() < 0.4)
        score = float(np.clip(0.3 * truth + draw.random() * 0.7 + (0.1 if group == "a" else 0), 0, 1))
        found.append((index, truth, int(score > 0.5), round(score, 6), group, other))
    return found


def run(
    folder: Path,
    of: Sequence[Row],
    given: Inputs | None = None,
    **settings: Any,  # noqa: ANN401 - settings of the check
) -> tuple[Result, ...]:
    settings = {"sensitive": "g", "metrics": LOOSE, "min_group": 2, "min_denominator": 2, **settings}
    check = Fairness.model_validate({"type": "fairness", **settings})
    return judged(folder, table(COLUMNS, of), check, given)


def naive(of: list[Row], groups: tuple[int, ...]) -> dict[str, tuple[float, float]]:
    """Return the largest difference and the smallest ratio of each rate, by loops."""
    split: dict[tuple[object, ...], list[Row]] = {}
    for row in of:
        split.setdefault(tuple(row[place] for place in groups), []).append(row)

    def gap(rate: str) -> tuple[float, float]:
        found = []
        for members in split.values():
            among = {"tpr": [r for r in members if r[1] == 1], "fpr": [r for r in members if r[1] == 0]}
            among |= {"sel": members, "acc": members, "pre": [r for r in members if r[2] == 1]}
            count = [r[1] == r[2] if rate in {"acc", "pre"} else r[2] == 1 for r in among[rate]]
            found.append(sum(count) / len(count))
        return max(found) - min(found), min(found) / max(found)

    (tpr, tpr_ratio), (fpr, fpr_ratio) = gap("tpr"), gap("fpr")
    return {
        "demographic_parity": gap("sel"),
        "equal_opportunity": (tpr, tpr_ratio),
        "equalized_odds": (max(tpr, fpr), min(tpr_ratio, fpr_ratio)),
        "accuracy_score": gap("acc"),
        "precision_score": gap("pre"),
    }


@pytest.mark.parametrize("seed, groups", [*product(range(4), [(4,), (4, 5)])])
def test_gaps_are_those_of_a_naive_count(tmp_path: Path, seed: int, groups: tuple[int, ...]) -> None:
    of = rows(seed)
    names = [COLUMNS[place] for place in groups]
    metrics = LOOSE | {name.replace("difference", "ratio"): 0.01 for name in LOOSE}
    found = run(tmp_path, of, sensitive=(tuple(names),), metrics=metrics)
    expected = naive(of, groups)
    for one in found:
        family, kind = one.measurement.metric.rsplit("_", 1)
        assert one.measurement.subject == " and ".join(names)
        assert one.measurement.value == pytest.approx(expected[family][kind == "ratio"], abs=1e-9)
    assert len(found) == len(metrics)


OF_FAIRLEARN = {"a": (31, 19, 11, 39), "b": (17, 33, 6, 54), "c": (12, 8, 9, 26)}
FAIRLEARN = {
    "demographic_parity_difference": 0.2109090909090909,
    "demographic_parity_ratio": 0.4978354978354978,
    "equalized_odds_difference": 0.27999999999999997,
    "equalized_odds_ratio": 0.38888888888888895,
    "equal_opportunity_difference": 0.27999999999999997,
    "equal_opportunity_ratio": 0.5483870967741936,
    "selection_rate_difference": 0.2109090909090909,
    "selection_rate_ratio": 0.4978354978354978,
    "true_positive_rate_difference": 0.27999999999999997,
    "true_positive_rate_ratio": 0.5483870967741936,
    "false_positive_rate_difference": 0.1571428571428571,
    "false_positive_rate_ratio": 0.38888888888888895,
    "true_negative_rate_difference": 0.15714285714285714,
    "true_negative_rate_ratio": 0.8253968253968254,
    "false_negative_rate_difference": 0.28,
    "false_negative_rate_ratio": 0.5757575757575757,
    "accuracy_score_difference": 0.05454545454545445,
    "accuracy_score_ratio": 0.9220779220779222,
    "zero_one_loss_difference": 0.05454545454545445,
    "zero_one_loss_ratio": 0.8461538461538464,
}
"""Of these groups, by fairlearn 0.15.0."""


def wide(count: dict[str, tuple[int, int, int, int]]) -> list[Row]:
    """Return rows by (true positives, false negatives, false positives, true negatives) of each group."""
    cells = ((1, 1), (1, 0), (0, 1), (0, 0))
    found = [
        (truth, guess, 0.5, group, "u")
        for group, numbers in count.items()
        for (truth, guess), number in zip(cells, numbers, strict=True)
        for _ in range(number)
    ]
    return [(index, *row) for index, row in enumerate(found)]


def test_gaps_are_those_of_fairlearn(tmp_path: Path) -> None:
    metrics = {name: 0.99 if name.endswith("difference") else 0.01 for name in FAIRLEARN}
    found = run(tmp_path, wide(OF_FAIRLEARN), metrics=metrics)
    values = {one.measurement.metric: one.measurement.value for one in found}
    assert values == pytest.approx(FAIRLEARN, abs=1e-9)


def outcome(found: tuple[Result, ...], metric: str = "demographic_parity_difference") -> Outcome:
    return next(one.outcome for one in found if one.measurement.metric == metric)


PARITY: dict[str, Any] = {"metrics": {"demographic_parity_difference": 0.1}}


@pytest.mark.parametrize(
    "second, expected",
    [
        ((300, 200, 200, 300), Outcome.PASSED),
        ((150, 350, 50, 450), Outcome.FAILED),
        ((250, 250, 160, 340), Outcome.INCONCLUSIVE),
    ],
)
def test_the_interval_of_the_gap_decides(
    tmp_path: Path, second: tuple[int, int, int, int], expected: Outcome
) -> None:
    found = run(tmp_path, wide({"a": (300, 200, 200, 300), "b": second}), **PARITY)
    assert [one.outcome for one in found] == [expected]
    assert found[0].blocks is (expected is Outcome.FAILED)


def test_an_open_gap_blocks_where_the_contract_says_so(tmp_path: Path) -> None:
    of = wide({"a": (300, 200, 200, 300), "b": (250, 250, 160, 340)})
    assert run(tmp_path, of, **PARITY, when_inconclusive="block")[0].blocks
    lean: dict[str, Any] = {"metrics": {"demographic_parity_difference": 0.05}, "when_inconclusive": "lean"}
    assert run(tmp_path, of, **lean)[0].blocks


def test_the_gap_of_equal_groups_stands_beside(tmp_path: Path) -> None:
    of = wide(dict.fromkeys("abcdefgh", (30, 30, 20, 120)))
    (one,) = run(tmp_path, of, **PARITY)
    assert one.measurement.value == 0
    assert one.measurement.details["by_chance"] == pytest.approx(0.086, abs=0.005)
    assert "by chance" in str(one.measurement.details["remark"])
    assert one.measurement.details["comparisons"] == 28


def test_four_fifths_is_a_ratio_of_selection_rates(tmp_path: Path) -> None:
    of = wide({"a": (500, 0, 300, 200), "b": (300, 200, 100, 400)})
    (one,) = run(tmp_path, of, metrics={}, four_fifths=True)
    assert (one.measurement.value, one.outcome) == (0.5, Outcome.FAILED)


def test_small_groups_are_listed_and_do_not_count(tmp_path: Path) -> None:
    of = wide({"a": (50, 50, 50, 50), "b": (50, 50, 50, 50), "tiny": (0, 0, 0, 2)})
    found = run(tmp_path, of, min_group=100, **PARITY)
    assert found[0].measurement.absent == "fewer rows than `min_group: 100`: g=level 3 (2)"
    assert found[0].outcome is Outcome.SKIPPED
    assert not found[0].blocks
    assert found[1].measurement.value == 0


def test_a_rate_without_rows_is_undefined_not_zero(tmp_path: Path) -> None:
    of = wide({"a": (80, 20, 50, 50), "b": (80, 20, 50, 50), "c": (0, 0, 100, 100)})
    found = run(tmp_path, of, metrics={"equalized_odds_difference": 0.2}, min_denominator=30)
    assert found[0].measurement.absent == "fewer positives than `min_denominator: 30`: g=level 3 (0)"
    # The group still counts among the negatives, of whom it has enough.
    assert found[1].measurement.value == 0
    assert found[1].measurement.interval is not None


def test_too_few_groups_are_left_open(tmp_path: Path) -> None:
    of = wide({"a": (50, 50, 50, 50), "b": (0, 0, 50, 50)})
    found = run(tmp_path, of, metrics={"equal_opportunity_difference": 0.1}, min_denominator=30)
    assert outcome(found, "equal_opportunity_difference") is Outcome.INCONCLUSIVE


def test_one_group_is_an_error(tmp_path: Path) -> None:
    found = run(tmp_path, wide({"a": (50, 50, 50, 50)}), **PARITY)
    assert [one.outcome for one in found] == [Outcome.ERRORED]


def test_thousands_of_levels_are_an_error(tmp_path: Path) -> None:
    found = run(tmp_path, rows(1), sensitive=("g", "id"), **PARITY)
    assert [one.measurement.subject for one in found] == ["id", "g"]
    assert [one.outcome is Outcome.ERRORED for one in found] == [True, False]


def test_an_absent_column_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    found = run(tmp_path, rows(1), sensitive=("gone", "g"), metrics={"demographic_parity_difference": 0.9})
    assert [one.outcome for one in found] == [Outcome.ERRORED, Outcome.PASSED]


def test_a_ratio_of_nothing_is_an_error(tmp_path: Path) -> None:
    of = wide({"a": (0, 50, 0, 50), "b": (0, 50, 0, 50)})
    found = run(tmp_path, of, metrics={"demographic_parity_ratio": 0.8})
    assert [one.outcome for one in found] == [Outcome.ERRORED]


def test_rows_without_a_group_are_a_group(tmp_path: Path) -> None:
    of = [(*row[:4], None if row[4] == "c" else row[4], row[5]) for row in rows(2)]
    (one,) = run(tmp_path, of, inputs(["a"]), **PARITY)
    groups = one.measurement.details["groups"]
    assert isinstance(groups, dict)
    assert sorted(groups) == ["g=(null)", "g=a", "g=level 3"]


def test_values_of_sensitive_columns_are_never_told(tmp_path: Path) -> None:
    given = inputs("abc", sensitive=("g",))
    (one,) = run(tmp_path, rows(3), given, sensitive=None, **PARITY)
    assert one.measurement.subject == "g"
    assert "g=a" not in str(one.measurement)


def test_calibration_is_the_gap_of_mean_score_less_truth(tmp_path: Path) -> None:
    of = rows(5)
    (one,) = run(tmp_path, of, metrics={"calibration_difference": 0.9})
    means = {group: [float(str(r[3])) - int(str(r[1])) for r in of if r[4] == group] for group in "abc"}
    off = [sum(values) / len(values) for values in means.values()]
    assert one.measurement.value == pytest.approx(max(off) - min(off), abs=1e-9)
    assert one.outcome is Outcome.PASSED


def test_scores_that_are_no_probabilities_are_an_error(tmp_path: Path) -> None:
    of = [(*row[:3], 3.5, *row[4:]) for row in rows(1)]
    (one,) = run(tmp_path, of, metrics={"calibration_difference": 0.9})
    assert one.outcome is Outcome.ERRORED


def test_no_labelled_row_is_an_error(tmp_path: Path) -> None:
    of = [(row[0], None, *row[2:]) for row in rows(1, n=5)]
    (one,) = run(tmp_path, of, **PARITY)
    assert one.outcome is Outcome.ERRORED


@pytest.mark.parametrize(
    "metrics",
    [
        {"demographic_parity_difference": 1.5},
        {"demographic_parity_difference": {"min": 0.1}},
        {"demographic_parity_ratio": 0},
        {"demographic_parity_ratio": {"min": 0.1, "max": 0.2}},
        {"equalized_odds_difference": float("nan")},
        {"equalised_odds_difference": 0.1},
    ],
)
def test_a_limit_that_means_nothing_is_refused(metrics: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Fairness.model_validate({"type": "fairness", "sensitive": "g", "metrics": metrics})


@pytest.mark.parametrize("limit", [0.1, "10%", {"max": 0.1}, "<= 0.1"])
def test_a_limit_has_several_spellings(limit: object) -> None:
    check = Fairness.model_validate({"type": "fairness", "metrics": {"demographic_parity_difference": limit}})
    assert check.metrics.demands()[0].limit == 0.1


def test_what_is_missing_is_said_beforehand() -> None:
    given = predicted_world.inputs()
    assert Fairness.model_validate({"type": "fairness"}).problems(given) != ()
    bare = Inputs({"h": Dataset(path="h.csv")}, given.models)
    check = Fairness.model_validate({"type": "fairness", "sensitive": "g", **PARITY})
    assert check.problems(given) == ()
    assert [path for path, _ in check.problems(bare)] == [("dataset",)]
