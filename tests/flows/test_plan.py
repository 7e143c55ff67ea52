"""The rows that margins need, before there are any."""

from mlval.checks.comparison import Comparison
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.flows.plan import planned, render

PREDICTED = Model(predictions=Predictions(path="p.csv", label="guess"))
INPUTS = Inputs({"h": Dataset(path="h.csv", target="y")}, {"champion": PREDICTED, "candidate": PREDICTED})


def contract(*, inputs: Inputs = INPUTS, **metrics: object) -> Contract:
    check = Comparison.model_validate({"type": "comparison", "id": "c", "metrics": metrics})
    return Contract("c", "mlval.yml", "", inputs, (check,))


def test_one_point_of_accuracy() -> None:
    (one,) = planned(contract(accuracy=0.01))
    assert dict(one.deviations) == {0.02: 1_237, 0.06: 3_710, 0.1: 6_183, 0.2: 12_366}


def test_other_metrics_are_planned_by_the_spread_of_their_differences() -> None:
    text = render(planned(contract(log_loss={"max_worse": 0.02}, f1="2%", accuracy={"min_better": 0.0})))
    assert (
        "c log_loss max_worse 0.02: if both are equally good\n  sd of differences 0.05     39 rows\n" in text
    )
    assert "c f1 max_worse 2%: if both are equally good and the champion's value is 1\n" in text
    assert "c accuracy min_better 0.0: if it is better by twice as much\n" in text
    assert text.count("no number of rows is enough") == 4


def test_what_is_reported_is_not_paired() -> None:
    reported = Inputs(INPUTS.datasets, {"champion": Model(metrics={"accuracy": 0.9}), "candidate": PREDICTED})
    assert render(planned(contract(inputs=reported, accuracy=0.01))).startswith("no comparison")
