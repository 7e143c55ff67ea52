"""The event that started the run, read from the runner's variables and the event file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mlval.domain.text import shown
from mlval.github.errors import EventError

_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/(?!\.\.?$)[A-Za-z0-9._-]+")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NUMBER = re.compile(r"[0-9]{1,19}")
_QUEUED = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([1-9][0-9]{0,17})-[0-9a-f]{40}(?:[0-9a-f]{24})?")
DEPENDABOT = "dependabot[bot]"

_READ_ONLY_FOR_STRANGERS = frozenset(
    {"pull_request", "pull_request_review", "pull_request_review_comment", "push", "create", "deployment"}
)
"""Events whose token may only read when a fork or Dependabot caused them."""

_REFUSED = frozenset({"pull_request_target", "workflow_run", "issue_comment"})


@dataclass(frozen=True, slots=True)
class Event:
    """What the run is about; `head_sha` is the commit that the verdict belongs to.

    `base_sha` and `base_branch` are what a change is to be merged into, `queued` the pull request whose turn
    it is in a merge queue. `is_by_hand` tells a run that somebody started on a branch of their own, perhaps
    that of a pull request, where nothing is compared with the base.
    """

    name: str
    repository: str
    head_sha: str
    base_sha: str | None
    pull_request: int | None
    is_fork: bool
    is_dependabot: bool
    server_url: str
    api_url: str
    graphql_url: str
    run_id: int
    run_attempt: int
    queued: int | None = None
    base_branch: str | None = None
    is_by_hand: bool = False

    @property
    def run_url(self) -> str:
        """Where this attempt of the run is shown."""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}/attempts/{self.run_attempt}"

    @property
    def token_is_read_only(self) -> bool:
        """Whether GitHub gives this run no token that may write, whatever `permissions:` says."""
        return (self.is_fork or self.is_dependabot) and self.name in _READ_ONLY_FOR_STRANGERS


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event is not judged, and what to do instead."""

    sentence: str
    remedy: str


def refuse(event_name: str) -> Refusal | None:
    """Return the refusal for events whose runs hold secrets while a stranger's code lies at hand."""
    if event_name not in _REFUSED:
        return None
    return Refusal(
        f"`run` does not start under `{event_name}`: such a run has the secrets of the repository, "
        "and a pull request could reach them through its contract, data or model.",
        "Judge under `pull_request` (also `merge_group`, `push`, `schedule` or `workflow_dispatch`), and let "
        "a `workflow_run` workflow call `mlval publish` for pull requests from forks.",
    )


def read(environ: Mapping[str, str], payload: str) -> Event:
    """Read the event from `GITHUB_*` variables and the text of the event file.

    Raises
    ------
    EventError
        A variable or a field is missing, or is not what GitHub documents.
    """
    content = _parsed(payload)
    name = _required(environ, "GITHUB_EVENT_NAME")
    repository = _matched(_required(environ, "GITHUB_REPOSITORY"), _REPOSITORY, what="GITHUB_REPOSITORY")
    head, base = _commits(name, content, environ=environ)
    api = _url(environ, "GITHUB_API_URL", default="https://api.github.com")
    return Event(
        name=name,
        repository=repository,
        head_sha=head,
        base_sha=base,
        pull_request=_pull_request(content),
        is_fork=_is_fork(name, content),
        is_dependabot=environ.get("GITHUB_ACTOR") == DEPENDABOT,
        server_url=_url(environ, "GITHUB_SERVER_URL", default="https://github.com"),
        api_url=api,
        graphql_url=_url(environ, "GITHUB_GRAPHQL_URL", default=api.removesuffix("/v3") + "/graphql"),
        run_id=int(_matched(_required(environ, "GITHUB_RUN_ID"), _NUMBER, what="GITHUB_RUN_ID")),
        run_attempt=int(
            _matched(environ.get("GITHUB_RUN_ATTEMPT") or "1", _NUMBER, what="GITHUB_RUN_ATTEMPT")
        ),
        queued=_queued(content),
        base_branch=_base_branch(name, content),
        is_by_hand=name == "workflow_dispatch" and not _is_default_branch(content, environ=environ),
    )


def _commits(name: str, content: object, *, environ: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the commit to be judged and the one it is compared with.

    For a pull request `GITHUB_SHA` is a merge commit of GitHub's; statuses belong to the branch's head.
    """
    if _at(content, "pull_request") is not None:
        head, base = _at(content, "pull_request", "head", "sha"), _at(content, "pull_request", "base", "sha")
    elif name == "merge_group":
        head, base = _at(content, "merge_group", "head_sha"), _at(content, "merge_group", "base_sha")
    elif name == "workflow_run":
        head, base = _at(content, "workflow_run", "head_sha"), None
    else:
        head, base = environ.get("GITHUB_SHA"), _at(content, "before") if name == "push" else None
    known = isinstance(base, str) and _SHA.fullmatch(base) and base.strip("0")
    return _matched(head, _SHA, what="the commit of the event"), str(base) if known else None


def _base_branch(name: str, content: object) -> str | None:
    """Return the branch that the change is to be merged into."""
    if name == "merge_group":
        branch = _at(content, "merge_group", "base_ref")
    else:
        branch = _at(content, "pull_request", "base", "ref")
    return branch.removeprefix("refs/heads/") if isinstance(branch, str) and branch else None


def _is_default_branch(content: object, *, environ: Mapping[str, str]) -> bool:
    branch = _at(content, "repository", "default_branch")
    return isinstance(branch, str) and environ.get("GITHUB_REF") == f"refs/heads/{branch}"


def _pull_request(content: object) -> int | None:
    number = _at(content, "pull_request", "number")
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None


def _queued(content: object) -> int | None:
    """Return the pull request that a branch of a merge queue is named after."""
    found = _QUEUED.fullmatch(str(_at(content, "merge_group", "head_ref")))
    return int(found[1]) if found else None


def _is_fork(name: str, content: object) -> bool:
    """Whether the head lies in another repository; a deleted one counts as another."""
    if _at(content, "pull_request") is not None:
        head, base = (
            _at(content, "pull_request", "head", "repo"),
            _at(content, "pull_request", "base", "repo"),
        )
    elif name == "workflow_run":
        head, base = _at(content, "workflow_run", "head_repository"), _at(content, "repository")
    else:
        return False
    return _at(head, "id") is None or _at(head, "id") != _at(base, "id")


def _parsed(payload: str) -> object:
    try:
        return json.loads(payload or "{}")
    except (ValueError, RecursionError) as cause:
        raise EventError("the event file is not JSON") from cause


def _at(content: object, *keys: str) -> object:
    """Walk down objects by keys; None where something is missing."""
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise EventError(f"the variable {name} is not set; GitHub's runner sets it")
    return value


def _matched(value: object, pattern: re.Pattern[str], *, what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EventError(f"{what} is not as GitHub documents it: {shown(value)}")
    return value


def _url(environ: Mapping[str, str], name: str, *, default: str) -> str:
    """Read an address: http or https, a host, nothing secret in it, no slash at its end."""
    value = environ.get(name) or default
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise EventError(f"{name} is not a web address")
    return value.rstrip("/")
