"""What the image is: how large, how quick, what it starts and what it does not hold."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

import mlval
from tools import image as recipe

PYTHON = "/opt/mlval/venv/bin/python"


def inside(image: str, program: str, *arguments: str) -> str:
    """Run a program of the image; return what it prints."""
    command = ["docker", "run", "--rm", "--network=host", "--entrypoint", program, image, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def config(image: str) -> dict[str, Any]:
    command = ["docker", "image", "inspect", image]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)[0][
        "Config"
    ]
    return found


def test_it_is_as_small_as_it_was(image: str, measured: list[str]) -> None:
    now = recipe.measure(image)
    measured.append(f"image: {now}")
    assert recipe.complaints(now, recipe.recorded()) == []


def test_growth_and_limits_are_noticed() -> None:
    before = recipe.Sizes(disk=500, compressed=170)
    assert recipe.complaints(before, before) == []
    assert len(recipe.complaints(recipe.Sizes(disk=526, compressed=181), before)) == 3


def test_it_starts_an_isolated_interpreter_by_path(config: dict[str, Any]) -> None:
    assert config["Entrypoint"] == [PYTHON, "-I", "/opt/mlval/entrypoint.py"]
    assert not config.get("Cmd")
    assert config.get("User", "") == ""
    assert config.get("WorkingDir", "") in {"", "/"}


def test_its_labels_say_what_it_is(config: dict[str, Any], tree: Path) -> None:
    labels = {name.rpartition(".")[2]: value for name, value in config["Labels"].items()}
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tree, check=True, capture_output=True, text=True)
    assert labels["title"] == "mlval"
    assert labels["licenses"] == "Apache-2.0"
    assert labels["version"] == mlval.__version__
    assert labels["revision"] == head.stdout.strip()
    assert labels["source"] == labels["url"] == "https://github.com/mlval/mlval"
    assert labels["description"]


@pytest.mark.parametrize("python", [PYTHON, "python3"])
def test_it_cannot_import_what_only_builds_or_is_too_large(image: str, python: str) -> None:
    unwanted = ["ensurepip", "hatchling", "pandas", "pip", "pyarrow", "pytest", "setuptools"]
    code = f"import importlib.util as u; print([name for name in {unwanted} if u.find_spec(name)])"
    assert inside(image, python, "-I", "-c", code) == "[]\n"


def test_what_was_taken_from_packages_is_not_missed(image: str) -> None:
    modules = (
        "duckdb, jinja2, mlflow, numpy.testing, pydantic, requests, rich, scipy.special, scipy.stats,"
        " skops.io, sklearn.ensemble"
    )
    code = f"import {modules}, yaml; mlflow.MlflowClient('http://127.0.0.1:1'); print('fine')"
    assert inside(image, PYTHON, "-I", "-c", code) == "fine\n"


def test_every_module_of_ours_is_compiled(image: str) -> None:
    code = (
        "import mlval, pathlib, importlib.util as u;"
        "files = list(pathlib.Path(mlval.__file__).parent.rglob('*.py'));"
        "bare = [str(file) for file in files if not pathlib.Path(u.cache_from_source(file)).exists()];"
        "print(len(files) > 100, bare)"
    )
    assert inside(image, PYTHON, "-I", "-c", code) == "True []\n"


def test_the_command_line_is_there_too(image: str, measured: list[str]) -> None:
    started = time.monotonic()
    printed = inside(image, "mlval", "--version")
    measured.append(f"cold `mlval --version` in a fresh container: {time.monotonic() - started:.2f} s")
    assert mlval.__version__ in printed
