"""Changed files as GitHub lists them: whole, of this commit, or not known."""

from typing import Any

import pytest

from mlval.github.changes import changed_files
from mlval.github.errors import PublishError
from tests.github import world
from tests.github.description import example
from tests.github.faults import Fault
from tests.github.stand_in import StandIn
from tests.github.world import HEAD, NEWER, OLDER, PULL


def changed(github: StandIn, **event: object) -> tuple[str, ...] | None:
    about = world.event(**event)
    with world.connected(github, about=about) as client:
        return changed_files(client, about)


def compared(github: StandIn, status: str, *names: str) -> None:
    files: list[dict[str, Any]] = [example("diff-entry", filename=name, status="added") for name in names]
    github.forge.comparisons[f"{OLDER}...{HEAD}"] = {"status": status, "files": files}


@pytest.mark.parametrize("count", [1, 99, 100, 101, 2_999])
def test_every_page_is_read(github: StandIn, count: int) -> None:
    names = tuple(f"f{number:04}" for number in range(count))
    github.forge.past.files[PULL] = names
    assert changed(github) == names


def test_a_pull_request_without_files_is_not_understood(github: StandIn) -> None:
    assert changed(github) is None


def test_a_list_that_may_have_been_cut_is_none(github: StandIn) -> None:
    github.forge.past.files[PULL] = tuple(f"f{number}" for number in range(3_000))
    assert changed(github) is None


def test_a_renamed_file_counts_under_both_names(github: StandIn) -> None:
    github.forge.past.files[PULL] = ("models/a.csv -> shared/b.csv", "c")
    assert changed(github) == ("c", "models/a.csv", "shared/b.csv")


def test_the_files_of_another_commit_are_not_those_of_this_one(github: StandIn) -> None:
    github.forge.past.files[PULL] = ("a",)
    github.forge.heads[PULL] = NEWER
    assert changed(github) is None


@pytest.mark.parametrize("name", ["push", "merge_group"])
@pytest.mark.parametrize("status, files", [("ahead", ("a", "b")), ("diverged", None), ("behind", None)])
def test_a_push_is_compared_with_what_was_there(
    github: StandIn, name: str, status: str, files: tuple[str, ...] | None
) -> None:
    compared(github, status, "a", "b")
    assert changed(github, name=name, pull_request=None) == files


@pytest.mark.parametrize("count, known", [(299, True), (300, False), (301, False)])
def test_a_comparison_that_may_have_been_cut_is_none(github: StandIn, count: int, known: bool) -> None:
    compared(github, "ahead", *(f"f{number}" for number in range(count)))
    assert (changed(github, name="push", pull_request=None) is not None) == known


@pytest.mark.parametrize("event", [{"name": "schedule"}, {"name": "workflow_dispatch"}, {"name": "push"}])
def test_without_a_base_nothing_is_known(github: StandIn, event: dict[str, str]) -> None:
    assert changed(github, pull_request=None, base_sha=None, **event) is None
    assert github.asked == []


@pytest.mark.parametrize("operation", ["pulls/list-files", "pulls/get"])
def test_what_github_does_not_say_is_an_error(github: StandIn, operation: str) -> None:
    github.faults = [Fault(operation, 403)]
    with pytest.raises(PublishError):
        changed(github)
