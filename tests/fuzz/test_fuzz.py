"""A small campaign against every target; `make fuzz` runs the large one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.campaign import LEAST_PAST, Target, campaign
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("make", TARGETS.values(), ids=TARGETS)
def test_promises_hold(make: Callable[[Path], Target]) -> None:
    found = campaign(make, cases=150, seed=1)
    assert found.past >= LEAST_PAST, found.ends
