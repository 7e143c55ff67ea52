"""What GitHub returns, read from JSON into frozen values; a wrong type is `Unreadable`, never a guess."""

import json
from dataclasses import dataclass

from mlval.github.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of an issue or pull request; the author is a login, empty for a deleted account."""

    id: int
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue, or a pull request where a listing has both; the body is empty where there is none."""

    number: int
    author: str
    title: str
    body: str
    is_open: bool
    is_pull_request: bool
    labels: tuple[str, ...]


def parsed(body: bytes) -> object:
    """Read JSON from outside."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise Unreadable("the answer was not JSON") from cause


def comment(content: object) -> Comment:
    """Read one comment."""
    author = at(content, "user")
    return Comment(
        id=integer(at(content, "id")),
        author="" if author is None else text(at(author, "login")),
        body=text(at(content, "body")),
    )


def comments(content: object) -> tuple[Comment, ...]:
    """Read one page of comments."""
    return tuple(comment(item) for item in items(content))


def issue(content: object) -> Issue:
    """Read one issue."""
    author, body = at(content, "user"), at(content, "body")
    return Issue(
        number=integer(at(content, "number")),
        author="" if author is None else text(at(author, "login")),
        title=text(at(content, "title")),
        body="" if body is None else text(body),
        is_open=text(at(content, "state")) == "open",
        is_pull_request=isinstance(content, dict) and content.get("pull_request") is not None,
        labels=tuple(_label(label) for label in items(at(content, "labels"))),
    )


def issues(content: object) -> tuple[Issue, ...]:
    """Read one page of issues."""
    return tuple(issue(item) for item in items(content))


def items(content: object) -> list[object]:
    """Read a list."""
    if not isinstance(content, list):
        raise _unexpected("list")
    return content


def at(content: object, *keys: str) -> object:
    """Walk down objects by keys."""
    for key in keys:
        if not isinstance(content, dict) or key not in content:
            raise _unexpected(key)
        content = content[key]
    return content


def text(content: object) -> str:
    """Read a string."""
    if not isinstance(content, str):
        raise _unexpected("text")
    return content


def integer(content: object) -> int:
    """Read an integer; a boolean is none."""
    if not isinstance(content, int) or isinstance(content, bool):
        raise _unexpected("integer")
    return content


def _label(content: object) -> str:
    return content if isinstance(content, str) else text(at(content, "name"))


def _unexpected(what: str) -> Unreadable:
    return Unreadable(f"the answer lacked what GitHub describes ({what})")
