"""What a finished run left behind: one artifact by name, of which one file is read, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlval.domain.text import shown
from mlval.github import values
from mlval.github.handover import HandoverRefused
from mlval.github.zip_member import members, only_member

if TYPE_CHECKING:
    from mlval.github.client import Client
    from mlval.github.workflow_run import FinishedRun

MOST_BYTES: Final = 5_000_000
"""Bytes of an archive, and of the file in it."""

MOST_PREDICTIONS: Final = 50_000_000
"""Bytes of an archive of predictions; unpacked they may be four times as many."""

_MOST_ARTIFACTS: Final = 2_000
_DIGEST: Final = "sha256:"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One artifact as GitHub lists it; `digest` is `sha256:…` or None."""

    id: int
    name: str
    bytes: int
    expired: bool
    created: str
    digest: str | None
    run_id: int | None
    head_sha: str | None


def read_file(client: Client, run: FinishedRun, *, name: str, member: str) -> bytes:
    """Return the one file of the one artifact of this name that this attempt of the run has left.

    Raises
    ------
    HandoverRefused
        If there is no such artifact or more than one, it is expired or too large, or holds anything else.
    PublishError
        If GitHub does not hand it over.
    """
    artifact = _only(client, run, name)
    if artifact is None:
        message = f"This attempt of the run has left no artifact {shown(name)}."
        raise HandoverRefused(message, remedy="the gate uploads it even where it blocks: `if: always()`")
    return only_member(_fetched(client, artifact, most=MOST_BYTES), member, most=MOST_BYTES)


def read_files(client: Client, run: FinishedRun, *, name: str, allowed: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of an artifact that may be there, by name; none where there is no such artifact.

    Raises
    ------
    HandoverRefused, PublishError
        As `read_file`.
    """
    artifact = _only(client, run, name)
    if artifact is None:
        return {}
    archive = _fetched(client, artifact, most=MOST_PREDICTIONS)
    return members(archive, allowed, most=4 * MOST_PREDICTIONS)


def _fetched(client: Client, artifact: Artifact, *, most: int) -> bytes:
    name = artifact.name
    if artifact.expired:
        raise HandoverRefused(f"The artifact {shown(name)} has expired.", remedy="run the gate again")
    if artifact.bytes > most:
        raise HandoverRefused(f"The artifact {shown(name)} has more than {most:,} bytes.")
    archive = client.download(f"actions/artifacts/{artifact.id}/zip", most=most)
    if artifact.digest is not None and artifact.digest != _DIGEST + hashlib.sha256(archive).hexdigest():
        raise HandoverRefused(
            f"The artifact {shown(name)} is not the one that was uploaded: its digest differs."
        )
    return archive


def _only(client: Client, run: FinishedRun, name: str) -> Artifact | None:
    """Return the artifact; those of earlier attempts carry the same name and do not count."""
    named = [one for one in _listed(client, run) if one.name == name and one.created >= run.started]
    if not named:
        return None
    if len(named) > 1:
        raise HandoverRefused(f"The run has left {len(named)} artifacts {shown(name)}; one is expected.")
    if (named[0].run_id, named[0].head_sha) != (run.run_id, run.head_sha):
        raise HandoverRefused(f"The artifact {shown(name)} belongs to another run.")
    return named[0]


def _listed(client: Client, run: FinishedRun) -> list[Artifact]:
    found = client.listed(f"actions/runs/{run.run_id}/artifacts", "artifacts", most=_MOST_ARTIFACTS)
    if found is None:
        raise HandoverRefused(f"The run has left more than {_MOST_ARTIFACTS:,} artifacts.")
    return [_artifact(one) for one in found]


def _artifact(content: object) -> Artifact:
    run = content.get("workflow_run") if isinstance(content, dict) else None
    digest = content.get("digest") if isinstance(content, dict) else None
    return Artifact(
        id=values.integer(values.at(content, "id")),
        name=values.text(values.at(content, "name")),
        bytes=values.integer(values.at(content, "size_in_bytes")),
        expired=values.at(content, "expired") is not False,
        created=values.text(values.at(content, "created_at")),
        digest=None if digest is None else values.text(digest),
        run_id=None if run is None else values.integer(values.at(run, "id")),
        head_sha=None if run is None else values.text(values.at(run, "head_sha")),
    )
