"""The pull request that a finished run belongs to: the one whose newest commit is the run's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlval.github import values
from mlval.github.handover import HandoverRefused, Overtaken

if TYPE_CHECKING:
    from mlval.github.client import Client
    from mlval.github.workflow_run import FinishedRun

_MOST_PULLS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Pull:
    """An open pull request: its number, its newest commit, and the branch it goes to with its tip."""

    number: int
    head_sha: str
    head_repository_id: int | None
    base_ref: str
    base_sha: str
    base_repository_id: int


def of_run(client: Client, run: FinishedRun) -> Pull:
    """Return the open pull request of a run; the event names none where it comes from a fork.

    Raises
    ------
    Overtaken
        If the branch has a newer commit, or the pull request was closed.
    HandoverRefused
        If several pull requests have this commit, so that it is not known which was judged.
    PublishError
        If GitHub does not say.
    """
    found = [
        pull
        for pull in _open(client, f"{run.head_owner}:{run.head_branch}")
        if (pull.head_repository_id, pull.base_repository_id) == (run.head_repository_id, run.repository_id)
    ]
    if not found:
        raise Overtaken("The pull request is not open any more: there is nothing to publish.")
    current = [pull for pull in found if pull.head_sha == run.head_sha]
    if not current:
        raise Overtaken("The pull request has a newer commit than this run: that commit's run publishes.")
    if len(current) > 1:
        numbers = ", ".join(str(pull.number) for pull in current)
        message = f"The pull requests {numbers} have the same branch: it is not known which was judged."
        raise HandoverRefused(message, remedy="close all but one, and run the gate again")
    return current[0]


def _open(client: Client, head: str) -> list[Pull]:
    found = client.listed(f"pulls?state=open&head={quote(head, safe='')}", most=_MOST_PULLS)
    if found is None:
        raise HandoverRefused(f"The branch has more than {_MOST_PULLS:,} open pull requests.")
    return [_pull(one) for one in found]


def _pull(content: object) -> Pull:
    repository = values.at(content, "head", "repo")
    return Pull(
        number=values.integer(values.at(content, "number")),
        head_sha=values.text(values.at(content, "head", "sha")),
        head_repository_id=None if repository is None else values.integer(values.at(repository, "id")),
        base_ref=values.text(values.at(content, "base", "ref")),
        base_sha=values.text(values.at(content, "base", "sha")),
        base_repository_id=values.integer(values.at(content, "base", "repo", "id")),
    )
