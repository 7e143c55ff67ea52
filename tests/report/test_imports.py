"""Heavy libraries are loaded by the output that needs them, not by the room."""

import subprocess
import sys

import pytest

LOADED = """
import sys
from mlval.report import escape, junit, markdown, progress, result_json, result_schema, terminal
print(sorted({"jinja2", "rich", "numpy", "pydantic", "yaml", "duckdb"} & set(sys.modules)))
"""


@pytest.mark.process
def test_the_room_loads_no_heavy_library() -> None:
    loaded = subprocess.run([sys.executable, "-I", "-c", LOADED], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"
