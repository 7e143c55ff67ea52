"""The attacks of the cage's own suite, inside a container with Docker's default options."""

import json
import subprocess
from typing import Any, Final

import pytest

from tests.cage.attacks import ATTACKS
from tests.cage.judged import FAILED, judged
from tests.workflow_files import ROOT

PYTHON: Final = "/opt/mlval/venv/bin/python"
CLOSED_BY_DOCKER: Final = frozenset(
    {
        "bpf",
        "clone3",
        "file_handles",
        "file_of_the_parent_through_a_pidfd",
        "io_uring",
        "keys",
        "mounts",
        "namespace_by_clone",
        "namespaces",
        "perf_events",
        "process_vm_readv",
        "ptrace_the_parent",
    }
)
"""Attacks that Docker's own filter or list of capabilities refuses, in some of its versions."""


@pytest.fixture(scope="module")
def found(image: str) -> dict[str, Any]:
    command = [
        *("docker", "run", "--rm", "--network=host", "--entrypoint", PYTHON),
        *("-v", f"{ROOT / 'tests' / 'cage'}:/repository/tests/cage:ro", image),
        *("-I", "-B", "/repository/tests/cage/assault.py", PYTHON, *ATTACKS),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=600)
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


@pytest.mark.parametrize("name", ATTACKS)
def test_it_works_uncaged_and_fails_caged(name: str, found: dict[str, Any]) -> None:
    works, fails = judged(name, found["results"][name])
    assert works or name in CLOSED_BY_DOCKER
    assert fails == FAILED


def test_every_layer_is_there(found: dict[str, Any]) -> None:
    assert all(layer["holds"] for layer in found["layers"])
