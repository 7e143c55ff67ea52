"""The files that an event changes, as GitHub lists them; where a list may lack one, there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlval.github import values
from mlval.github.event import Event

if TYPE_CHECKING:
    from mlval.github.client import Client

MOST_OF_A_PULL_REQUEST: Final = 3_000
"""Files that GitHub lists of a pull request; a list that is as long may have been cut."""

MOST_OF_A_COMPARISON: Final = 300
"""Files that GitHub lists between two commits, all of them on the first page."""

_FORWARD: Final = ("ahead", "identical")
_COMPARED: Final = ("merge_group", "push")


def changed_files(client: Client, event: Event) -> tuple[str, ...] | None:
    """Return the paths of all files that the event changes, a renamed one under both names.

    Returns
    -------
    None where that is not known: other events, no file at all, more files than GitHub lists, a pull request
    that has moved on, or a push that is no way forward, which takes away what the list would not name.

    Raises
    ------
    PublishError
        If GitHub does not say.
    """
    if event.pull_request is not None:
        return _of_pull_request(client, event, event.pull_request)
    if event.name in _COMPARED and event.base_sha is not None:
        return _between(client, event.base_sha, event.head_sha)
    return None


def _of_pull_request(client: Client, event: Event, number: int) -> tuple[str, ...] | None:
    files = client.listed(f"pulls/{number}/files", most=MOST_OF_A_PULL_REQUEST)
    if files is None:
        return None
    pull = client.read(f"pulls/{number}")
    # Read after the list: what was pushed in between has another commit, or another number of files.
    same = values.text(values.at(pull, "head", "sha")) == event.head_sha
    whole = values.integer(values.at(pull, "changed_files")) == len(files)
    return _names(files) if same and whole else None


def _between(client: Client, base: str, head: str) -> tuple[str, ...] | None:
    compared = client.read(f"compare/{quote(base, safe='')}...{quote(head, safe='')}?per_page=1&page=1")
    if values.text(values.at(compared, "status")) not in _FORWARD:
        return None
    files = values.items(values.at(compared, "files"))
    return _names(files) if len(files) < MOST_OF_A_COMPARISON else None


def _names(files: list[object]) -> tuple[str, ...] | None:
    names = {values.text(values.at(file, "filename")) for file in files}
    renamed = (file for file in files if isinstance(file, dict) and "previous_filename" in file)
    names |= {values.text(values.at(file, "previous_filename")) for file in renamed}
    return tuple(sorted(names)) or None
