"""Datasets and models by name, and whether the contract agrees with itself."""

import pytest

from mlval.config.inputs import disagreements, parse
from mlval.config.names import MOST_INPUTS
from mlval.config.scalars import Value
from mlval.domain.inputs import Dataset, Inputs, Model


@pytest.mark.parametrize("name", ["a", "_", "Hold_out-2", "x" * 64])
def test_names_that_are_names(name: str) -> None:
    parts, mistakes = parse({name: {"path": "x"}}, section="datasets", model=Dataset)
    assert not mistakes
    assert parts[name] == Dataset(path="x")


@pytest.mark.parametrize("name", ["", "1a", "-a", "a b", "a.b", "ä", "x" * 65, "a\n"])
def test_names_that_are_none(name: str) -> None:
    (mistake,) = parse({name: {"path": "x"}}, section="datasets", model=Dataset)[1]
    assert mistake.path == ("datasets", name)
    assert mistake.message.endswith("cannot be a name")


def test_there_are_not_too_many() -> None:
    raw: Value = {f"d{index}": {"path": "x"} for index in range(MOST_INPUTS + 1)}
    parts, mistakes = parse(raw, section="datasets", model=Dataset)
    assert [mistake.message for mistake in mistakes] == ["101 datasets; a contract has at most 100"]
    assert len(parts) == MOST_INPUTS + 1


def test_predictions_of_an_unknown_dataset_are_a_mistake() -> None:
    datasets, _ = parse({"holdout": {"path": "x"}}, section="datasets", model=Dataset)
    models, _ = parse(
        {"m": {"predictions": {"dataset": "holdot", "score": "p"}}}, section="models", model=Model
    )
    (mistake,) = disagreements(Inputs(datasets, models), {})
    assert mistake.problem({}).path == "models.m.predictions.dataset"
    assert mistake.problem({}).hint == "did you mean `holdout`?"


def test_of_a_broken_model_nothing_is_asked() -> None:
    models, mistakes = parse({"m": {"predictions": {}}}, section="models", model=Model)
    assert len(mistakes) == 1
    assert disagreements(Inputs({}, models), {}) == []
    assert list(models) == ["m"]
