"""A fresh engine for every test that asks for one."""

from pathlib import Path

import pytest

from tests.measure.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
