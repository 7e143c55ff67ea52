"""Every attack works on a gate without a cage, and none on one with it."""

from typing import Any, Final

import pytest

from tests.cage.attacks import ATTACKS
from tests.cage.judged import FAILED, judged

NOT_FOR_AN_ORDINARY_USER: Final = frozenset({"become_root", "device_in_scratch", "packet"})
"""Attacks that the system itself refuses to whoever is not root."""

ENDINGS: Final = {
    "endless_loop": "time limit",
    "many_files": "killed: files",
    "memory_bomb_of_many_children": "killed: memory",
    "shared_memory_bomb": "killed: memory",
    "old_calls": "signal 31",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_it_works_uncaged_and_fails_caged(name: str, assaulted: tuple[int, dict[str, Any]]) -> None:
    user, found = assaulted
    works, fails = judged(name, found["results"][name])
    assert works or (user != 0 and name in NOT_FOR_AN_ORDINARY_USER)
    assert fails == FAILED


@pytest.mark.parametrize("name", ENDINGS)
def test_the_reason_is_named(name: str, assaulted: tuple[int, dict[str, Any]]) -> None:
    assert assaulted[1]["results"][name]["caged"]["ending"] == ENDINGS[name]


def test_root_gets_every_layer_and_others_all_but_a_user(assaulted: tuple[int, dict[str, Any]]) -> None:
    user, found = assaulted
    missing = [layer["name"] for layer in found["layers"] if not layer["holds"]]
    assert missing == ([] if user == 0 else ["own user"])
