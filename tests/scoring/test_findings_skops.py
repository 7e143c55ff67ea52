"""Types in files of skops: ours are trusted, whatever the file says."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from mlval.scoring.findings import inspect
from mlval.scoring.model_format import describe_file
from tests.scoring.models import described, single, written


def node(module: str, name: str, content: object = None, loader: str = "ObjectNode") -> dict[str, object]:
    return {"__class__": name, "__module__": module, "__loader__": loader, "content": content, "__id__": 1}


def packed(schema: object, **members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("schema.json", schema if isinstance(schema, bytes) else json.dumps(schema))
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return file.getvalue()


MODEL = node(
    "sklearn.linear_model._logistic",
    "LogisticRegression",
    node(
        "builtins",
        "dict",
        {
            "coef_": node("numpy", "ndarray", None, "NdArrayNode"),
            "C": node("json", "JSON", None, "JsonNode"),
            "log": node("numpy", "ufunc", {"function": "log1p", "module_path": "numpy"}, "FunctionNode"),
        },
        "DictNode",
    ),
)

SCHEMAS: dict[str, tuple[object, set[str]]] = {
    "an honest model": (MODEL, set()),
    "a type": (node("os", "PathLike"), {"skops-type"}),
    "a type deep within": (node("builtins", "list", [MODEL, [node("subprocess", "Popen")]]), {"skops-type"}),
    "a function": (
        node("numpy", "ufunc", {"function": "system", "module_path": "os"}, "FunctionNode"),
        {"skops-type"},
    ),
    "a partial": (node("functools", "partial", {}, "PartialNode"), {"skops-type"}),
    "an operator": (node("operator", "attrgetter", {}, "OperatorFuncNode"), {"skops-type"}),
    "half a name": ({"__module__": "os"}, {"skops-type"}),
    "a name that is no text": (node("os", "x") | {"__class__": 1}, {"skops-type"}),
    "no JSON": (b"{", {"unreadable"}),
    "deep JSON": (b"[" * 200_000, {"unreadable"}),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_types_of_a_schema(tmp_path: Path, name: str) -> None:
    schema, found = SCHEMAS[name]
    files = single(tmp_path, "m.skops", packed(schema, data__npy=b"x"))
    description = describe_file(files)
    assert description.format == "skops"
    assert {one.code for one in inspect(files, description).findings} == found


def test_members_that_skops_does_not_write(tmp_path: Path) -> None:
    files = single(tmp_path, "m.skops", packed(MODEL, x__pkl=b"x"))
    assert {one.code for one in inspect(files, describe_file(files)).findings} == {"skops-type"}


def test_what_only_claims_to_be_skops(tmp_path: Path) -> None:
    files = written(tmp_path, {"model.skops": b"PK\x03\x04nothing"})
    found = inspect(files, described(format="skops", file="model.skops")).findings
    assert {one.code for one in found} == {"unreadable"}
