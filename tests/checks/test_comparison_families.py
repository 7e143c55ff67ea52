"""Every family of metrics in a comparison: values of an oracle, and intervals of an independent method."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics as oracle
from sklearn.preprocessing import MultiLabelBinarizer

from mlval.domain.measurement import Measurement
from tests.checks.comparison_world import Case, expected, values

ROWS = 600
CLASSES = ("a", "b", "c")
TEXTS = ("art", "law", "sea", "war")
Array = NDArray[Any]


def of_classes(seed: int = 1) -> Case:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, ROWS, p=[0.5, 0.3, 0.2])
    common = rng.normal(size=(ROWS, 3)) + 1.5 * np.eye(3)[truth]
    sides = []
    for size in (0.3, 0.6):
        raw = np.exp(common + rng.normal(0, size, (ROWS, 3)))
        sides.append(
            {name: (raw / raw.sum(axis=1, keepdims=True))[:, at].tolist() for at, name in enumerate("pqr")}
        )
    named = {"scores": dict(zip(CLASSES, "pqr", strict=True))}
    rows = {"y": [CLASSES[one] for one in truth], "who": [at // 3 for at in range(ROWS)]}
    return Case(rows, sides[0], sides[1], named, {})


def table(side: Any) -> Array:  # noqa: ANN401 - columns
    return np.column_stack([side[name] for name in "pqr"])


def interval(one: Measurement) -> tuple[float, float]:
    assert one.interval is not None
    return one.interval.low, one.interval.high


def student(differences: Array) -> Any:  # noqa: ANN401 - what `approx` gives
    found = stats.ttest_1samp(differences, 0).confidence_interval(0.9)
    return pytest.approx((found.low, found.high), rel=1e-6)


AREA = partial(oracle.roc_auc_score, multi_class="ovr")
OF_CLASSES: dict[str, Callable[..., float]] = {
    "log_loss": oracle.log_loss,
    "brier_score": partial(oracle.brier_score_loss, scale_by_half=False),
    "top_k_accuracy": partial(oracle.top_k_accuracy_score, k=2),
    "roc_auc_ovr": partial(AREA, average="macro"),
    "roc_auc_ovr_weighted": partial(AREA, average="weighted"),
}


def test_scores_of_several_classes(tmp_path: Path) -> None:
    case = of_classes()
    found = case.measured(tmp_path, metrics=dict.fromkeys(OF_CLASSES, 0.5))
    truth, sides = np.array(case.rows["y"]), [table(one) for one in (case.champion, case.candidate)]
    assert values(found) == expected(OF_CLASSES, truth, sides)
    given = [-np.log(side[np.arange(ROWS), np.searchsorted(CLASSES, truth)]) for side in sides]
    assert interval(found["log_loss"]) == student(given[1] - given[0])
    methods = {name: found[name].details["interval_by"] for name in found}
    assert methods["top_k_accuracy"] == "Tango's score interval"
    assert methods["roc_auc_ovr"] == methods["roc_auc_ovr_weighted"] == "DeLong, classes joined"


def test_a_test_of_the_losses_of_several_classes(tmp_path: Path) -> None:
    found = of_classes().measured(tmp_path, metrics={"log_loss": 9}, test="paired_t")
    assert (found["paired_t log_loss"].p_value or 1) < 0.05


def test_groups_of_rows_are_whole_for_every_score_of_classes(tmp_path: Path) -> None:
    found = of_classes().measured(tmp_path, metrics=dict.fromkeys(OF_CLASSES, 0.5), group="who")
    assert {str(one.details["interval_by"]).rpartition(", ")[2] for one in found.values()} == {"whole groups"}


def test_models_of_other_classes_are_not_compared(tmp_path: Path) -> None:
    case = of_classes()
    renamed = Case(
        {**case.rows, "y": ["z", *case.rows["y"][1:]]}, case.champion, case.candidate, case.predictions, {}
    )
    (one,) = renamed.judged(tmp_path, metrics={"roc_auc_ovr": 0.5})
    assert one.reason.startswith("1 rows have a truth that is none of the 3 classes with scores")


def of_costs() -> Case:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, ROWS)
    sides = [np.where(rng.random(ROWS) < share, truth, 1 - truth) for share in (0.9, 0.8)]
    rows = {
        "y": truth.tolist(),
        "amount": rng.gamma(2, 50, ROWS).tolist(),
        "who": [at // 4 for at in range(ROWS)],
    }
    return Case(rows, {"guess": sides[0].tolist()}, {"guess": sides[1].tolist()}, {"label": "guess"}, {})


EXPRESSION = "case when truth = 1 and prediction = 0 then amount when prediction = 1 then 5 else 0 end"


def costs(case: Case) -> list[Array]:
    truth, amount = np.array(case.rows["y"]), np.array(case.rows["amount"])
    guesses = [np.array(side["guess"]) for side in (case.champion, case.candidate)]
    return [np.where((truth == 1) & (one == 0), amount, np.where(one == 1, 5, 0)) for one in guesses]


@pytest.mark.parametrize("total", [False, True])
def test_cost(tmp_path: Path, *, total: bool) -> None:
    case, demand = of_costs(), {"expression": EXPRESSION, "total": total, "max_worse": 1e6}
    cost = case.measured(tmp_path, metrics={"cost": demand})["cost"]
    times = ROWS if total else 1
    first, second = (one * times for one in costs(case))
    assert (cost.details["champion"], cost.details["candidate"]) == pytest.approx(
        (first.mean(), second.mean())
    )
    assert interval(cost) == student(second - first)
    assert cost.details["interval_by"] == "Student's interval of paired differences"


def test_a_row_without_a_cost_is_an_error(tmp_path: Path) -> None:
    demand = {"expression": "amount / nullif(prediction, 0)", "max_worse": 1}
    (one,) = of_costs().judged(tmp_path, metrics={"cost": demand})
    assert (str(one.outcome), "rows have no value with the champion" in one.reason) == ("errored", True)


def of_rankings(groups: int = 80) -> Case:
    rng = np.random.default_rng(3)
    size = 8
    relevance = rng.integers(0, 3, groups * size) * (rng.random(groups * size) < 0.5)
    relevance[:size] = 0
    shown = [relevance + rng.normal(0, spread, groups * size) for spread in (1.0, 1.6)]
    rows = {
        "y": relevance.tolist(),
        "query": [f"q{at // size}" for at in range(groups * size)],
        "who": [at // (4 * size) for at in range(groups * size)],
    }
    sides = [{"p": np.round(one, 3).tolist()} for one in shown]
    return Case(rows, sides[0], sides[1], {"score": "p"}, {"group": "query"})


def by_query(case: Case, value: Callable[[Array, Array], float]) -> list[Array]:
    """Compute a value of each query with a relevant row, of both models, in the order of their names."""
    truth, query = np.array(case.rows["y"]), np.array(case.rows["query"])
    names = [one for one in sorted(set(query)) if truth[query == one].any()]
    return [
        np.array([value(truth[query == one], np.array(side["p"])[query == one]) for one in names])
        for side in (case.champion, case.candidate)
    ]


def first_relevant(truth: Array, score: Array) -> float:
    return 1 / (1 + int(np.flatnonzero(truth[np.argsort(-score)] > 0)[0]))


def share_of_three(truth: Array, score: Array) -> float:
    return float((truth[np.argsort(-score)][:3] > 0).mean())


RANKINGS: dict[str, tuple[dict[str, Any], Callable[[Array, Array], float]]] = {
    "ndcg": ({"k": 5}, lambda truth, score: float(oracle.ndcg_score([truth], [score], k=5))),
    "mrr": ({}, first_relevant),
    "precision_at_k": ({"k": 3}, share_of_three),
}


@pytest.mark.parametrize("name", RANKINGS)
def test_rankings_are_paired_by_their_group(tmp_path: Path, name: str) -> None:
    case, (settings, value) = of_rankings(), RANKINGS[name]
    one = case.measured(tmp_path, metrics={name: {"max_worse": 0.5, **settings}})[name]
    first, second = by_query(case, value)
    assert (one.details["champion"], one.details["candidate"]) == pytest.approx((first.mean(), second.mean()))
    assert interval(one) == student(second - first)
    assert (
        one.details["interval_by"] == f"Student's interval of paired differences, {len(first)} ranked groups"
    )


def test_ranked_groups_may_belong_together_themselves(tmp_path: Path) -> None:
    case = of_rankings()
    one = case.measured(tmp_path, metrics={"mrr": 0.5}, group="who")["mrr"]
    first, second = by_query(case, first_relevant)
    apart = (second - first) - (second - first).mean()
    relevant = {query for query, y in zip(case.rows["query"], case.rows["y"], strict=True) if y}
    cluster = np.array([int(name[1:]) // 4 for name in sorted(relevant)])
    sums, units = np.bincount(cluster, weights=apart), len(set(cluster))
    scale = len(apart) / (len(apart) - 1) * units / (units - 1)
    assert one.details["standard_error"] == pytest.approx(
        np.sqrt((sums**2).sum() * scale) / len(apart), rel=1e-6
    )


def test_a_ranked_group_in_two_groups_is_an_error(tmp_path: Path) -> None:
    case = of_rankings()
    rows = {**case.rows, "who": list(range(len(case.rows["y"])))}
    (one,) = Case(rows, case.champion, case.candidate, case.predictions, case.roles).judged(
        tmp_path, metrics={"mrr": 0.5}, group="who"
    )
    assert one.reason.startswith("rows that are ranked together are of several groups of `group:`")


def test_the_group_of_the_dataset_is_the_default(tmp_path: Path) -> None:
    case = of_costs()
    grouped = Case(case.rows, case.champion, case.candidate, case.predictions, {"group": "who"})
    settings = {"metrics": {"accuracy": 0.1, "f1": 0.1}}
    found = [
        {name: interval(one) for name, one in each.measured(tmp_path, **settings, **more).items()}
        for each, more in ((grouped, {}), (case, {"group": "who"}), (case, {}))
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_divergence_alone_needs_no_groups(tmp_path: Path) -> None:
    case = of_costs()
    rows = {**case.rows, "who": [None, *case.rows["who"][1:]]}
    grouped = Case(rows, case.champion, case.candidate, case.predictions, {"group": "who"})
    (one,) = grouped.judged(tmp_path, max_divergence="90%")
    assert str(one.outcome) == "passed"


def of_label_lists() -> Case:
    rng = np.random.default_rng(4)
    truth = rng.random((ROWS, 4)) < [0.6, 0.3, 0.2, 0.4]
    truth[~truth.any(axis=1), 2] = True
    sides = [np.where(rng.random((ROWS, 4)) < share, ~truth, truth) for share in (0.08, 0.15)]
    lists = [[[TEXTS[at] for at in np.flatnonzero(row)] for row in one] for one in (truth, *sides)]
    rows = {"y": lists[0], "who": [at // 3 for at in range(ROWS)]}
    return Case(rows, {"guess": lists[1]}, {"guess": lists[2]}, {"label": "guess"}, {})


def averaged(score: Callable[..., float], average: str) -> Callable[[Any, Any], float]:
    return partial(score, average=average, zero_division=0)


OF_LISTS: dict[str, Callable[[Any, Any], float]] = {
    "accuracy": oracle.accuracy_score,
    "hamming_loss": oracle.hamming_loss,
    "f1_macro": averaged(oracle.f1_score, "macro"),
    "f1_micro": averaged(oracle.f1_score, "micro"),
    "precision_weighted": averaged(oracle.precision_score, "weighted"),
    "recall_samples": averaged(oracle.recall_score, "samples"),
    "jaccard_samples": averaged(oracle.jaccard_score, "samples"),
}


def coded(lists: Sequence[Sequence[str]]) -> Array:
    return np.asarray(MultiLabelBinarizer(classes=TEXTS).fit_transform(lists))


def test_lists_of_labels(tmp_path: Path) -> None:
    case = of_label_lists()
    found = case.measured(tmp_path, metrics=dict.fromkeys(OF_LISTS, 0.5))
    truth, *sides = (coded(one) for one in (case.rows["y"], case.champion["guess"], case.candidate["guess"]))
    assert values(found) == expected(OF_LISTS, truth, sides)
    wrong = [(truth != side).mean(axis=1) for side in sides]
    assert interval(found["hamming_loss"]) == student(wrong[1] - wrong[0])
    assert found["accuracy"].details["interval_by"] == "Tango's score interval"
    rng = np.random.default_rng(5)
    draws = [rng.integers(0, ROWS, ROWS) for _ in range(800)]
    macro = OF_LISTS["f1_macro"]
    apart = [macro(truth[of], sides[1][of]) - macro(truth[of], sides[0][of]) for of in draws]
    assert found["f1_macro"].details["standard_error"] == pytest.approx(np.std(apart), rel=0.1)


def test_what_is_not_defined_of_lists_is_errored(tmp_path: Path) -> None:
    found = of_label_lists().judged(
        tmp_path, metrics={"cohen_kappa": 0.1}, max_divergence="10%", test="mcnemar"
    )
    assert [str(one.outcome) for one in found] == ["errored"] * 3
    assert found[0].reason.startswith("truth and prediction are lists of labels")
