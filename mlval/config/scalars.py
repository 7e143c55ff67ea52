"""Scalars without quotes: the core schema of YAML 1.2, so that `NO`, `on`, `12:30` and dates are text.

One thing is stricter: a number with leading zeros (`010`, a code, never an amount) is text.
"""

import re
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | dict[str, Value] | None"

_CONSTANTS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float("inf") for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST = 200


def plain(text: str) -> bool | int | float | str | None:
    """Read a scalar that stands without quotes.

    Raises
    ------
    ValueError
        If it is a whole number that does not fit into 64 bits, which nothing that is measured would hold.

    >>> plain("1e-3"), plain("0x1F"), plain("010"), plain("NO")
    (0.001, 31, '010', 'NO')
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return _fitting(text, 10)
    if _OCTAL_OR_HEX.fullmatch(text):
        return _fitting(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _fitting(text: str, base: int) -> int:
    # Python refuses to convert very long numbers, and its floats end at 309 digits.
    value = int(text, base) if len(text) <= _LONGEST else None
    if value is None or not -(2**63) <= value < 2**64:
        message = "this whole number does not fit into 64 bits"
        raise ValueError(message)
    return value
