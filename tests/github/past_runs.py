"""What the stand-in knows of finished runs: artifacts, and pull requests of a branch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.github.description import Operation, example

NEEDS = {
    "pulls/list": {"pull_requests": "read"},
    "pulls/list-files": {"pull_requests": "read"},
    "actions/list-workflow-run-artifacts": {"actions": "read"},
    "actions/list-artifacts-for-repo": {"actions": "read"},
    "actions/get-workflow-run": {"actions": "read"},
    "actions/download-artifact": {"actions": "read"},
}
LISTS_OF_ARTIFACTS = {"actions/list-workflow-run-artifacts", "actions/list-artifacts-for-repo"}
Listed = list[dict[str, Any]]


@dataclass
class PastRuns:
    """Open pull requests, files of changes, artifacts of runs, and where these are kept.

    `pulls` maps `owner:branch` to pull requests, `files` a pull request to the paths that it changes,
    `artifacts` a run to what it left, `storage` an artifact to a URL.
    """

    pulls: dict[str, Listed] = field(default_factory=dict)
    files: dict[int, tuple[str, ...]] = field(default_factory=dict)
    artifacts: dict[int, Listed] = field(default_factory=dict)
    storage: dict[int, str] = field(default_factory=dict)
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)

    def answer(self, operation: Operation, query: dict[str, str]) -> Listed | dict[str, Any] | str | None:
        """Return a list, one object, where to look instead, or None for what is not there."""
        path = operation.path
        lists: dict[str, Callable[[], Listed]] = {
            "pulls/list-files": lambda: [
                _changed(name) for name in self.files.get(int(path["pull_number"]), ())
            ],
            "actions/list-workflow-run-artifacts": lambda: self.artifacts.get(int(path["run_id"]), []),
            "actions/list-artifacts-for-repo": lambda: [
                one for left in self.artifacts.values() for one in left if one["name"] == query["name"]
            ],
        }
        if operation.id in lists:
            return lists[operation.id]()
        match operation.id:
            case "pulls/list":
                return self.pulls.get(query["head"], []) if query["state"] == "open" else None
            case "actions/get-workflow-run":
                return self.runs.get(int(path["run_id"]))
            case _:
                return self.storage.get(int(path["artifact_id"]))


def pull_request(number: int, *, head: tuple[str, int | None], base: tuple[str, int]) -> dict[str, Any]:
    """Return an open pull request; `head` and `base` are a commit and the number of its repository."""
    pull = example("pull-request-simple", number=number, state="open")
    sha, repository = head
    pull["head"] = {**pull["head"], "sha": sha, "repo": None}
    if repository is not None:
        pull["head"]["repo"] = example("repository", id=repository)
    pull["base"] = {**pull["base"], "sha": base[0], "ref": "main", "repo": example("repository", id=base[1])}
    return pull


def artifact(number: int, name: str, **known: object) -> dict[str, Any]:
    """Return an artifact as it is listed."""
    return example("artifact", id=number, name=name, **known)


def _changed(name: str) -> dict[str, Any]:
    """Return a changed file; `old -> new` is one that was renamed."""
    old, renamed, new = name.rpartition(" -> ")
    known = {"previous_filename": old} if renamed else {}
    return example("diff-entry", filename=new, status="renamed" if renamed else "modified", **known)
