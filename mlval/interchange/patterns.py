"""Regular expressions of other tools, which are read here as RE2."""

import re

from mlval.interchange.demand import Unmappable

_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!>(]|<[=!]|P=|P>|R\)|[0-9])|(?<!\\)(?:\\\\)*\\(?:[1-9]|Z|k<)|[*+?}]\+")
_LETTERS = re.compile(r"\\[dwsbDWSB]")
_MOST = 1_000
_ASCII = "`\\d`, `\\w` and `\\s` know ASCII only here"


def differences(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what RE2 reads otherwise.

    Raises
    ------
    Unmappable
        If it cannot read a pattern: one that looks around or back, or is too long.
    """
    for pattern in patterns:
        if not pattern or len(pattern) > _MOST:
            raise Unmappable(f"a pattern has from 1 to {_MOST:,} characters")
        if _NOT_IN_RE2.search(pattern):
            raise Unmappable("the pattern looks around or back, which RE2 does not know")
    return (_ASCII,) if any(_LETTERS.search(pattern) for pattern in patterns) else ()
