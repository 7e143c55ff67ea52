"""How values, paths and alternatives of a contract are put into plain words."""

import re
from collections.abc import Sequence

from mlval.config.scalars import Value, plain
from mlval.domain.measurement import Path
from mlval.domain.text import shown

_SHORT = 60
_FEW = 24
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}")


def dotted(path: Path) -> str:
    """Write a path as people do; names that are no plain words are quoted.

    >>> dotted(("validations", 0, "columns", "plan type", "in"))
    'validations[0].columns."plan type".in'
    """
    return shown("".join(_step(part) for part in path).removeprefix("."))


def found(value: Value) -> str:
    """Name a value as it stands in the contract.

    >>> found("yes"), found("5"), found(None), found(())
    ('"yes"', 'the text "5"', 'nothing', 'a list')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            quoted = f'"{shown(value, _SHORT)}"'
            return quoted if is_text_unquoted(value) else f"the text {quoted}"
        case tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return str(value)


def is_text_unquoted(value: str) -> bool:
    """Whether a text would be a text without quotes too."""
    try:
        return isinstance(plain(value), str)
    except ValueError:
        return False


def either(words: Sequence[str]) -> str:
    """Join alternatives.

    >>> either(["text", "a list", "a number"])
    'text, a list or a number'
    """
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def listed(names: Sequence[str]) -> str:
    """List names that would do, the first two dozen."""
    if not names:
        return ""
    return (
        f"valid here: {', '.join(named(name) for name in names[:_FEW])}{', …' if len(names) > _FEW else ''}"
    )


def named(name: object) -> str:
    """Return a name from the contract in backquotes, made safe."""
    return f"`{shown(name, _SHORT)}`"


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _BARE.fullmatch(part) else f'."{shown(part, 80)}"'
