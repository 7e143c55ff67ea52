"""Opening what was found, when it has changed since."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources.confine import Found
from mlval.sources.handle import chunks, opened

Write = Callable[[str, bytes], Found]


def test_chunks_start_at_the_beginning(write: Write) -> None:
    with opened(write("x.csv", b"abcdefg")) as handle:
        handle.read(3)
        assert list(chunks(handle, 3)) == [b"abc", b"def", b"g"]


def test_a_link_put_in_its_place(write: Write, tmp_path: Path) -> None:
    found = write("x.csv", b"a")
    found.path.rename(tmp_path / "y.csv")
    found.path.symlink_to(tmp_path / "y.csv")
    with pytest.raises(SourceUnavailable, match="cannot be opened"):
        opened(found)


def test_a_pipe_put_in_its_place_is_not_waited_for(write: Write) -> None:
    found = write("x.csv", b"a")
    found.path.unlink()
    os.mkfifo(found.path)
    with pytest.raises(SourceRefused, match="not a file"):
        opened(found)


def test_gone(write: Write) -> None:
    found = write("x.csv", b"a")
    found.path.unlink()
    with pytest.raises(SourceUnavailable, match=r"`x\.csv` cannot be opened"):
        opened(found)
