"""How a contract spells a length of time, `24h`, and the name of a time zone, `Europe/Berlin`.

Units are `w`, `d`, `h`, `m` (minutes) and `s`, in this order, each at most once: `1d12h`. Months and
years have no fixed length and are no durations.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PATTERN = "".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in _SECONDS)
_DURATION = re.compile(_PATTERN)
_SCHEMA_PATTERN = f"^(?=[0-9]){''.join(f'([0-9]{{1,9}}{unit})?' for unit in _SECONDS)}$"


def duration(raw: object) -> int:
    """Return a length of time in seconds.

    >>> duration("24h"), duration("1d12h"), duration("90s")
    (86400, 129600, 90)

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    match = _DURATION.fullmatch(raw) if isinstance(raw, str) and raw else None
    if match is None:
        message = f"expected a duration such as 7d, 24h, 30m or 90s, found {raw!r:.80}"
        raise ValueError(message)
    parts = zip(match.groups(), _SECONDS.values(), strict=True)
    return sum(int(number or 0) * length for number, length in parts)


def spelled(seconds: int) -> str:
    """Return a length of time as a contract spells it; a day is written as hours.

    >>> spelled(86400), spelled(604800), spelled(5400), spelled(0)
    ('24h', '7d', '90m', '0s')
    """
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % length == 0 and seconds > (length if unit == "d" else 0):
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


DurationSpec = Annotated[
    int,
    BeforeValidator(duration),
    PlainSerializer(spelled, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _SCHEMA_PATTERN}),
]
"""A length of time, read as seconds."""

Zone = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_+-]{0,40}(/[A-Za-z0-9_+-]{1,40}){0,2}$", max_length=100)
]
"""The name of a time zone in the IANA database."""
