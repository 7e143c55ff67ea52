"""Formats of text as SQL: the expression that is true of a text which is written in one.

The engine's own casts and `strptime` accept more than they should (spaces around, years of two digits, the
31st of some months), and its JSON knows NaN and trailing commas. So each format is a regular
expression over the whole text first, and the engine only says whether a date exists.
"""

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.formats import NAMES, is_pattern
from mlval.domain.text import shown
from mlval.measure.literals import identifier, text
from mlval.measure.tables import Table
from mlval.measure.time_patterns import fits_moment, fits_pattern

_YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_DAY = f"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DAY_OF_ANY_MONTH = f"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ZONE = r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LAST_LABEL = "[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_BYTE}\.){{3}}{_BYTE}"
_HEX = "[0-9A-Fa-f]{1,4}"
_LAST_32 = f"(?:{_HEX}:{_HEX}|{_IPV4})"
_IPV6 = "|".join((
    f"(?:{_HEX}:){{6}}{_LAST_32}",
    f"::(?:{_HEX}:){{5}}{_LAST_32}",
    *(f"(?:(?:{_HEX}:){{0,{4 - n}}}{_HEX})?::(?:{_HEX}:){{{n}}}{_LAST_32}" for n in range(4, -1, -1)),
    f"(?:(?:{_HEX}:){{0,5}}{_HEX})?::{_HEX}",
    f"(?:(?:{_HEX}:){{0,6}}{_HEX})?::",
))  # fmt: skip
_PORT = "(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_URL_CHARACTER = r"[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2}"
_URL = (
    rf"(?i:https?)://(?:(?:{_URL_CHARACTER})*@)?(?:{_LABEL}(?:\.{_LABEL})*\.?|\[(?:{_IPV6})\])(?::{_PORT})?"
    rf"(?:/(?:{_URL_CHARACTER}|[@/])*)?(?:\?(?:{_URL_CHARACTER}|[@/?])*)?(?:#(?:{_URL_CHARACTER}|[@/?])*)?"
)
_SHAPES = {
    "date": _DAY,
    "time": f"{_CLOCK}{_ZONE}",
    "datetime": f"{_DAY}[T ]{_CLOCK}{_ZONE}",
    "uuid": "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "email": rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LAST_LABEL}",
    "url": _URL,
    "ipv4": _IPV4,
    "ipv6": _IPV6,
}
_TYPED = {
    "date": {"DATE"},
    "time": {"TIME", "TIME WITH TIME ZONE", "TIME_NS"},
    "datetime": {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
    "uuid": {"UUID"},
    "json": {"JSON"},
}


def not_formatted(table: Table, column: Column, wanted: str) -> str:
    """Return what is true of a value that is not written in a format, and not of a null.

    A typed column has the format of its type. In a text file, other columns than those of text are judged
    by the text that the engine writes for their values.

    Raises
    ------
    Unmeasurable
        If the format is none, or the column holds no text.
    """
    if not is_pattern(wanted) and wanted not in NAMES:
        message = f"there is no format {shown(wanted)!r}"
        raise Unmeasurable(message, remedy=f"known are {', '.join(NAMES)}, and patterns with %")
    sql, is_written = identifier(column.name), column.name in table.written
    if column.stored in _TYPED.get(wanted, ()):
        return f"{sql} <> {sql}"
    if column.kind in {"date", "timestamp"}:
        said = fits_moment(sql, wanted, is_written=is_written) if is_pattern(wanted) else "false"
        return f"{sql} IS NOT NULL AND NOT ({said})"
    if column.kind != "string" and not is_written:
        message = f"{shown(column.name)!r} holds {column.kind} values; a format needs text"
        raise Unmeasurable(message)
    written = sql if column.stored == "VARCHAR" else f"{sql}::VARCHAR"
    fits = fits_pattern(written, wanted) if is_pattern(wanted) else _fits(written, wanted)
    return f"{sql} IS NOT NULL AND NOT ({fits})"


def _fits(sql: str, name: str) -> str:
    """Return what is true of a text in a format."""
    if name == "json":
        return _fits_json(sql)
    fits = f"regexp_full_match({sql}, {text(_SHAPES[name])})"
    if name in {"date", "datetime"}:
        usual = f"regexp_full_match({sql}, {text(_SHAPES[name].replace(_DAY, _DAY_OF_ANY_MONTH))})"
        exists = f"TRY_CAST(left({sql}, 10) AS DATE) IS NOT NULL"
        return f"CASE WHEN {usual} THEN true WHEN {fits} THEN {exists} ELSE false END"
    if name == "email":
        return f"{fits} AND length({sql}) <= 254 AND strpos({sql}, '@') <= 65"
    return fits


def _fits_json(sql: str) -> str:
    r"""Return what is true of JSON as RFC 8259 has it: no NaN, no Infinity, no comma before an end."""
    bare = rf"""regexp_replace({sql}, '"(?:[^"\\]|\\.)*"', '""', 'g')"""
    odd, odder = (rf"regexp_matches({one}, '(?i)nan|inf|,\s*[\]}}]')" for one in (sql, bare))
    return f"CASE WHEN NOT json_valid({sql}) THEN false WHEN {odd} THEN NOT {odder} ELSE true END"
