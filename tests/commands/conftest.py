"""The command line, called as a user would: inside this process, or as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlval.__main__ import cli
from mlval.commands._errors import guarded

CONTRACT = """
version: 1
name: trips
datasets: {trips: {path: trips.csv}}
validations:
  - {type: data, columns: {fare: {min: 0}}}
"""
TRIPS = "fare,plan\n1.5,a\n2.5,b\n"
NOW = "2026-01-31T12:00:00+00:00"
OUTPUTS = {"result.json", "report.md", "junit.xml"}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: exit code, and what it said where."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a contract that passes, and its data."""
    where = tmp_path / "workspace"
    where.mkdir()
    (where / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    (where / "trips.csv").write_text(TRIPS, encoding="utf-8")
    monkeypatch.chdir(where)
    return where


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return the command line as a function."""
    del folder

    def called(*arguments: str) -> Ended:
        code = guarded(lambda: cli(list(arguments), standalone_mode=False))
        said = capsys.readouterr()
        return Ended(int(code), said.out, said.err)

    return called


@pytest.fixture
def process(folder: Path) -> Call:
    """Return the command line as a process; `environment` is added to an almost empty one."""

    def started(*arguments: str, **environment: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "mlval", *arguments],
            cwd=folder,
            env={"PATH": os.defpath, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return started
