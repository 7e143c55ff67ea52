"""The hidden first line of an issue that a watch keeps: its contract, run, beginning, and what failed."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from mlval.github import hidden_line
from mlval.github.hidden_line import NAME, digest, text_of

SCHEMA = 1
MOST_KEYS = 50
"""Failures that are remembered one by one; of more, all results count."""

_WORD = "mlval-watch"
_LONGEST = 4_000
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
    if not NAME.fullmatch(marker.name) or not _TIME.fullmatch(marker.since):
        raise ValueError("a contract name or a time without the form of one")
    return hidden_line.written(_WORD, asdict(replace(marker, digest=digest(text))), text)


def read(body: str) -> IssueMarker | None:
    """Read the marker from the first line of a body; None where there is none or it is malformed."""
    fields = hidden_line.read(_WORD, body, longest=_LONGEST) or {}
    if type(fields.get("schema")) is not int or fields["schema"] != SCHEMA:
        return None
    name, since, found = (
        text_of(fields, key, form) for key, form in (("name", NAME), ("since", _TIME), ("digest", _HEX))
    )
    run, failed = hidden_line.run_of(fields), fields.get("failed", ())
    if run is None or name is None or since is None or found is None:
        return None
    if failed is None:
        return IssueMarker(name, *run, since, None, found)
    if not isinstance(failed, list) or len(failed) > MOST_KEYS:
        return None
    if not all(isinstance(one, str) and _KEY.fullmatch(one) for one in failed):
        return None
    return IssueMarker(name, *run, since, tuple(failed), found)


def is_intact(body: str, marker: IssueMarker) -> bool:
    """Whether the text below the marker still is what the marker was written for."""
    return hidden_line.is_intact(body, marker.digest)
