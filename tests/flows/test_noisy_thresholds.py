"""Thresholds that cannot be taken at their word are told before there is any data."""

import pytest

from mlval.config.load import load
from mlval.flows.noisy_thresholds import noisy_thresholds

CONTRACT = """
version: 1
datasets: {reference: {path: r.csv}, today: {path: t.csv}}
validations:
  - {id: whole, type: data, dataset: today, ROWS}
  - {id: far, type: drift, THRESHOLD}
"""


def warned(threshold: str, rows: str = "rows: {min: 200}") -> list[str]:
    text = CONTRACT.replace("ROWS", rows).replace("THRESHOLD", threshold)
    contract = load(text.encode(), file="mlval.yml", default_name="far")
    return [problem.message for problem in noisy_thresholds(contract)]


@pytest.mark.parametrize(
    "threshold",
    ["method: psi, threshold: 0.05", "method: js, threshold: 0.1", "method: wasserstein, threshold: 0.1"],
)
def test_a_threshold_below_the_noise_is_told(threshold: str) -> None:
    (message,) = warned(threshold)
    assert "though nothing changed" in message
    assert "at the 200 rows that the contract lets today have" in message


@pytest.mark.parametrize(
    "threshold, rows",
    [
        ("method: psi, threshold: 0.25", "rows: {min: 200}"),
        ("method: psi, threshold: 0.05", "rows: {min: 20000}"),
        ("method: psi, threshold: 0.05", "rows: {max: 200}"),
        ("method: psi, threshold: 0.05", "unique: id"),
        ("method: psi, threshold: 0.05", "where: plan = 'a', rows: {min: 200}"),
        ("method: psi, threshold: 0.05, where: plan = 'a'", "rows: {min: 200}"),
        ("method: ks_test, threshold: 0.05", "rows: {min: 200}"),
        ("method: psi", "rows: {min: 200}"),
        ("effect: small", "rows: {min: 200}"),
        ("method: psi, threshold: 0.05, current: reference, reference: today", "rows: {min: 200}"),
    ],
)
def test_nothing_is_told_of_what_holds_or_is_not_known(threshold: str, rows: str) -> None:
    assert warned(threshold, rows) == []


def test_the_place_and_the_way_out_are_told() -> None:
    text = CONTRACT.replace("ROWS", "rows: {min: 50}").replace("THRESHOLD", "method: psi, threshold: 0.1")
    (problem,) = noisy_thresholds(load(text.encode(), file="mlval.yml", default_name="far"))
    assert problem.path == "validations[1].threshold"
    assert problem.place is not None
    assert problem.place.line == 6
    assert problem.hint == "mlval calibrate mlval.yml --validation far --budget 1/100"
