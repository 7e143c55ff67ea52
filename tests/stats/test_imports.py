"""The room is light to import: no scipy until a p-value is asked for, and never scipy.stats."""

import subprocess
import sys

import pytest

PROGRAM = """
import importlib, pkgutil, sys
import mlval.stats
for found in pkgutil.iter_modules(mlval.stats.__path__, "mlval.stats."):
    importlib.import_module(found.name)
early = {name.split(".")[0] for name in sys.modules} & {"scipy", "pandas", "sklearn", "pydantic", "duckdb"}
from mlval.stats import power, two_sample
two_sample.chi_square([10, 20], [20, 10])
power.levels_detectable(10, 10, df=1, alpha=0.05)
print(sorted(early), "scipy.stats" in sys.modules)
"""


@pytest.mark.process
def test_heavy_libraries_wait() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]
