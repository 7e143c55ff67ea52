"""JSON lines: one object a line, and a sentence for JSON that is laid out in another way."""

import json
from pathlib import Path

from mlval.domain.errors import SourceBroken

_LONGEST_LINE = 2**24
_REMEDY = 'Write one object a line: {"a": 1} (pandas: `orient="records", lines=True`).'


def check_lines(path: Path, *, name: str) -> None:
    """Look at the first line that is not blank.

    Raises
    ------
    SourceBroken
        It is not a JSON object; `name` is the file as shown.
    """
    line = _first_line(path)
    if not line:
        raise SourceBroken(f"`{name}` holds no rows.", remedy="Check the step that writes it.")
    if line.startswith(b"["):
        raise SourceBroken(f"`{name}` is a JSON array, not JSON lines.", remedy=_REMEDY)
    if not _is_object(line):
        raise SourceBroken(f"`{name}` is not JSON lines: its first line is no object.", remedy=_REMEDY)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _first_line(path: Path) -> bytes:
    with path.open("rb") as handle:
        while line := handle.readline(_LONGEST_LINE):
            if stripped := line.strip():
                return stripped
    return b""
