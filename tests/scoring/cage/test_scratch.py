"""The scratch folder: measured within bounds, removed whatever lies in it."""

import os
from pathlib import Path

import pytest

from mlval.scoring.cage import scratch


def deep(folder: Path, levels: int) -> None:
    """Make folders below each other, deeper than a path can be long."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    scratch.make(str(folder), None)
    return folder


def test_it_is_closed_to_others_and_made_once(made: Path) -> None:
    assert made.stat().st_mode & 0o777 == 0o700
    with pytest.raises(FileExistsError):
        scratch.make(str(made), None)


def test_what_files_take_is_added_up(made: Path) -> None:
    (made / "in").mkdir()
    (made / "in" / "one").write_bytes(b"x" * 100_000)
    (made / "sparse").touch()
    os.truncate(made / "sparse", 1 << 40)
    found = scratch.size(str(made))
    assert found is not None
    assert 100_000 <= found < 200_000


def test_too_many_files_are_not_counted(made: Path) -> None:
    for number in range(scratch.MOST_ENTRIES + 1):
        (made / str(number)).touch()
    assert scratch.size(str(made)) is None


def test_folders_too_deep_for_a_path_are_removed(made: Path) -> None:
    deep(made, 2500)
    assert scratch.size(str(made)) is None
    scratch.remove(str(made))
    assert not made.exists()


def test_what_links_lead_to_stays(made: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (made / "link").symlink_to(tmp_path / "kept")
    (made / "closed").mkdir(mode=0o000)
    scratch.remove(str(made))
    assert (tmp_path / "kept" / "file").exists()
    assert not made.exists()
