"""The image, built once from a clean clone; a job for each test; what was measured, at the end."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docker.job import Job
from tests.workflow_files import ROOT
from tools import image as recipe

TAG = "mlval:test"
MEASURED = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what tests measure."""
    config.stash[MEASURED] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was measured, also where output is captured."""
    for line in config.stash[MEASURED]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> list[str]:
    return pytestconfig.stash[MEASURED]


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone what is committed; take the working tree where `MLVAL_DOCKER_DIRTY` says so."""
    if os.environ.get("MLVAL_DOCKER_DIRTY") == "1":
        return ROOT
    clone = tmp_path_factory.mktemp("clone") / "mlval"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    return clone


@pytest.fixture(scope="session")
def image(tree: Path) -> str:
    recipe.build(TAG, context=tree)
    return TAG


@pytest.fixture(scope="session")
def examples(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the examples and their data: the check-out of somebody's repository."""
    copy = tmp_path_factory.mktemp("repository") / "examples"
    shutil.copytree(tree / "examples", copy)
    subprocess.run([sys.executable, "-c", "import make_data; make_data.make()"], cwd=copy, check=True)
    return copy.parent


@pytest.fixture
def job(image: str) -> Iterator[Job]:
    # Not below pytest's own folder: the runner's user could not reach it.
    with tempfile.TemporaryDirectory(prefix="mlval-job-") as folder:
        Path(folder).chmod(0o755)
        yield Job(image, Path(folder))
