"""What the runner reads: commands in the log, the step summary, outputs. Building and sending are apart."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import quote

from mlval.github import budget

Writer: TypeAlias = Callable[[str], object]
"""Takes text: the `write` of a stream or of a file opened to append."""

Token: TypeAlias = Callable[[], str]
"""Makes a random word of at least 32 hexadecimal digits."""

PER_LEVEL = 10
"""Annotations of one level that GitHub shows for a step."""

_MESSAGE_LIMIT = 4_000
_OUTPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TOKEN = re.compile(r"[0-9a-f]{32,}")


class Level(StrEnum):
    """How loud an annotation is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A message at a place in a file of the repository; line and column count from 1."""

    level: Level
    message: str
    title: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None


def command(name: str, data: str, *, properties: Mapping[str, str] | None = None) -> str:
    """Return one command line, escaped so that the runner reads back exactly what was meant.

    >>> command("error", "50% lost", properties={"file": "a,b.yml", "line": "3"})
    '::error file=a%2Cb.yml,line=3::50%25 lost'
    """
    pairs = ",".join(f"{key}={_property(value)}" for key, value in (properties or {}).items() if value)
    return f"::{name}{' ' if pairs else ''}{pairs}::{_data(data)}"


def annotation(item: Annotation) -> str:
    """Return the command of one annotation."""
    properties = {
        "file": item.file,
        "line": "" if item.line is None else str(item.line),
        "col": "" if item.column is None else str(item.column),
        "title": item.title,
    }
    message = (
        item.message if len(item.message) <= _MESSAGE_LIMIT else item.message[: _MESSAGE_LIMIT - 1] + "…"
    )
    return command(item.level, message, properties=properties)


def annotations(items: Sequence[Annotation]) -> tuple[str, ...]:
    """Return the commands that GitHub will show: at most ten of a level, the tenth saying how many more."""
    lines: list[str] = []
    for level in Level:
        same = [item for item in items if item.level is level]
        shown = same if len(same) <= PER_LEVEL else same[: PER_LEVEL - 1]
        lines.extend(annotation(item) for item in shown)
        if len(same) > len(shown):
            lines.append(command(level, f"{len(same) - len(shown)} more: see the step summary."))
    return tuple(lines)


def masks(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return the commands that hide secrets in the log: each line of each, also as it stands in addresses.

    Send them before anything else is written.
    """
    lines = [line for secret in secrets for line in secret.splitlines() if line.strip()]
    forms = [form for line in lines for form in (line, quote(line, safe=""))]
    return tuple(command("add-mask", form) for form in dict.fromkeys(forms))


def untrusted(text: str, token: Token) -> str:
    """Return `text` between commands that stop and resume the runner's reading of commands.

    Both streams of a step are read as one, so the bracket holds on both.
    """
    word = _absent(token, text)
    ended = text if text.endswith("\n") or not text else text + "\n"
    return f"::stop-commands::{word}\n{ended}::{word}::\n"


def output(name: str, value: str, *, token: Token) -> str:
    """Return the lines that set an output; the delimiter stands nowhere in the value."""
    if not _OUTPUT_NAME.fullmatch(name):
        raise ValueError(f"not a name for an output: {name!r}")
    word = _absent(token, value)
    return f"{name}<<{word}\n{value}\n{word}\n"


def summary(variants: Sequence[str], *, link: str) -> str:
    """Return the first variant that a step summary can hold, or the last one cut."""
    text = budget.choose(variants, link=link, limit=budget.SUMMARY_BUDGET, measure=budget.size)
    return text if text.endswith("\n") else text + "\n"


def send(lines: Iterable[str], write: Writer) -> None:
    """Write commands to the log, a line each."""
    for line in lines:
        write(line + "\n")


def _absent(token: Token, text: str) -> str:
    """Draw a word that does not occur in `text`, in whatever case."""
    lowered = text.lower()
    while True:
        word = token()
        if not _TOKEN.fullmatch(word):
            raise ValueError("a token must be at least 32 hexadecimal digits")
        if word not in lowered:
            return word


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
