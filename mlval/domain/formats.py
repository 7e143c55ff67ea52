"""Names of formats that text may be written in, and patterns of dates and times as `strptime` has them."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

FormatName = Literal["date", "time", "datetime", "uuid", "email", "url", "json", "ipv4", "ipv6"]
NAMES: tuple[FormatName, ...] = get_args(FormatName)

Directive = Literal["Y", "y", "m", "b", "B", "d", "H", "I", "M", "S", "f", "p", "a", "A", "z"]
DIRECTIVES: tuple[Directive, ...] = get_args(Directive)

_PARTS = re.compile(r"%(.)|([^%]+)|(%)", re.DOTALL)
_SAME = ("Yy", "mbB", "HI", "aA", *DIRECTIVES)


@dataclass(frozen=True, slots=True)
class Plain:
    """Characters that stand in the text as they are."""

    text: str


Pattern = tuple[Directive | Plain, ...]


def is_pattern(text: str) -> bool:
    """Whether a format is a pattern, and no name."""
    return "%" in text


def pattern(text: str) -> Pattern:
    """Read a pattern of `strptime`.

    >>> pattern("%d.%m.")
    ('d', Plain(text='.'), 'm', Plain(text='.'))

    Raises
    ------
    ValueError
        If there is a directive that is unknown, or two that say the same.
    """
    parts: list[Directive | Plain] = []
    for directive, plain, lone in _PARTS.findall(text):
        known = next((one for one in DIRECTIVES if one == directive), None)
        if lone or (directive and known is None and directive != "%"):
            message = (
                f"%{directive} is no directive; known are {' '.join(f'%{one}' for one in DIRECTIVES)} %%"
            )
            raise ValueError(message)
        parts.append(known or Plain(plain or "%"))
    directives = [part for part in parts if isinstance(part, str)]
    if not directives:
        message = "the pattern holds no date and no time"
        raise ValueError(message)
    for same in _SAME:
        if len(twice := [f"%{one}" for one in directives if one in same]) > 1:
            message = f"{' and '.join(twice)} say the same"
            raise ValueError(message)
    if "I" in directives and "p" not in directives:
        message = "%I needs %p: seven o'clock comes twice a day"
        raise ValueError(message)
    return tuple(parts)
