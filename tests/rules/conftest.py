"""One engine for the tests of a file, and the one that writes tables for them."""

from collections.abc import Iterator

import pytest

from tests.measure.world import World, writer


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session", autouse=True)
def _closed_writer() -> Iterator[None]:
    yield
    writer().close()
    writer.cache_clear()
