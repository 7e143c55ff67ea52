"""Findings in whole models: each way to bring code along is named, and honest models are clean."""

import bz2
import gzip
import io
import lzma
import os
import pickle
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.domain.errors import SourceBroken
from mlval.domain.model_description import NamedPath
from mlval.domain.model_files import ModelFiles
from mlval.domain.model_findings import Finding
from mlval.scoring.findings import inspect
from mlval.scoring.model_format import describe_file
from tests.scoring.models import described, single, written
from tests.scoring.pickles import EMPTY, SYSTEM, forest, joblibbed, pipeline

EVIL = EMPTY + SYSTEM + b"."
HONEST = pickle.dumps(pipeline())


def codes(files: ModelFiles, **fields: object) -> set[str]:
    return {one.code for one in inspect(files, described(**fields)).findings}


def of_file(files: ModelFiles) -> tuple[str, set[str]]:
    description = describe_file(files)
    return description.format, {one.code for one in inspect(files, description).findings}


@pytest.mark.parametrize("compress", [0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)])
def test_an_honest_joblib_file_is_clean_however_it_is_compressed(tmp_path: Path, compress: object) -> None:
    content = joblibbed([pipeline(), forest(), np.arange(5)], compress=compress)
    assert of_file(single(tmp_path, "m.bin", content)) == ("sklearn-joblib", set())


@pytest.mark.parametrize("library", [zlib, gzip, bz2, lzma])
def test_a_payload_is_found_in_a_compressed_file(tmp_path: Path, library: Any) -> None:  # noqa: ANN401
    assert of_file(single(tmp_path, "m.joblib", library.compress(EVIL))) == (
        "sklearn-joblib",
        {"pickle-global"},
    )


def test_a_plain_pickle_is_clean(tmp_path: Path) -> None:
    assert of_file(single(tmp_path, "m.onnx", HONEST)) == ("sklearn-pickle", set())
    (tmp_path / "old").mkdir()
    old = single(tmp_path / "old", "m.pkl", pickle.dumps(pipeline(), 0))
    assert of_file(old) == ("sklearn-pickle", set())


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"\x00" * 600])
def test_a_file_of_no_known_format_is_broken(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceBroken, match="no model of a known format"):
        describe_file(single(tmp_path, "model.h5", content))


@pytest.mark.parametrize(
    "name, content, read",
    [
        ("m.txt", b"tree\nversion=v4\n", "lightgbm"),
        ("m.json", b'{"learner": {}}', "xgboost"),
        ("m.ubj", b"{L\x00\x00", "xgboost"),
        ("m.onnx", b"\x08\x0a", "onnx"),
    ],
)
def test_formats_that_are_data_are_clean(tmp_path: Path, name: str, content: bytes, read: str) -> None:
    assert of_file(single(tmp_path, name, content)) == (read, set())


def test_a_damaged_file_is_unreadable(tmp_path: Path) -> None:
    assert of_file(single(tmp_path, "m.gz", gzip.compress(HONEST)[:-20]))[1] == {"unreadable"}


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"), io.BytesIO())
    return file.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


BESIDE: dict[str, tuple[str, bytes, set[str]]] = {
    "a text": ("notes.md", b"a model", set()),
    "an honest pickle": ("more/scaler.pkl", HONEST, set()),
    "an honest joblib file": ("more/scaler.pkl", joblibbed(pipeline()), set()),
    "a pickle": ("more/helper.bin", EVIL, {"pickle-global"}),
    "a pickle called a text": ("notes.md", EVIL, {"pickle-global"}),
    "an old pickle": ("more/old.pkl", SYSTEM + b".", {"pickle-global"}),
    "a packed pickle": ("data.csv", gzip.compress(EVIL), {"archive", "pickle-global"}),
    "a packed text": ("data.csv", gzip.compress(b"hello"), {"archive"}),
    "a zip": ("data.txt", zipped("x", EVIL), {"archive"}),
    "a tar": ("data.txt", tar(), {"archive"}),
    "a library": ("more/x", b"\x7fELF\x02", {"executable"}),
    "a library by name": ("more/x.so", b"x", {"executable"}),
    "a script": ("x", b"#!/bin/sh\n", {"executable"}),
    "a program for Windows": ("x", b"MZ" + bytes(62) + b"PE\x00\x00", {"executable"}),
    "byte code": ("x.pyc", b"x", {"executable"}),
    "source": ("x.py", b"import os", {"code-paths"}),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_lies_beside_the_model_is_looked_at(tmp_path: Path, name: str) -> None:
    path, content, found = BESIDE[name]
    assert codes(written(tmp_path, {"model.pkl": HONEST, path: content})) == found


def test_a_link_within_the_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "again.txt").symlink_to("model.pkl")
    assert codes(written(tmp_path, {"model.pkl": HONEST})) == {"link"}


DESCRIBED: dict[str, tuple[dict[str, object], set[str]]] = {
    "MLflow's own loader": ({"loader": "mlflow.sklearn"}, set()),
    "a loader of its own": ({"loader": "evil"}, {"loader-code"}),
    "a loader that looks like MLflow": ({"loader": "mlflow_sklearn"}, {"loader-code"}),
    "a loader with a trick": ({"loader": "mlflow.sklearn\nevil"}, {"loader-code"}),
    "MLflow itself": ({"loader": "mlflow"}, {"loader-code"}),
    "code": ({"code": ("code",)}, {"code-paths"}),
    "code in MLflow's place": (
        {"loader": "mlflow.sklearn", "code": ("code",)},
        {"code-paths", "loader-code"},
    ),
    "a path upwards": ({"paths": (NamedPath("sklearn.pickled_model", "../x.pkl"),)}, {"path-escapes"}),
    "an absolute path": ({"paths": (NamedPath("python_function.data", "/etc/passwd"),)}, {"path-escapes"}),
    "an address": ({"paths": (NamedPath("python_function.data", "s3://b/x"),)}, {"path-escapes"}),
    "a path within": ({"paths": (NamedPath("python_function.data", "data/x"),)}, set()),
    "a type to trust": ({"skops_trusted": ("os.system",)}, {"skops-type"}),
    "a known type to trust": ({"skops_trusted": ("sklearn.tree._classes.ExtraTreeRegressor",)}, set()),
    "a plain requirement": ({"requirements": ("numpy==2.4.6", "pandas<4,>=2 ; python_version>'3'")}, set()),
    "an address to install from": ({"requirements": ("x @ git+https://h/x",)}, {"requirement-url"}),
    "a wheel": ({"requirements": ("./x-1.whl",)}, {"requirement-url"}),
    "a wheel by its name": ({"requirements": ("x-1.0-py3-none-any.whl",)}, {"requirement-url"}),
    "an index": ({"requirements": ("--extra-index-url https://u:hunter2@h/",)}, {"requirement-option"}),
    "a file of more": ({"requirements": ("-r other.txt",)}, {"requirement-option"}),
    "an editable folder": ({"requirements": ("-e .",)}, {"requirement-option"}),
    "an option behind": ({"requirements": ("x==1 --hash=sha256:00",)}, {"requirement-option"}),
    "something else": ({"requirements": ("x y",)}, {"requirement-option"}),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_the_description_says_is_looked_at(tmp_path: Path, name: str) -> None:
    fields, found = DESCRIBED[name]
    contents = (
        {"model.pkl": HONEST, "code/mlflow/__init__.txt": b""} if "place" in name else {"model.pkl": HONEST}
    )
    files = written(tmp_path, contents)
    inspected = inspect(files, described(**fields))
    assert {one.code for one in inspected.findings} == found
    assert not any("hunter2" in one.message for one in inspected.findings)


def test_a_model_without_its_file_is_broken(tmp_path: Path) -> None:
    with pytest.raises(SourceBroken, match="which it does not have"):
        inspect(written(tmp_path, {"x": b""}), described())


def test_nothing_of_a_name_is_shown_that_hides(tmp_path: Path) -> None:
    evil = EMPTY + "cos\u202e\nsystem\x1b[2J\n.".encode()
    (finding,) = inspect(written(tmp_path, {"model.pkl": evil}), described()).findings
    assert finding == Finding(
        "pickle-global",
        "model.pkl",
        r"names `os\u202e.system\x1b[2J`, which no scikit-learn model needs",
    )


def test_nothing_of_the_model_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    evil = pickle.dumps(Touch(str(mark)))
    inspect(written(tmp_path, {"model.pkl": evil}), described())
    assert not mark.exists()


class Touch:
    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self._path,)
