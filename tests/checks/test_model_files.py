"""The check of a model's files on findings made by hand."""

from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.model_files import ModelFiles
from mlval.domain.inputs import Inputs, Model, Predictions
from mlval.domain.model_findings import Finding, Inspected, ModelFindings
from mlval.domain.verdict import Result
from tests.by_hand import answered
from tests.checks.world import results

MODEL = Model(path="model.pkl")
INPUTS = Inputs(models={"candidate": MODEL, "champion": MODEL})
FOUND = (
    Finding("code-paths", "MLmodel", "brings code in `code`"),
    Finding("pickle-global", "model.pkl", "names `os.system`, which no scikit-learn model needs"),
    Finding("pickle-global", "model.pkl", "names `os.popen`, which no scikit-learn model needs"),
    Finding("pickle-trailing", "model.pkl", "goes on behind the end of its pickle"),
)


def check(**keys: Any) -> ModelFiles:  # noqa: ANN401 - keys of a contract
    return ModelFiles.model_validate({"type": "model_files", "id": "files", **keys})


def judged(*findings: Finding, model: str = "candidate", **keys: Any) -> dict[str, Result]:  # noqa: ANN401
    inspected = Inspected("sklearn-pickle", 2_500_000, "ab" * 32, findings)

    def answer(asks: Any) -> Any:  # noqa: ANN401 - of one type of ask only
        assert list(asks) == [ModelFindings(model)]
        return dict.fromkeys(asks, inspected)

    return {one.measurement.metric: one for one in results(check(model=model, **keys), INPUTS, answer)}


def test_a_model_without_findings_passes() -> None:
    (result,) = judged().values()
    assert result.outcome == "passed"
    assert result.measurement.value == 0
    assert result.measurement.details["sha256"] == "ab" * 32


def test_findings_fail_and_are_told() -> None:
    result = judged(*FOUND)["findings"]
    assert (result.outcome, result.blocks, result.measurement.value) == ("failed", True, 4)
    details = result.measurement.details
    assert details["codes"] == {"code-paths": 1, "pickle-global": 2, "pickle-trailing": 1}
    assert str(details["remark"]).startswith("`MLmodel` brings code in `code` (code-paths); ")
    assert str(details["remark"]).endswith("; and 1 more")


def test_allowed_kinds_do_not_count() -> None:
    assert judged(*FOUND, allow=("code-paths", "pickle-global"))["findings"].measurement.value == 1
    result = judged(*FOUND, allow=("code-paths", "pickle-global", "pickle-trailing"))["findings"]
    assert (result.outcome, result.measurement.details["allowed"]) == ("passed", 4)


@pytest.mark.parametrize("max_size, outcome", [("3MB", "passed"), (2_500_000, "passed"), ("2MB", "failed")])
def test_a_model_may_be_only_so_large(max_size: object, outcome: str) -> None:
    assert judged(max_size=max_size)["size"].outcome == outcome


@pytest.mark.parametrize("formats, outcome", [(("sklearn-pickle", "skops"), "passed"), (("onnx",), "failed")])
def test_a_model_may_have_only_some_formats(formats: tuple[str, ...], outcome: str) -> None:
    assert judged(formats=formats)["format"].outcome == outcome


def test_another_model_is_named() -> None:
    assert judged(model="champion")["findings"].outcome == "passed"


def test_a_model_without_files_is_a_problem() -> None:
    predicted = Model(predictions=Predictions(path="p.csv", label="y"))
    reported = Model(metrics={"accuracy": 0.9})
    for model in (predicted, reported):
        ((path, sentence),) = check().problems(Inputs(models={"candidate": model}))
        assert path == ("model",)
        assert "has no files" in sentence


def test_a_model_that_there_is_not_is_a_problem() -> None:
    assert check(model="rival").problems(INPUTS)[0][0] == ("model",)
    assert check().problems(INPUTS) == ()
    assert check().uses(INPUTS).models == ("candidate",)


@pytest.mark.parametrize(
    "keys", [{"allow": ("everything",)}, {"max_size": 0}, {"formats": ()}, {"formats": ("h5",)}]
)
def test_what_makes_no_sense_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check(**keys)


def test_an_answer_by_hand_is_enough() -> None:
    inspected = Inspected("onnx", 1, "00", ())
    (measured,) = answered(check().steps(INPUTS), {ModelFindings("candidate"): inspected})
    assert (measured.subject, measured.metric, measured.value) == ("candidate", "findings", 0)
