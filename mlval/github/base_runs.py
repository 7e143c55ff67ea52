"""What runs of the base branch left: artifacts of pushes and schedules of this repository, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlval.github import values

if TYPE_CHECKING:
    from mlval.github.client import Client

MOST_BYTES: Final = 20_000_000
"""Bytes of an archive, which holds the whole report."""
MOST_RUNS: Final = 10
"""Runs that are looked at before there is no result."""
EVENTS: Final = frozenset({"push", "schedule"})
"""Events that nobody but those who may write to the branch can cause."""
_PAGE: Final = 100
_MOST_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class BaseRun:
    """A run of the base branch, and the archive that it left."""

    run_id: int
    head_sha: str
    archive: bytes


def newest(client: Client, *, branch: str, tip: str, artifact: str) -> Iterator[BaseRun]:
    """Yield what runs of a branch left under a name, the newest first, at most `MOST_RUNS`.

    Artifacts of pull requests, of forks and of other branches have the same names and are left out. So are
    those of a tag that is called like the branch: its commit is none of those that lead to `tip`.

    Raises
    ------
    PublishError
        If GitHub does not answer.
    """
    listed = _listed(client, branch, artifact)
    listed.sort(key=lambda one: values.text(values.at(one, "created_at")), reverse=True)
    seen: set[int] = set()
    for one in listed[:MOST_RUNS]:
        run_id = values.integer(values.at(one, "workflow_run", "id"))
        if run_id in seen:
            continue
        seen.add(run_id)
        run = client.read(f"actions/runs/{run_id}")
        sha = values.text(values.at(run, "head_sha"))
        if not _was_started_by_us(run, branch) or not _leads_to(client, sha, tip):
            continue
        number = values.integer(values.at(one, "id"))
        archive = client.download(f"actions/artifacts/{number}/zip", most=MOST_BYTES)
        yield BaseRun(run_id, sha, archive)


def _listed(client: Client, branch: str, artifact: str) -> list[object]:
    """Return the artifacts of a branch; those of pull requests may fill many pages before them."""
    found: list[object] = []
    for page in range(1, _MOST_PAGES + 1):
        tail = f"actions/artifacts?name={quote(artifact, safe='')}&per_page={_PAGE}&page={page}"
        items = values.items(values.at(client.read(tail), "artifacts"))
        found += [one for one in items if _is_of(one, branch, artifact)]
        if len(items) < _PAGE or len(found) >= MOST_RUNS:
            break
    return found


def _is_of(artifact: object, branch: str, name: str) -> bool:
    run = artifact.get("workflow_run") if isinstance(artifact, dict) else None
    if (
        not isinstance(run, dict)
        or values.at(artifact, "expired") is not False
        or values.at(artifact, "name") != name
    ):
        return False
    own = run.get("repository_id") is not None and run.get("repository_id") == run.get("head_repository_id")
    return own and run.get("head_branch") == branch


def _was_started_by_us(run: object, branch: str) -> bool:
    head = values.at(run, "head_repository")
    own = head is not None and values.at(head, "id") == values.at(run, "repository", "id")
    is_over = values.at(run, "status") == "completed"
    return own and is_over and values.at(run, "head_branch") == branch and values.at(run, "event") in EVENTS


def _leads_to(client: Client, sha: str, tip: str) -> bool:
    if sha == tip:
        return True
    compared = client.read(f"compare/{quote(sha, safe='')}...{quote(tip, safe='')}?per_page=1&page=1")
    return values.at(compared, "status") in {"ahead", "identical"}
