"""Spread, skew and correlation: moments about the mean, which a first pass finds and a second one uses.

Values are shifted by the mean and divided by a power of two near the largest distance from it, so
that neither cancellation nor overflow costs digits. Whole numbers beyond 2^53 and decimals are
shifted exactly, before they become doubles.

References
----------
Chan, Golub, LeVeque (1983): Algorithms for computing the sample variance. The corrected two-pass
algorithm. Skewness and kurtosis are G1 and G2 of Joanes and Gill (1998), as in pandas.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mlval.domain.asks import Aggregate
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import NotNull
from mlval.measure.aggregates import Number, Reading, filtered, number, settled, total, totals
from mlval.measure.conditions import Conditions
from mlval.measure.literals import literal, text

FUNCTIONS = frozenset({"std", "skewness", "kurtosis", "correlation"})
_FEWEST = {"std": 2, "skewness": 3, "kurtosis": 4, "correlation": 2}
_EXACT_IN_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class Spread:
    """What the first pass finds about values that differ: their mean, and a power of two near their reach.

    `wide` says that they must be shifted before they become doubles.
    """

    count: int
    mean: Fraction | float
    scale: float
    wide: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """A column's values among the rows for which a condition holds."""

    values: Number
    where: str

    def kind(self, *, wide: bool) -> str:
        """Return the engine's type of the middle."""
        if not wide:
            return "DOUBLE"
        return "HUGEINT" if self.values.form == "whole" else self.values.stored

    def middle(self, spread: Spread, *, wide: bool) -> str:
        """Return the SQL of what is taken off: the mean off a wide value, its scaled one off a scaled one."""
        if not wide:
            found = literal(float(spread.mean) / spread.scale)
        elif self.values.form == "whole":
            found = text(str(round(spread.mean)))
        else:
            places = int(self.values.stored.rstrip(")").partition(",")[2])
            found = text(f"{Decimal(round(Fraction(spread.mean) * 10**places)).scaleb(-places):f}")
        return f"CAST({found} AS {self.kind(wide=wide)})"

    def shifted(self, middle: str, scale: str, *, wide: bool) -> str:
        """Return the SQL of a value's distance from the middle, in units of the scale."""
        if not wide:
            return f"({self.values.double} / {scale} - {middle})"
        value = f"({self.values.sql})::HUGEINT" if self.values.form == "whole" else self.values.sql
        return f"(({value} - {middle})::DOUBLE / {scale})"


@dataclass(frozen=True, slots=True)
class Moments:
    """An answer that takes two passes: the variables, and what is added up of the shifted values."""

    function: str
    variables: tuple[Variable, ...]

    @property
    def first(self) -> Reading[tuple[Spread, ...] | float | None]:
        """The first pass: an answer where it decides already, else the spread of each variable."""
        parts = [(*totals(one.values, one.where), *_ends(one.values, one.where)) for one in self.variables]
        return Reading(tuple(part for one in parts for part in one), self._spreads)

    def second(self, shifted: Sequence[str]) -> tuple[str, ...]:
        """Return the aggregates of the second pass over the shifted values."""
        where = self.variables[0].where
        if self.function == "correlation":
            x, y = shifted
            first, further = [x, y], [f"{x} * {x}", f"{y} * {y}", f"{x} * {y}"]
        else:
            powers = {"std": 2, "skewness": 3, "kurtosis": 4}[self.function]
            first = list(shifted)
            further = [" * ".join(first * power) for power in range(2, powers + 1)]
        # About the mean the first sums are next to nothing: how they were added up does not show.
        sums = [*(f"sum({one})" for one in first), *(f"fsum({one})" for one in further)]
        return tuple(filtered(one, where) for one in sums)

    def read(self, spreads: Sequence[Spread], row: Sequence[float]) -> float:
        """Read the answer from the sums of the second pass."""
        count = spreads[0].count
        if self.function == "correlation":
            return _correlation([one / count for one in row])
        scale = spreads[0].scale * float(self.variables[0].values.unit)
        return _FROM_SUMS[self.function](count, [one / count for one in row], scale)

    def _spreads(self, row: Sequence[Any]) -> tuple[Spread, ...] | float | None:
        found = [
            _spread(one.values, row[5 * index : 5 * index + 5]) for index, one in enumerate(self.variables)
        ]
        spreads = tuple(one for one in found if isinstance(one, Spread))
        if any(isinstance(one, float) for one in found):
            return math.nan
        if int(row[1] or 0) < _FEWEST[self.function]:
            return None
        if len(spreads) < len(found):  # constant values: no deviation, and nothing to divide by
            return 0.0 if self.function == "std" else None
        return spreads


def moments(conditions: Conditions, ask: Aggregate, where: str) -> Moments:
    """Return how an ask is answered in two passes.

    Raises
    ------
    Unmeasurable
        If a column does not hold numbers, or a correlation lacks its other column.
    """
    names = [ask.column]
    if ask.function == "correlation":
        if ask.other is None:
            raise Unmeasurable("a correlation needs two columns")
        names.append(ask.other)
        both = conditions.sql(NotNull(tuple(names)))
        where = f"{where} AND {both}" if where else both
    return Moments(ask.function, tuple(Variable(number(conditions.column(one)), where) for one in names))


def _ends(values: Number, where: str) -> tuple[str, str]:
    return filtered(f"min({values.sql})", where), filtered(f"max({values.sql})", where)


def _spread(values: Number, row: Sequence[Any]) -> Spread | float | None:
    """Read a spread; NaN where there is none, None where all values are equal or there is no value."""
    added, count = total(values, row)
    low, high = row[3], row[4]
    if added is None or low == high:
        return math.nan if added is not None and math.isnan(added) else None
    if math.isnan(added):
        return math.nan
    mean = added / count
    if values.form == "double":
        reach = max(high - mean, mean - low)
    else:
        reach = float(max(Fraction(high) - mean, mean - Fraction(low)))
    # The distance of two doubles may itself be beyond all doubles.
    scale = math.ldexp(1.0, min(math.frexp(reach)[1], 1023) if math.isfinite(reach) else 1023)
    big = values.form == "whole" and max(abs(low), abs(high)) >= _EXACT_IN_DOUBLE
    return Spread(count, mean, scale, wide=big or values.form == "decimal")


def _std(count: int, means: Sequence[float], scale: float) -> float:
    return math.sqrt(_central(means)[0] * count / (count - 1)) * scale


def _skewness(count: int, means: Sequence[float], scale: float) -> float:
    del scale
    second, third = _central(means)
    found = third / second**1.5 * math.sqrt(count * (count - 1)) / (count - 2)
    return settled(found, max(16.0, abs(found)))


def _kurtosis(count: int, means: Sequence[float], scale: float) -> float:
    del scale
    second, _, fourth = _central(means)
    excess = (count + 1) * (fourth / second**2 - 3) + 6
    found = excess * (count - 1) / ((count - 2) * (count - 3))
    return settled(found, max(16.0, abs(found)))


_FROM_SUMS: dict[str, Callable[[int, Sequence[float], float], float]] = {
    "std": _std,
    "skewness": _skewness,
    "kurtosis": _kurtosis,
}


def _correlation(means: Sequence[float]) -> float:
    x, y, xx, yy, xy = means
    found = (xy - x * y) / math.sqrt((xx - x * x) * (yy - y * y))
    return settled(max(-1.0, min(1.0, found)), 1.0)


def _central(means: Sequence[float]) -> tuple[float, ...]:
    """Return the second and higher moments about the mean from those about a point near it."""
    first, second, *higher = means
    central = [second - first**2]
    if higher:
        central.append(higher[0] - 3 * first * second + 2 * first**3)
    if len(higher) > 1:
        central.append(higher[1] - 4 * first * higher[0] + 6 * first**2 * second - 3 * first**4)
    return tuple(central)
