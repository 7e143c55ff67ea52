"""Names of column types in pandas, Spark, SQLAlchemy and databases, as the types of a contract."""

import re

from mlval.interchange.demand import Unmappable

_NAMES = {
    "bool": "bool bool_ boolean booleantype booleandtype bit",
    "int": (
        "int int_ integer integertype int8 int16 int32 int64 uint8 uint16 uint32 uint64 int2 int4 bigint"
        " biginteger smallint smallinteger tinyint mediumint byteint bytetype shorttype integertype longtype"
        " long short byteint serial bigserial byte hugeint numpy.int64"
    ),
    "float": (
        "float float_ float16 float32 float64 float4 float8 double doubletype floattype real decimal"
        " decimaltype numeric number double_precision doubleprecision bignumeric bigdecimal money"
    ),
    "string": (
        "str string str_ object object_ o stringtype stringdtype text varchar char chararray nvarchar nchar"
        " character bpchar character_varying varchar2 nvarchar2 ntext tinytext mediumtext longtext clob"
        " unicode unicodetext uuid enum category varchartype chartype"
    ),
    "date": "date datetype datetime.date date32",
    "timestamp": (
        "timestamp timestamptype timestampntztype datetime datetime64 datetime64[ns] datetime64[us]"
        " datetime64[ms] datetime64[s] datetime.datetime timestamptz timestamp_ntz timestamp_ltz"
        " timestamp_tz datetime2 datetimeoffset smalldatetime timestamp_without_time_zone"
        " timestamp_with_time_zone pd.timestamp"
    ),
}
_BY_NAME = {spelling: name for name, spellings in _NAMES.items() for spelling in spellings.split()}
_SIZE = re.compile(r"\s*[(<].*[)>]\s*$")
_ZONE = re.compile(r"datetime64\[(?:ns|us|ms|s),.*\]")
_UNKNOWING = frozenset({"object", "object_", "o", "category"})
_INTEGER_DECIMAL = re.compile(r"(?:decimal|numeric|number)\s*\(\s*[0-9]+\s*(?:,\s*0\s*)?\)")


def type_of(names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the one type of a contract that all of these names mean, and what differs.

    >>> type_of(("INTEGER", "BIGINT", "LongType")), type_of(("int64", "float64"))
    (('int', ()), ('float', ('whole numbers and fractions are one type here: float',)))

    Raises
    ------
    Unmappable
        If a name is not known, or they mean different types.
    """
    unknown = [name for name in names if _one(name) is None]
    if unknown:
        raise Unmappable(f"the type {unknown[0][:60]!r} has no counterpart")
    found = {_one(name) for name in names}
    notes: tuple[str, ...] = ()
    if any(name.lower() in _UNKNOWING for name in names):
        notes += ("a column of objects may hold anything there; here every value must be text",)
    if found == {"int", "float"}:
        return "float", (*notes, "whole numbers and fractions are one type here: float")
    if found == {"date", "timestamp"}:
        return "timestamp", (*notes, "dates and times are one type here: timestamp")
    if len(found) > 1:
        raise Unmappable("the listed types are of different kinds; a column has one type here")
    return found.pop() or "", notes


def _one(name: str) -> str | None:
    lowered = name.strip().lower()
    if _INTEGER_DECIMAL.fullmatch(lowered):
        return "int"
    if _ZONE.fullmatch(lowered):
        return "timestamp"
    plain = lowered if lowered in _BY_NAME else _SIZE.sub("", lowered).strip().replace(" ", "_")
    return _BY_NAME.get(plain.removesuffix("()"))
