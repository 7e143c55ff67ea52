"""Making text from outside safe to show: cut, with control and direction characters visible."""

import unicodedata

LIMIT = 200
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def shown(text: object, limit: int = LIMIT) -> str:
    r"""Return `text` on one line, at most `limit` characters, nothing invisible left in it.

    >>> shown("a\nb")
    'a\\nb'
    >>> shown("x" * 300)[-1]
    '…'
    """
    whole = str(text)
    cut = whole[: limit + 1]
    safe = "".join(_escaped(c) if unicodedata.category(c) in _HIDDEN_CATEGORIES else c for c in cut)
    return safe if len(safe) <= limit and len(whole) <= limit else safe[: limit - 1] + "…"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
