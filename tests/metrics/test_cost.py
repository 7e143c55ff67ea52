"""A business metric: an expression of the contract over truth, prediction, score and columns."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.performance import Performance
from tests.metrics.table import judged, reasons, values

TABLE: dict[str, list[Any]] = {
    "y": [1, 1, 0, 0, None],
    "guess": [1, 0, 1, 0, 1],
    "p": [0.9, 0.4, 0.7, 0.1, 0.8],
    "amount": [100.0, 50.0, 20.0, 10.0, 1e9],
    "zone": ["n", "n", "s", "s", "s"],
}
MISSED = "case when truth = 1 and prediction = 0 then amount when prediction > truth then 5 else 0 end"


def of(folder: Path, expression: str, table: dict[str, list[Any]] = TABLE, **more: Any) -> Any:  # noqa: ANN401
    limits = {"max": 1000, "expression": expression, **more}
    return judged(folder, table, metrics={"cost": limits}, slices=("zone",), per_slice={"min_rows": 1})


def test_the_mean_over_rows_with_a_truth(tmp_path: Path) -> None:
    found = of(tmp_path, MISSED)
    assert values(found) == {"cost": 55 / 4}
    by_slice = {one.measurement.subject: one.measurement.value for one in found[1:]}
    assert by_slice == {"zone=level 1": 25, "zone=level 2": 2.5}


def test_the_total(tmp_path: Path) -> None:
    assert values(of(tmp_path, MISSED, total=True)) == {"cost": 55}


def test_a_gain_may_be_negative_and_uses_the_score(tmp_path: Path) -> None:
    found = of(tmp_path, "0 - score * amount")
    assert values(found)["cost"] == pytest.approx(-(90 + 20 + 14 + 1) / 4)


@pytest.mark.parametrize(
    "expression, reason",
    [
        ("amount * null", "4 of 4 rows have no value"),
        ("(select 1)", "without subqueries"),
        ("sum(amount)", "a predicate looks at one row"),
        ("random()", "not allowed"),
        ("read_csv('x')", "not allowed"),
        ("nonsense", "there is no column nonsense"),
        ("zone", "rows have no value"),
        ("amount / (amount - 100)", "1 of 4 values are missing, infinite"),
        ("nullif(amount, 100)", "1 of 4 rows have no value"),
        ("null", "null is no number"),
        ("amount; drop table t", ""),
    ],
)
def test_what_has_no_number_is_an_error(tmp_path: Path, expression: str, reason: str) -> None:
    found = reasons(of(tmp_path, expression))["cost"]
    assert found.startswith("errored")
    assert reason in found


def test_nan_is_no_cost(tmp_path: Path) -> None:
    """The engine orders NaN above every number: the row would cost 1."""
    table = {**TABLE, "amount": ["nan", 50.0, 20.0, 10.0, 1.0]}
    assert (
        "1 of 4 rows have no value"
        in reasons(of(tmp_path, "case when amount > 30 then 1 else 0 end", table))["cost"]
    )


def test_a_word_that_is_a_column_too_is_refused(tmp_path: Path) -> None:
    table = {**TABLE, "prediction": [9, 9, 9, 9, 9]}
    assert "could be the word or the column" in reasons(of(tmp_path, "prediction", table))["cost"]
    (folder := tmp_path / "quoted").mkdir()
    assert values(of(folder, '"prediction"', table)) == {"cost": 9}


def test_a_cost_needs_its_expression() -> None:
    with pytest.raises(ValidationError, match="expression"):
        Performance.model_validate({"type": "performance", "metrics": {"cost": 5}})
