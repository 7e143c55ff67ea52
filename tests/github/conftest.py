"""The stand-in as a fixture, which fails a test whose requests are not as GitHub describes them."""

from collections.abc import Iterator

import pytest

from tests.github import world
from tests.github.stand_in import StandIn, serving


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn(forge=world.forge())) as stand_in:
        yield stand_in
    assert stand_in.violations == []
