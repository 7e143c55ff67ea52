"""The run that has ended, as the event file of a `workflow_run` tells it: no claims of the run itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.github import values
from mlval.github.errors import Unreadable
from mlval.github.handover import HandoverRefused

EVENT: Final = "workflow_run"
_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_CONCLUSION: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run for a pull request.

    Attributes
    ----------
    repository_id, default_branch : of the repository that both runs belong to
    head_sha, head_branch, head_owner, head_repository_id : what was judged, and where it lies
    actor : who caused the run, also where somebody else runs it again
    started : when this attempt started, in UTC
    conclusion : how it ended; `success` where every job did
    """

    run_id: int
    attempt: int
    repository_id: int
    default_branch: str
    head_sha: str
    head_branch: str
    head_owner: str
    head_repository_id: int
    actor: str
    started: str
    conclusion: str


def read(environ: Mapping[str, str], payload: str, *, workflow: str) -> FinishedRun:
    """Read the event file of a `workflow_run`.

    Parameters
    ----------
    environ : the runner's variables
    payload : the text of the event file
    workflow : the path of the workflow whose runs may be published, such as `.github/workflows/mlval.yml`

    Raises
    ------
    UsageError
        If the event is another one: then this process has no business to publish.
    HandoverRefused
        If the run belongs to another workflow, event or repository, or is not as GitHub documents it.
    """
    name = environ.get("GITHUB_EVENT_NAME", "")
    if name != EVENT:
        message = f"`publish` starts under `{EVENT}` only, not under {shown(name) or 'no event at all'}"
        raise UsageError(message, remedy="under `pull_request` and other events the gate publishes by itself")
    try:
        content: object = json.loads(payload)
        return _checked(environ, content, workflow=workflow)
    except (ValueError, RecursionError, Unreadable) as cause:
        message = f"The event file is not as GitHub documents it: {shown(cause)}."
        raise HandoverRefused(message) from cause


def _checked(environ: Mapping[str, str], content: object, *, workflow: str) -> FinishedRun:
    run, here = values.at(content, "workflow_run"), values.at(content, "repository")
    if values.text(values.at(content, "action")) != "completed":
        raise HandoverRefused("The run has not ended; let the workflow start on `types: [completed]`.")
    event, path = (values.text(values.at(run, key)) for key in ("event", "path"))
    if event != "pull_request":
        raise HandoverRefused(f"The run was started by {shown(event)}; only runs of `pull_request` count.")
    if path != workflow:
        message = f"The run is one of {shown(path)}; only runs of {shown(workflow)} are published."
        raise HandoverRefused(message)
    names = {values.text(values.at(one, "full_name")) for one in (here, values.at(run, "repository"))}
    ids = {values.integer(values.at(one, "id")) for one in (here, values.at(run, "repository"))}
    if len(names) != 1 or len(ids) != 1 or names != {environ.get("GITHUB_REPOSITORY", "")}:
        raise HandoverRefused("The run belongs to another repository.")
    return _read(run, here)


def _read(run: object, here: object) -> FinishedRun:
    head = values.at(run, "head_repository")
    if head is None:
        raise HandoverRefused("The repository that the pull request came from is gone.")
    return FinishedRun(
        run_id=values.integer(values.at(run, "id")),
        attempt=values.integer(values.at(run, "run_attempt")),
        repository_id=values.integer(values.at(here, "id")),
        default_branch=values.text(values.at(here, "default_branch")),
        head_sha=_matched(run, "head_sha", _SHA),
        head_branch=values.text(values.at(run, "head_branch")),
        head_owner=values.text(values.at(head, "owner", "login")),
        head_repository_id=values.integer(values.at(head, "id")),
        actor=values.text(values.at(run, "actor", "login")),
        started=_matched(run, "run_started_at", _TIME),
        conclusion=_matched(run, "conclusion", _CONCLUSION),
    )


def _matched(run: object, key: str, pattern: re.Pattern[str]) -> str:
    found = values.text(values.at(run, key))
    if not pattern.fullmatch(found):
        raise Unreadable(f"{key} is {shown(found)}")
    return found
