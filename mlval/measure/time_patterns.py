"""Patterns of `strptime` as SQL: a regular expression for the shape, the engine for the calendar."""

import re

from mlval.domain.errors import Unmeasurable
from mlval.domain.formats import Directive, Pattern, Plain, pattern
from mlval.measure.literals import text

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
# Of a number: with all of its digits, and without the leading zero.
_NUMBERS: dict[Directive, tuple[str, str]] = {
    "m": ("0[1-9]|1[0-2]", "[1-9]"),
    "H": ("[01][0-9]|2[0-3]", "[0-9]"),
    "I": ("0[1-9]|1[0-2]", "[1-9]"),
    "M": ("[0-5][0-9]", "[0-9]"),
    "S": ("[0-5][0-9]", "[0-9]"),
}
_OTHERS: dict[Directive, str] = {
    "Y": "000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3}",
    "y": "[0-9]{2}",
    "f": "[0-9]{1,6}",
    "p": "(?i:AM|PM)",
    "b": f"(?i:{'|'.join(month[:3] for month in _MONTHS.split('|'))})",
    "B": f"(?i:{_MONTHS})",
    "a": f"(?i:{'|'.join(day[:3] for day in _WEEKDAYS.split('|'))})",
    "A": f"(?i:{_WEEKDAYS})",
    "z": "Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]",
}
_NUMERIC = {*_NUMBERS, "d", "Y", "y", "f"}
# Year, month and day by the directives that say them, and what is said where none does.
_DATE: tuple[tuple[tuple[Directive, ...], str], ...] = (
    (("Y", "y"), "1900"),
    (("m", "b", "B"), "1"),
    (("d",), "1"),
)
_DATE_DIRECTIVES = {one for same, _ in _DATE for one in same}


def fits_pattern(sql: str, written: str) -> str:
    """Return what is true of a text that a pattern reads.

    Raises
    ------
    Unmeasurable
        If the pattern is none.
    """
    parts = _parts(written)
    shape, usual = (
        "".join(_shape(parts, index, days) for index in range(len(parts)))
        for days in ("0[1-9]|[12][0-9]|3[01]", "0[1-9]|1[0-9]|2[0-8]")
    )
    fits, fits_any_month = (f"regexp_full_match({sql}, {text(one)})" for one in (shape, usual))
    if "d" not in parts:
        return fits
    groups = [part for part in parts if part in _DATE_DIRECTIVES]
    found = [next((one for one in groups if one in same), None) for same, _ in _DATE]
    date = "-".join(
        missing if one is None else f"\\{groups.index(one) + 1}"
        for one, (_, missing) in zip(found, _DATE, strict=True)
    )
    asked = "-".join(f"%{one or default}" for one, default in zip(found, "Ymd", strict=True))
    exists = f"try_strptime(regexp_replace({sql}, {text(f'^{shape}$')}, {text(date)}), {text(asked)})"
    return f"CASE WHEN {fits_any_month} THEN true WHEN {fits} THEN {exists} IS NOT NULL ELSE false END"


def fits_moment(sql: str, written: str, *, is_written: bool) -> str:
    """Return what is true of a date or a time that a pattern can say whole.

    In a text file such a column has been read from texts that begin with year, month and day, so a pattern
    that begins otherwise is followed by none of them.

    Raises
    ------
    Unmeasurable
        If the pattern is none.
    """
    parts = _parts(written)
    if is_written and not written.startswith(("%Y-%m-%d", "%Y/%m/%d")):
        return "false"
    said = text("".join(_said(part) for part in parts if part != "z"))
    moment = f"{sql}::TIMESTAMP"
    return f"coalesce(try_strptime(strftime({moment}, {said}), {said}) = {moment}, false)"


def _parts(written: str) -> Pattern:
    try:
        return pattern(written)
    except ValueError as error:
        raise Unmeasurable(str(error)) from error


def _shape(parts: Pattern, index: int, days: str) -> str:
    """Return the regular expression of one part; in a run of numbers each has all of its digits."""
    part = parts[index]
    if isinstance(part, Plain):
        return re.escape(part.text)
    if part == "d" or part in _NUMBERS:
        full, short = (days, "[1-9]") if part == "d" else _NUMBERS[part]
        in_a_run = _is_number(parts[:index][-1:], -1) or _is_number(parts[index + 1 :][:1], 0)
        shape = full if in_a_run else f"{full}|{short}"
    else:
        shape = _OTHERS[part]
    return f"({shape})" if part in _DATE_DIRECTIVES else f"(?:{shape})"


def _is_number(neighbour: Pattern, end: int) -> bool:
    """Whether a neighbour, if there is one, has a digit at this end."""
    return any(one.text[end].isdigit() if isinstance(one, Plain) else one in _NUMERIC for one in neighbour)


def _said(part: Directive | Plain) -> str:
    return part.text.replace("%", "%%") if isinstance(part, Plain) else f"%{part}"
