"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import mlval.stats

NAMES = [found.name for found in pkgutil.iter_modules(mlval.stats.__path__, "mlval.stats.")]
MODULES = [importlib.import_module(name) for name in NAMES]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_modules_say_what_they_hold(module: ModuleType) -> None:
    assert module.__doc__


def test_all_modules_are_seen() -> None:
    assert len(MODULES) >= 15
