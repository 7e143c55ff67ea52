"""Descriptions of models by MLflow: what they say is data, and what is odd about them is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.mlmodel import BYTES, describe
from mlval.config.model_requirements import requirement_lines
from mlval.config.model_signature import signature
from mlval.domain.errors import SourceBroken
from mlval.domain.model_description import ModelDescription, NamedPath, SignatureColumn

INPUTS = [
    {"type": "double", "name": "amount", "required": True},
    {"type": "long", "name": "age", "required": False},
    {"type": "array", "items": "long", "name": "tags", "required": True},
]
SKLEARN = f"""\
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.skops
    predict_fn: predict
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.skops
    serialization_format: skops
    sklearn_version: 1.9.1
    skops_trusted_types:
    - churn.Encoder
mlflow_version: 3.17.2
model_uuid: d5dcc777e7a8496b940839d5c225a1cf
signature:
  inputs: '{json.dumps(INPUTS)}'
  outputs: '[{{"type": "tensor", "tensor-spec": {{"dtype": "int64", "shape": [-1]}}}}]'
  params: null
utc_time_created: '2026-11-22 09:43:31.710354'
"""
REQUIREMENTS = b"mlflow==3.17.2\n# a comment\nscikit-learn==1.9.1  # pinned\nnumpy \\\n  >=2\n\n"
CONDA = (
    b"channels:\n- conda-forge\ndependencies:\n- python=3.12.1\n- pip:\n  - mlflow==3.17.2\n  - x\nname: e\n"
)
PYTHON = b"python: 3.12.1\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n"


def read(text: str, **files: bytes) -> ModelDescription:
    names = {"requirements": "requirements.txt", "conda": "conda.yaml", "python": "python_env.yaml"}
    return describe({"MLmodel": text.encode(), **{names[name]: data for name, data in files.items()}})


def flavoured(**flavours: Any) -> str:  # noqa: ANN401
    return json.dumps({"flavors": flavours})


def test_a_model_of_scikit_learn_is_described() -> None:
    read_back = read(SKLEARN, requirements=REQUIREMENTS, conda=CONDA, python=PYTHON)
    assert read_back == ModelDescription(
        format="skops",
        file="model.skops",
        flavour="sklearn",
        loader="mlflow.sklearn",
        signature=(
            SignatureColumn("amount", "double", spelled="double"),
            SignatureColumn("age", "long", required=False, spelled="long"),
            SignatureColumn("tags", "unsupported", spelled="array"),
        ),
        requirements=("mlflow==3.17.2", "scikit-learn==1.9.1", "numpy   >=2"),
        python="3.12.1",
        skops_trusted=("churn.Encoder",),
        paths=(
            NamedPath("python_function.model_path", "model.skops"),
            NamedPath("python_function.env", "conda.yaml"),
            NamedPath("python_function.env", "python_env.yaml"),
            NamedPath("sklearn.pickled_model", "model.skops"),
        ),
    )


def test_requirements_and_python_come_from_what_there_is() -> None:
    assert read(SKLEARN, conda=CONDA).requirements == ("mlflow==3.17.2", "x")
    assert read(SKLEARN, conda=CONDA).python == "3.11.7"
    assert read(SKLEARN).requirements == ()
    assert read(SKLEARN, python=b"python: 3.10").python == "3.11.7"
    assert read(SKLEARN, python=b"python: '3.10'").python == "3.10"
    assert read(SKLEARN, python=b"python: '3.11; evil'").python == "3.11.7"


PYFUNC = {"loader_module": "mlflow.pyfunc.model", "python_model": "python_model.pkl", "code": ["code"]}
FLAVOURS: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "pickle": (
        {"sklearn": {"pickled_model": "m.pkl", "serialization_format": "pickle"}},
        ("sklearn-pickle", "m.pkl"),
    ),
    "cloudpickle": (
        {"sklearn": {"pickled_model": "m.pkl", "serialization_format": "cloudpickle"}},
        ("sklearn-pickle", "m.pkl"),
    ),
    "xgboost": ({"xgboost": {"data": "m.ubj", "model_format": "ubj"}}, ("xgboost", "m.ubj")),
    "lightgbm": ({"lightgbm": {"data": "m.lgb"}}, ("lightgbm", "m.lgb")),
    "lightgbm as a pickle": ({"lightgbm": {"data": "m.pkl"}}, ("sklearn-pickle", "m.pkl")),
    "onnx": ({"onnx": {"data": "m.onnx"}}, ("onnx", "m.onnx")),
    "a Python model": ({"python_function": PYFUNC}, ("mlflow", "")),
    "another library": ({"python_function": {"loader_module": "mlflow.prophet"}}, ("mlflow", "")),
    "a loader of its own beside": (
        {"python_function": {"loader_module": "evil"}, "onnx": {"data": "m.onnx"}},
        ("mlflow", ""),
    ),
    "an unknown serialisation": (
        {
            "python_function": {"loader_module": "mlflow.sklearn"},
            "sklearn": {"pickled_model": "x", "serialization_format": "y"},
        },
        ("mlflow", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FLAVOURS)
def test_the_flavour_says_what_is_loaded(name: str) -> None:
    flavours, loaded = FLAVOURS[name]
    described = read(flavoured(**flavours))
    assert (described.format, described.file) == loaded


def test_code_and_artifacts_are_named() -> None:
    artifacts = {"x": {"path": "../x", "uri": "/home/x"}}
    described = read(flavoured(python_function={**PYFUNC, "artifacts": artifacts, "model_code_path": "m.py"}))
    assert described.code == ("code", "m.py")
    assert NamedPath("python_function.artifacts.x", "../x") in described.paths


def test_tensors_are_said_to_be_tensors() -> None:
    text = SKLEARN.replace("inputs: '[", 'inputs: \'[{"type": "tensor", "tensor-spec": {}}, ')
    described = read(text)
    assert described.tensors
    assert described.signature is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "flavors: 1",
        "flavors: {}",
        "flavors: {sklearn: 1}",
        "flavors: {python_function: {loader_module: 1}}",
        "flavors: {other: {data: x}}",
        "flavors: {python_function: {loader_module: a, loader_module: b}}",
        "flavors: &a {python_function: {loader_module: x}}\nx: *a",
        "flavors: !!python/object/apply:os.system [x]",
        "{" * 100,
        "a: [",
        "\0",
        "x" * (BYTES + 1),
        SKLEARN.replace("churn.Encoder", "[1]"),
        SKLEARN.replace('"name": "age"', '"name": "amount"'),
        SKLEARN.replace("inputs: '[", "inputs: 'x["),
        SKLEARN + "---\na: 1\n",
    ],
)
def test_what_mlflow_does_not_write_is_broken(text: str) -> None:
    with pytest.raises(SourceBroken, match="the model's `MLmodel` cannot be read"):
        read(text)


@pytest.mark.parametrize("files", [{"conda": b"- a"}, {"python": b"\xff"}, {"requirements": b"\xff"}])
def test_files_beside_it_are_held_to_the_same(files: dict[str, bytes]) -> None:
    with pytest.raises(SourceBroken):
        read(SKLEARN, **files)


def test_too_many_requirements_are_refused() -> None:
    with pytest.raises(SourceBroken, match="1,000 requirements"):
        requirement_lines(b"x\n" * 1_001)


@given(st.binary(max_size=200))
def test_any_bytes_are_described_or_broken(data: bytes) -> None:
    with pytest.raises(SourceBroken):
        describe({"MLmodel": data})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["type", "long"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "name", "required"]), inner),
)  # fmt: skip


@given(JSON)
def test_any_json_is_a_signature_or_refused(value: object) -> None:
    try:
        read_back = signature(json.dumps(value))
    except ValueError:
        return
    assert read_back.tensors or isinstance(read_back.columns, tuple)
