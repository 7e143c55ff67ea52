"""Which users can be chosen, and what they can reach."""

from pathlib import Path

import pytest

from mlval.scoring.cage import uids


def test_where_all_numbers_exist_it_is_one_that_nobody_is_given() -> None:
    assert uids.candidates("         0          0 4294967295\n") == uids.RANGE


def test_where_few_exist_they_are_the_last_of_the_widest_range() -> None:
    assert uids.candidates("0 1000 1\n1 100000 65536\n") == (49_153, 65_537)


@pytest.mark.parametrize("text", ["", "0 1000 1\n", "0 1000 9999\n"])
def test_a_container_with_too_few_users_has_none_to_spare(text: str) -> None:
    with pytest.raises(uids.NoUser):
        uids.candidates(text)


def test_a_closed_folder_on_the_way_is_named(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    found = uids.unreachable(inner)
    assert found is not None
    assert (tmp_path / "closed").is_relative_to(found)


def test_the_root_folder_is_open_to_all() -> None:
    assert uids.unreachable(Path("/")) is None
