"""What the stand-in knows of the repository's files and of who may do what: trees, reviews, rights, teams."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from tests.github.description import Operation, example

NEEDS = {
    "git/get-tree": {"contents": "read"},
    "git/get-blob": {"contents": "read"},
    "pulls/list-reviews": {"pull_requests": "read"},
    "repos/get-collaborator-permission-level": {"metadata": "read"},
    "teams/get-membership-for-user-in-org": {"members": "read"},
}


@dataclass(frozen=True)
class Link:
    """A symbolic link, as git keeps it: a blob that holds where it leads."""

    target: str


Kept = bytes | Link


@dataclass
class RepositoryFiles:
    """Files by commit, reviews by pull request, rights by login, teams by `organisation/team`.

    `most` is how many entries a tree that is asked for with all its folders has at most.
    """

    commits: dict[str, dict[str, Kept]] = field(default_factory=dict)
    authors: dict[int, str] = field(default_factory=dict)
    reviews: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
    teams: dict[str, set[str]] = field(default_factory=dict)
    most: int = 100_000

    def review(self, number: int, login: str, state: str, commit: str) -> None:
        """Add a review; a dismissal changes the state of the last one of somebody instead."""
        listed = self.reviews.setdefault(number, [])
        if state == "DISMISSED":
            next(one for one in reversed(listed) if one["user"]["login"] == login)["state"] = state
            return
        user = example("simple-user", login=login)
        listed.append(
            example("pull-request-review", id=len(listed) + 1, user=user, state=state, commit_id=commit)
        )

    def answer(
        self, operation: Operation, query: dict[str, str]
    ) -> list[dict[str, Any]] | dict[str, Any] | None:
        """Return a list, one object, or None for what is not there."""
        path = operation.path
        match operation.id:
            case "git/get-tree":
                return self._tree(path["tree_sha"], recursive="recursive" in query)
            case "git/get-blob":
                return self._blob(path["file_sha"])
            case "pulls/list-reviews":
                return self.reviews.get(int(path["pull_number"]), [])
            case "repos/get-collaborator-permission-level":
                right = self.rights.get(path["username"], "none")
                return example("repository-collaborator-permission", permission=right, role_name=right)
            case _:
                members = self.teams.get(f"{path['org']}/{path['team_slug']}", set())
                return example("team-membership", state="active") if path["username"] in members else None

    def _tree(self, sha: str, *, recursive: bool) -> dict[str, Any] | None:
        folder = self._folders().get(sha)
        if folder is None:
            return None
        commit, top = folder
        files = self.commits[commit]
        entries: dict[str, dict[str, Any]] = {}
        for path, kept in sorted(files.items()):
            if not path.startswith(top):
                continue
            names = path.removeprefix(top).split("/")
            for depth in range(1, len(names)):
                below = "/".join(names[:depth])
                entries[below] = _entry(below, "tree", folder_hash(commit, f"{top}{below}/"), None)
            entries["/".join(names)] = _entry("/".join(names), "blob", blob_hash(kept), kept)
        listed = [one for name, one in entries.items() if recursive or "/" not in name]
        return example(
            "git-tree",
            sha=sha,
            tree=listed[: self.most] if recursive else listed,
            truncated=recursive and len(listed) > self.most,
        )

    def _folders(self) -> dict[str, tuple[str, str]]:
        """Return commit and folder by the hashes that they may be asked for with."""
        found = {commit: (commit, "") for commit in self.commits}
        for commit, files in self.commits.items():
            for path in files:
                names = path.split("/")[:-1]
                for depth in range(1, len(names) + 1):
                    top = "/".join(names[:depth]) + "/"
                    found[folder_hash(commit, top)] = (commit, top)
        return found

    def _blob(self, sha: str) -> dict[str, Any] | None:
        known = {blob_hash(kept): kept for files in self.commits.values() for kept in files.values()}
        if sha not in known:
            return None
        data = content(known[sha])
        return example(
            "blob", sha=sha, size=len(data), encoding="base64", content=base64.encodebytes(data).decode()
        )


def content(kept: Kept) -> bytes:
    """Return what git keeps of a file or link."""
    return kept.target.encode() if isinstance(kept, Link) else kept


def blob_hash(kept: Kept) -> str:
    """Return git's hash of a file or link."""
    data = content(kept)
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def folder_hash(commit: str, top: str) -> str:
    """Return a hash for a folder of a commit: the stand-in's own, since nobody computes those of folders."""
    return hashlib.sha1(f"tree {commit} {top}".encode()).hexdigest()


def _entry(path: str, kind: str, sha: str, kept: Kept | None) -> dict[str, Any]:
    mode = "040000" if kept is None else "120000" if isinstance(kept, Link) else "100644"
    entry: dict[str, Any] = {
        "path": path,
        "mode": mode,
        "type": kind,
        "sha": sha,
        "url": "https://example.com/",
    }
    return entry if kept is None else {**entry, "size": len(content(kept))}
