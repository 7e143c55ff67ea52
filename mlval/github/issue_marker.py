"""The hidden first line of an issue that a watch keeps: its contract, run, beginning, and what failed."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from mlval.github.marker import digest

SCHEMA = 1
MOST_KEYS = 50
"""Failures that are remembered one by one; of more, all results count."""

_OPEN = "<!-- mlval-watch "
_CLOSE = " -->"
_LONGEST = 4_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEX = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{16}")
_TIME = re.compile(r"[0-9][0-9T:.+Z-]{9,39}")


@dataclass(frozen=True, slots=True)
class IssueMarker:
    """What an issue says of itself.

    Attributes
    ----------
    name : of the contract
    run_id, attempt : who wrote it last
    since : when its contract began to fail, in ISO 8601
    failed : keys of what has failed and has not passed since; None where they are too many to name
    digest : over the text below the marker
    """

    name: str
    run_id: int
    attempt: int
    since: str
    failed: tuple[str, ...] | None = ()
    digest: str = ""
    schema: int = SCHEMA

    @property
    def run(self) -> tuple[int, int]:
        """The run and its attempt; the greater is the newer."""
        return self.run_id, self.attempt


def key(name: str) -> str:
    """Return what a result is remembered by: a short digest of its name, which may be any text."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def remembered(keys: Iterable[str]) -> tuple[str, ...] | None:
    """Return keys sorted, each once; None where they are too many."""
    found = tuple(sorted(set(keys)))
    return found if len(found) <= MOST_KEYS else None


def write(marker: IssueMarker, text: str) -> str:
    """Return the body of an issue: the marker, then the text; `read` must take the fields."""
    if not _NAME.fullmatch(marker.name) or not _TIME.fullmatch(marker.since):
        raise ValueError("a contract name or a time without the form of one")
    content = json.dumps(asdict(replace(marker, digest=digest(text))), ensure_ascii=True, sort_keys=True)
    # In the strings of JSON these may stand as escapes, so that nothing in a value can end the HTML comment.
    hidden = content.replace("-", "\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"{_OPEN}{hidden}{_CLOSE}\n{text}"


def read(body: str) -> IssueMarker | None:
    """Read the marker from the first line of a body; None where there is none or it is malformed."""
    line = body[: _LONGEST + 1].split("\n", 1)[0].removesuffix("\r")
    if len(line) > _LONGEST or not line.startswith(_OPEN) or not line.endswith(_CLOSE):
        return None
    try:
        content = json.loads(line.removeprefix(_OPEN).removesuffix(_CLOSE))
    except (ValueError, RecursionError):
        return None
    return _checked(content) if isinstance(content, dict) else None


def is_intact(body: str, marker: IssueMarker) -> bool:
    """Whether the text below the marker still is what the marker was written for."""
    return digest(body.partition("\n")[2]) == marker.digest


def _checked(content: dict[str, object]) -> IssueMarker | None:
    if type(content.get("schema")) is not int or content["schema"] != SCHEMA:
        return None
    run_id, attempt = content.get("run_id"), content.get("attempt")
    if type(run_id) is not int or type(attempt) is not int or min(run_id, attempt) < 0:
        return None
    name, since = _text(content, "name", _NAME), _text(content, "since", _TIME)
    found = _text(content, "digest", _HEX)
    failed = content.get("failed", ())
    keys = failed if isinstance(failed, list) else []
    if not all(isinstance(one, str) and _KEY.fullmatch(one) for one in keys) or len(keys) > MOST_KEYS:
        return None
    if name is None or since is None or found is None or not (failed is None or isinstance(failed, list)):
        return None
    return IssueMarker(name, run_id, attempt, since, None if failed is None else tuple(keys), found)


def _text(content: dict[str, object], field: str, pattern: re.Pattern[str]) -> str | None:
    value = content.get(field)
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
