"""What the stand-in knows of issues: one list with pull requests, labels, states, and what lags behind."""

from dataclasses import dataclass, field
from typing import Any

from tests.github.description import Operation, example

NEEDS = {
    "issues/list-for-repo": {"issues": "read"},
    "issues/create": {"issues": "write"},
    "issues/update": {"issues": "write"},
}
TITLE_LIMIT = 256


@dataclass
class IssueTracker:
    """Issues by number; they and pull requests are numbered in one row.

    `is_off` stands for a repository without issues, `drops_labels` for a token that may set none.
    """

    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    before_last_write: dict[int, dict[str, Any]] = field(default_factory=dict)
    is_off: bool = False
    drops_labels: bool = False
    first: int = 8

    def add(self, *, author: str, labels: tuple[str, ...] = (), **known: object) -> int:
        """Put an issue, or a pull request, into the list; return its number."""
        self.remember()
        number = max(self.issues, default=self.first - 1) + 1
        self.issues[number] = example(
            "issue",
            number=number,
            id=1_000 + number,
            user=example("simple-user", login=author, type="Bot" if author.endswith("[bot]") else "User"),
            **{
                "state": "open",
                "title": "An issue",
                "labels": [{"name": label} for label in labels],
                **known,
            },
        )
        return number

    def remember(self) -> None:
        """Keep what stood before a write, which stale lists show."""
        self.before_last_write = {number: dict(issue) for number, issue in self.issues.items()}

    def listed(self, query: dict[str, str], *, stale: bool) -> list[dict[str, Any]]:
        """Return what carries all labels and has the state, newest first unless asked otherwise."""
        known = self.before_last_write if stale else self.issues
        wanted = {label.casefold() for label in query.get("labels", "").split(",") if label}
        state = query.get("state", "open")
        found = [
            known[number]
            for number in sorted(known)
            if state in {"all", known[number]["state"]}
            and wanted <= {label["name"].casefold() for label in known[number]["labels"]}
        ]
        return found if query.get("direction") == "asc" else found[::-1]

    def create(self, body: dict[str, Any], author: str) -> dict[str, Any]:
        """Open an issue."""
        labels = () if self.drops_labels else tuple(body.get("labels", ()))
        number = self.add(author=author, labels=labels, title=body["title"], body=body.get("body"))
        return self.issues[number]

    def update(self, operation: Operation, body: dict[str, Any]) -> dict[str, Any] | None:
        """Change an issue; None where there is none."""
        number = int(operation.path["issue_number"])
        if number not in self.issues:
            return None
        self.remember()
        old = self.issues[number]
        if body.get("state", old["state"]) == old["state"]:
            body = {name: value for name, value in body.items() if name != "state_reason"}
        self.issues[number] = {**old, **body}
        return self.issues[number]
