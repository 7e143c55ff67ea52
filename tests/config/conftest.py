"""The sample checks as a package, found as the real ones are."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def checks() -> ModuleType:
    """Return the package of sample checks."""
    folder = Path(__file__).parent / "sample_checks"
    spec = importlib.util.spec_from_file_location(
        folder.name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[folder.name] = package
    return package
