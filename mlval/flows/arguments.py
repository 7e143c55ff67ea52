"""Text that whoever runs the gate typed, read alike from options of the command and inputs of the Action."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from mlval.config.names import CONTRACT_NAME
from mlval.domain.byte_size import byte_size
from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.sources.bucket_uri import is_bucket

MOST_THREADS: Final = 256
MOST_SECONDS: Final = 86_400

_MEMORY: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})? ?(?:[KMGT]i?B)", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[0.]+ ?[A-Z]+", re.IGNORECASE)


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """Read NAME=PATH, each name once.

    Raises
    ------
    UsageError
        Naming the option.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, path = text.partition("=")
        name, path = name.strip(), path.strip()
        if not equals or not name or not path:
            message = f"{option} {shown(text)}: expected NAME=PATH"
            raise UsageError(message)
        if name in found:
            message = f"{option} {shown(name)} is given twice"
            raise UsageError(message)
        found[name] = path
    return found


def places(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part what may be read beyond the workspace into folders and buckets.

    >>> places(["../exports", "s3://lake/gold"])
    (('../exports',), ('s3://lake/gold',))

    Raises
    ------
    UsageError
        Where something else than a folder or a bucket is named.
    """
    listed = tuple(texts)
    buckets = tuple(text for text in listed if is_bucket(text))
    folders = tuple(text for text in listed if text not in buckets)
    if any("://" in text for text in folders):
        message = "`allow-sources` names something that is neither a folder nor a bucket"
        raise UsageError(message, remedy="buckets are written s3://…, gs://… or abfs://…, in lower case")
    return folders, buckets


def contract_name(text: str, option: str) -> str:
    """Read a name for comment and status, made like that of a contract; it may be empty.

    Raises
    ------
    UsageError
        Naming the option.
    """
    if text and not re.fullmatch(CONTRACT_NAME, text):
        message = f"{option} {shown(text)}: expected lowercase letters, digits and `-`, at most 40"
        raise UsageError(message)
    return text


def moment(text: str, option: str) -> str:
    """Read a time in ISO 8601; one without a zone is in UTC.

    >>> moment("2026-01-31T12:00", "--now")
    '2026-01-31T12:00:00+00:00'

    Raises
    ------
    UsageError
        Naming the option.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{option} {shown(text)}: not a time in ISO 8601"
        raise UsageError(message, remedy="write it as 2026-01-31T12:00:00+00:00") from error
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def switch(text: str, option: str) -> bool:
    """Read `true` or `false`.

    >>> switch("true", "input `comment`")
    True

    Raises
    ------
    UsageError
        Naming the option.
    """
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    message = f"{option} {shown(text)}: expected true or false"
    raise UsageError(message)


def threads(text: str, option: str) -> int:
    """Read a number of threads, from 1 to 256.

    Raises
    ------
    UsageError
        Naming the option.
    """
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_THREADS:
        message = f"{option} {shown(text)}: expected a whole number from 1 to {MOST_THREADS}"
        raise UsageError(message)
    return int(text)


def memory(text: str, option: str) -> str:
    """Read an amount of memory, such as `4GB`.

    Raises
    ------
    UsageError
        Naming the option.
    """
    if not _MEMORY.fullmatch(text) or _NOTHING.fullmatch(text):
        message = f"{option} {shown(text)}: expected an amount of memory"
        raise UsageError(message, remedy="write a number and its unit, such as 4GB")
    return text


def size(text: str, option: str) -> int:
    """Read an amount of memory, such as `4GB`, as bytes.

    Raises
    ------
    UsageError
        Naming the option.
    """
    try:
        return byte_size(text)
    except ValueError as error:
        message = f"{option} {shown(text)}: expected an amount of memory"
        raise UsageError(message, remedy="write a number and its unit, such as 4GB") from error


def seconds(text: str, option: str) -> float:
    """Read a number of seconds, at most a day.

    Raises
    ------
    UsageError
        Naming the option.
    """
    if not re.fullmatch(r"[0-9]{1,5}(?:\.[0-9]{1,3})?", text) or not 1 <= float(text) <= MOST_SECONDS:
        message = f"{option} {shown(text)}: expected a number of seconds from 1 to {MOST_SECONDS:,}"
        raise UsageError(message)
    return float(text)


def clock_time(time: datetime) -> str:
    """Return the time of the clock as results record it, without what is below a second."""
    return time.replace(microsecond=0).isoformat()
