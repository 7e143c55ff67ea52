"""A first line that nobody sees, in front of a text that GitHub keeps: a JSON object in an HTML comment."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""The form of a contract's name."""

_CLOSE: Final = " -->"


def written(word: str, fields: Mapping[str, object], text: str) -> str:
    """Return a body: the line of this kind, then the text."""
    content = json.dumps(fields, ensure_ascii=True, sort_keys=True)
    # In the strings of JSON these may stand as escapes, so that nothing in a value can end the HTML comment.
    hidden = content.replace("-", "\\u002d").replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- {word} {hidden}{_CLOSE}\n{text}"


def read(word: str, body: str, *, longest: int) -> dict[str, object] | None:
    """Read the fields of the first line; None where it is of another kind, malformed or too long."""
    line, start = body[: longest + 1].split("\n", 1)[0].removesuffix("\r"), f"<!-- {word} "
    if len(line) > longest or not line.startswith(start) or not line.endswith(_CLOSE):
        return None
    try:
        content = json.loads(line.removeprefix(start).removesuffix(_CLOSE))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def is_intact(body: str, known: str) -> bool:
    """Whether the text below the line still has the digest that is known of it."""
    return digest(body.partition("\n")[2]) == known


def digest(text: str) -> str:
    """SHA-256 of a text, blind to line ends and to space at its end, which GitHub may change."""
    return hashlib.sha256("\n".join(text.rstrip().splitlines()).encode("utf-8", "replace")).hexdigest()


def run_of(fields: Mapping[str, object]) -> tuple[int, int] | None:
    """Return the run and its attempt; None where one of them is no whole number from 0."""
    run_id, attempt = fields.get("run_id"), fields.get("attempt")
    if type(run_id) is not int or type(attempt) is not int or min(run_id, attempt) < 0:
        return None
    return run_id, attempt


def text_of(fields: Mapping[str, object], key: str, form: re.Pattern[str]) -> str | None:
    """Return a field that is a text of some form; None where it is not."""
    value = fields.get(key)
    return value if isinstance(value, str) and form.fullmatch(value) else None
