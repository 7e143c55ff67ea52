"""Environments of real libraries, each built once as the gate builds them."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from mlval.scoring.environment import Builder, Environment, build

IS_ROOT = os.geteuid() == 0
"""Only root can give a model a user of its own."""

Built = Callable[[str], Environment]

REQUIREMENTS = {
    "sklearn": ("scikit-learn", "skops", "pandas"),
    "xgboost": ("xgboost-cpu", "scikit-learn", "pandas"),
    "lightgbm": ("lightgbm", "scikit-learn", "pandas"),
    "onnx": ("skl2onnx", "onnxruntime"),
    "mlflow": ("mlflow-skinny>=3.17,<4", "scikit-learn", "skops", "pandas", "cloudpickle"),
}


def _reachable() -> Iterator[Path]:
    """Yield a folder that the user of the cage goes through; pytest closes its own to other users."""
    with tempfile.TemporaryDirectory(prefix="mlval-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    yield from _reachable()


@pytest.fixture(scope="session")
def environments() -> Iterator[Path]:
    yield from _reachable()


@pytest.fixture(scope="session")
def builder(environments: Path) -> Builder:
    return Builder(Path(sys.executable).with_name("uv"), environments, os.environ)


@pytest.fixture(scope="session")
def built(builder: Builder) -> Built:
    """Return a function that gives the environment of a library."""

    @cache
    def environment(name: str) -> Environment:
        return build(REQUIREMENTS[name], builder)

    return environment
