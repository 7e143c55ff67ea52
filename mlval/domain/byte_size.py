"""How a contract spells a number of bytes: `500MB`, `2GiB`, or a whole number.

`kB`, `MB` and `GB` are powers of 1,000; `KiB`, `MiB` and `GiB` powers of 1,024.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

_UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_PATTERN = rf"([0-9]{{1,12}}) ?({'|'.join(_UNITS)})"
_SIZE = re.compile(_PATTERN)


def byte_size(raw: object) -> int:
    """Return a number of bytes.

    >>> byte_size("500MB"), byte_size("2 GiB"), byte_size(100)
    (500000000, 2147483648, 100)

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    match = _SIZE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        message = f"expected a size such as 500MB, 2GiB or a number of bytes, found {raw!r:.80}"
        raise ValueError(message)
    return int(match[1]) * _UNITS[match[2]]


def size_text(size: int) -> str:
    """Return a number of bytes as people read it, with three digits.

    >>> size_text(999), size_text(1500), size_text(34_500_000)
    ('999 B', '1.5 kB', '34.5 MB')
    """
    for unit in ("GB", "MB", "kB"):
        if size >= _UNITS[unit]:
            return f"{size / _UNITS[unit]:.3g} {unit}" if size < 1000 * _UNITS[unit] else f"{size:,} B"
    return f"{size} B"


ByteSizeSpec = Annotated[
    int,
    BeforeValidator(byte_size),
    Field(ge=1),
    PlainSerializer(lambda size: size, return_type=int),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{_PATTERN}$"}]}
    ),
]
"""A number of bytes, at least one."""
