"""Digits of numbers as SQL: how many stand after the point, and whether a number is a multiple of another.

A whole number is what it is, exactly. A fraction held as a float is the shortest decimal that is read back
as this float: 0.1 has one digit after the point, and 0.15 is three times 0.05.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.comparison import is_float, is_mixed
from mlval.measure.literals import identifier, literal
from mlval.measure.tables import Table

_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")
# A float of so many digits in all, times a power of ten and rounded, is the whole number of these digits.
_EXACT = {"FLOAT": 6, "DOUBLE": 15}
_MOST_PLACES = 400


@dataclass(frozen=True, slots=True)
class _Float:
    """The SQL of a float, and how it is stored."""

    sql: str
    stored: str

    def scaled(self, places: int) -> str:
        """Return the digits of the number as a whole one; to be trusted where it is small."""
        return f"round({self.sql}::DOUBLE * {literal(float(10**places))})"

    def is_small(self, places: int) -> str:
        """Return what is true of a number that arithmetic is enough for; others are read as written."""
        left = _EXACT[self.stored] - places
        return f"abs({self.sql}) < {literal(10.0**left)}" if left >= 0 else "false"


def more_decimals(table: Table, column: Column, places: int) -> str:
    """Return what is true of a number with more digits after the point, of NaN and of infinity.

    In a text file where a word has made text of numbers, what is no number is broken too.

    Raises
    ------
    Unmeasurable
        If the column holds no numbers.
    """
    name = identifier(column.name)
    if is_mixed(table, column):
        broken = _more_in_float(_Float(f"TRY_CAST({name} AS DOUBLE)", "DOUBLE"), places)
        return f"{name} IS NOT NULL AND {_of_text(column.name, whole='false', real=broken)}"
    if column.kind == "int":
        return "false"
    if digits := _DECIMAL.fullmatch(column.stored):
        scale = int(digits[2])
        surplus = f"rtrim(right({name}::VARCHAR, {scale - places}), '0') <> ''"
        return surplus if scale > places else "false"
    return _more_in_float(_float(column), places)


def not_multiple(table: Table, column: Column, divisor: float) -> str:
    """Return what is true of a number that is no whole multiple, of NaN and of infinity.

    The divisor is positive, and has at most 15 digits in all and 15 after the point. In a text file where a
    word has made text of numbers, what is no number is broken too.

    Raises
    ------
    Unmeasurable
        If the column holds no numbers.
    """
    name, exact = identifier(column.name), Fraction(str(divisor))
    if is_mixed(table, column):
        whole = _rest(f"TRY_CAST({name} AS HUGEINT)", exact, scale=0)
        real = _not_multiple_float(_Float(f"TRY_CAST({name} AS DOUBLE)", "DOUBLE"), exact)
        return f"{name} IS NOT NULL AND {_of_text(column.name, whole=whole, real=real)}"
    if column.kind == "int":
        return _rest(name, exact, scale=0)
    if digits := _DECIMAL.fullmatch(column.stored):
        return _rest(_without_point(name), exact, scale=int(digits[2]))
    return _not_multiple_float(_float(column), exact)


def _not_multiple_float(number: _Float, divisor: Fraction) -> str:
    """Return what is true of a float that is no whole multiple of a decimal number; null of a null."""
    sql, places = number.sql, _places(divisor)
    whole = f"{sql}::DOUBLE % {literal(float(_step(divisor, 0)))} <> 0"
    if places == 0:
        return f"CASE WHEN isfinite({sql}) THEN {whole} ELSE isnan({sql}) OR isinf({sql}) END"
    step = _step(divisor, places)
    small = f"{number.scaled(places)} % {literal(float(step))} <> 0"
    written = _without_point(f"TRY_CAST({sql}::VARCHAR AS DECIMAL(38, {places}))")
    return (
        f"CASE WHEN NOT isfinite({sql}) THEN true WHEN {sql} = trunc({sql}) THEN {whole}"
        f" WHEN {_more_in_float(number, places)} THEN true"
        f" WHEN {number.is_small(places)} THEN {small} ELSE {written} % {step} <> 0 END"
    )


def _more_in_float(number: _Float, places: int) -> str:
    """Return what is true of a float whose shortest decimal has more digits after the point."""
    sql = number.sql
    split = f"regexp_extract({sql}::VARCHAR, '^-?[0-9]+(?:\\.([0-9]*?)0*)?(?:e(.*))?$', ['f', 'e'])"
    digits = f"length({split}.f) - coalesce(TRY_CAST({split}.e AS INTEGER), 0) > {places}"
    small = f"({number.scaled(places)} / {literal(float(10**places))})::{number.stored} <> {sql}"
    return (
        f"CASE WHEN {number.is_small(places)} THEN {small}"
        f" WHEN isfinite({sql}) THEN {digits} ELSE isnan({sql}) OR isinf({sql}) END"
    )


def _of_text(name: str, *, whole: str, real: str) -> str:
    """Return a condition on a text that is a whole number, another number, or none, which is broken."""
    is_whole, is_real = csv_table.fits(name, "HUGEINT"), csv_table.fits(name, "DOUBLE")
    return f"CASE WHEN {is_whole} THEN {whole} WHEN {is_real} THEN {real} ELSE true END"


def _float(column: Column) -> _Float:
    if not is_float(column):
        message = f"{shown(column.name)!r} holds {column.kind} values; this rule needs numbers"
        raise Unmeasurable(message)
    return _Float(identifier(column.name), column.stored)


def _without_point(sql: str) -> str:
    return f"replace({sql}::VARCHAR, '.', '')::HUGEINT"


def _rest(sql: str, divisor: Fraction, *, scale: int) -> str:
    step = _step(divisor, scale)
    return f"{sql} % {step} <> 0" if step > 1 else f"{sql} <> {sql}"


def _step(divisor: Fraction, scale: int) -> int:
    """Return the whole number whose multiples, divided by 10**scale, are the multiples of a divisor."""
    up: int = divisor.numerator * 10**scale
    return up // gcd(up, divisor.denominator)


def _places(divisor: Fraction) -> int:
    return next(places for places in range(_MOST_PLACES) if (divisor * 10**places).denominator == 1)
