"""The commit status `mlval/<name>`: the line that a branch protection reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mlval.github.budget import characters

if TYPE_CHECKING:
    from mlval.github.client import Client

DESCRIPTION_LIMIT = 140
"""Characters of a status description."""


class State(StrEnum):
    """The states that GitHub knows."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Status:
    """A commit status; `context` is its name."""

    context: str
    state: State
    description: str
    target_url: str


def build(*, name: str, state: State, description: str, target_url: str) -> Status:
    """Return the status of a contract, its description cut to what GitHub takes."""
    return Status(f"mlval/{name}", state, described(description), target_url)


def described(text: str) -> str:
    """Return one line of at most 140 characters, cut between words where that loses little.

    >>> described("blocked:  2 of 14 checks failed")
    'blocked: 2 of 14 checks failed'
    """
    line = " ".join(text.split())
    if characters(line) <= DESCRIPTION_LIMIT:
        return line
    line = line[: DESCRIPTION_LIMIT - 1]
    while characters(line) > DESCRIPTION_LIMIT - 1:
        line = line[:-1]
    whole, _, _ = line.rpartition(" ")
    return (whole if len(whole) > DESCRIPTION_LIMIT // 2 else line).rstrip(" ,;:") + "…"


def put(client: Client, sha: str, *, status: Status) -> None:
    """Set the status on a commit; raises `PublishError`."""
    client.create_status(
        sha,
        context=status.context,
        state=status.state,
        description=status.description,
        target_url=status.target_url,
    )
