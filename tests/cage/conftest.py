"""The attacks, carried out once as root and once as an ordinary user."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from mlval.scoring.cage import uids
from tests.cage.attacks import ATTACKS

ASSAULT: Final = Path(__file__).with_name("assault.py")
ORDINARY: Final = 1000


def interpreter() -> str:
    """Return an interpreter that other users may run: ours, or the system's."""
    homes = (Path(sys.prefix), Path(sys.base_prefix))
    return "/usr/bin/python3" if any(map(uids.unreachable, homes)) else sys.executable


@cache
def assault(user: int) -> dict[str, Any]:
    """Return what every attack got from a gate that runs as a user."""
    python = interpreter()
    done = subprocess.run(
        [python, "-I", "-B", ASSAULT, python, *ATTACKS],
        user=user,
        group=user,
        extra_groups=[],
        env={"PATH": os.environ["PATH"], "ALLOW_DEGRADED": "0" if user == 0 else "1"},
        stdout=subprocess.PIPE,
        check=True,
        timeout=600,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(params=[0, ORDINARY], ids=["root", "ordinary user"])
def assaulted(request: pytest.FixtureRequest) -> tuple[int, dict[str, Any]]:
    """Return who was attacked, and what came of it."""
    return request.param, assault(request.param)
