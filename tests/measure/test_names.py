"""Names of columns that a pattern is not found in."""

from pathlib import Path

import pytest

from mlval.domain.asks import Misnamed
from mlval.domain.errors import Unmeasurable
from tests.measure.world import World


def test_names_are_told_in_the_order_of_the_table(tmp_path: Path) -> None:
    world = World(tmp_path)
    table = world.csv("b,É 1,a,'; DROP TABLE x\n1,1,1,1\n")
    assert world.ask(Misnamed(table, "^[a-z]$")) == ("É 1", "'; DROP TABLE x")
    assert world.ask(Misnamed(table, ".")) == ()
    with pytest.raises(Unmeasurable):
        world.ask(Misnamed(table, "("))
