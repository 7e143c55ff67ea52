"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import mlval.interchange

MODULES = [found.name for found in pkgutil.iter_modules(mlval.interchange.__path__, "mlval.interchange.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
