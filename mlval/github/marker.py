"""The hidden first line of our comment: its contract, run and commit, and a digest of its text."""

import re
from dataclasses import asdict, dataclass, replace

from mlval.github import hidden_line
from mlval.github.hidden_line import NAME, digest

SCHEMA = 1
_WORD = "mlval"
_LONGEST = 600
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
    if not NAME.fullmatch(marker.name):
        raise ValueError("a contract name without the form of one")
    return hidden_line.written(_WORD, asdict(replace(marker, digest=digest(text))), text)


def read(body: str) -> Marker | None:
    """Read the marker from the first line of a body; of another schema only the name is believed.

    None where there is none, or a field is not what it has to be.
    """
    fields = hidden_line.read(_WORD, body, longest=_LONGEST) or {}
    name, schema = hidden_line.text_of(fields, "name", NAME), fields.get("schema")
    if name is None or type(schema) is not int:
        return None
    if schema != SCHEMA:
        return Marker(name, 0, 0, "", schema=schema)
    run = hidden_line.run_of(fields)
    head, found = (hidden_line.text_of(fields, key, _HEX) for key in ("head_sha", "digest"))
    return None if run is None or head is None or found is None else Marker(name, *run, head, found)


def is_intact(body: str, marker: Marker) -> bool:
    """Whether the text below the marker still is what the marker was written for."""
    return hidden_line.is_intact(body, marker.digest)
