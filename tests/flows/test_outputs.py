"""The output folder: emptied of earlier outputs before the work, written whole after it."""

from pathlib import Path

import pytest

from mlval.domain.errors import UsageError
from mlval.flows.outputs import NAMES, clear, prepare


def test_earlier_outputs_go_and_other_files_stay(tmp_path: Path) -> None:
    for name in (*NAMES, "notes.txt"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_to_clear_is_fine(tmp_path: Path) -> None:
    clear(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_a_folder_is_made(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_in_the_place_of_an_output_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(UsageError, match=r"cannot write result\.json"):
        clear(tmp_path)
