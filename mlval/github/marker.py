"""The hidden first line of our comment: its contract, run and commit, and a digest of its text."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace

SCHEMA = 1
_OPEN = "<!-- mlval "
_CLOSE = " -->"
_LONGEST = 600
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEX = re.compile(r"[0-9a-f]{0,64}")


@dataclass(frozen=True, slots=True)
class Marker:
    """What a comment says of itself; `digest` is over the text below the marker."""

    name: str
    run_id: int
    attempt: int
    head_sha: str
    digest: str = ""
    schema: int = SCHEMA

    @property
    def run(self) -> tuple[int, int]:
        """The run and its attempt; of two on one commit the greater is the newer."""
        return self.run_id, self.attempt


def write(marker: Marker, text: str) -> str:
    """Return the body of a comment: the marker, then the text; the name must be one that `read` takes."""
    if not _NAME.fullmatch(marker.name):
        raise ValueError("a contract name without the form of one")
    content = json.dumps(asdict(replace(marker, digest=digest(text))), ensure_ascii=True, sort_keys=True)
    # In the strings of JSON these may stand as escapes, so that nothing in a value can end the HTML comment.
    hidden = content.replace("-", "\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"{_OPEN}{hidden}{_CLOSE}\n{text}"


def read(body: str) -> Marker | None:
    """Read the marker from the first line of a body; None where there is none or it is malformed."""
    line = body[: _LONGEST + 1].split("\n", 1)[0].removesuffix("\r")
    if len(line) > _LONGEST or not line.startswith(_OPEN) or not line.endswith(_CLOSE):
        return None
    try:
        content = json.loads(line.removeprefix(_OPEN).removesuffix(_CLOSE))
    except (ValueError, RecursionError):
        return None
    return _checked(content) if isinstance(content, dict) else None


def is_intact(body: str, marker: Marker) -> bool:
    """Whether the text below the marker still is what the marker was written for."""
    return digest(body.partition("\n")[2]) == marker.digest


def digest(text: str) -> str:
    """SHA-256 of a text, blind to line ends and to space at its end, which GitHub may change."""
    return hashlib.sha256("\n".join(text.rstrip().splitlines()).encode("utf-8", "replace")).hexdigest()


def _checked(content: dict[str, object]) -> Marker | None:
    """Return the marker if every field has its type; of another schema only the name is believed."""
    name, schema = content.get("name"), content.get("schema")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or type(schema) is not int:
        return None
    if schema != SCHEMA:
        return Marker(name, 0, 0, "", schema=schema)
    run_id, attempt = content.get("run_id"), content.get("attempt")
    head, found = content.get("head_sha"), content.get("digest")
    if type(run_id) is not int or type(attempt) is not int or min(run_id, attempt) < 0:
        return None
    if not (
        isinstance(head, str) and _HEX.fullmatch(head) and isinstance(found, str) and _HEX.fullmatch(found)
    ):
        return None
    return Marker(name, run_id, attempt, head, found)
