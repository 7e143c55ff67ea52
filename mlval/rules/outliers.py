"""How many values lie far from the others.

What it measures
    Values beyond two fences, against all values that are there. By `iqr`: below the first quartile or
    above the third by more than `factor` (1.5) times their distance. By `z`: farther from the mean than
    `factor` (3) standard deviations. The fences come from all finite values of the same rows; NaN and
    infinity lie beyond them.

Why it matters
    A decimal point that is lost, or a unit that is mixed, shows as values far from the rest before
    anybody knows a limit to set.

When it misleads
    Long tails have such values by nature: 0.7% of normal values lie beyond 1.5 quartile distances, many
    more of prices. Many outliers widen the fences of `z` that should catch them. Where more than half
    of the values are equal, `iqr` finds every other value.

Example
    amount: {outliers: {by: iqr, factor: 3, allow: 1%}}

Elsewhere
    Great Expectations: expect_column_values_to_not_be_outliers, expect_column_value_z_scores_to_be_less_than
    dbt: dbt_expectations.expect_column_values_to_be_within_n_stdevs

References
    Tukey (1977): Exploratory Data Analysis.
"""

import math
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from mlval.domain.asks import Aggregate, Ask, Column, Count, Function
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.predicate import Above, Below, Either, IsInfinite, IsNaN, Not, Predicate
from mlval.domain.rounding import significant
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Asking, Steps, ask_all
from mlval.domain.text import shown

_MEAN_AND_STD: tuple[Function, ...] = ("mean", "std")
_FACTORS = {"iqr": 1.5, "z": 3.0}


class Fences(Frozen):
    """Where the fences stand, and how many values may lie beyond."""

    by: Literal["iqr", "z"] = Field(default="iqr", description="Quartiles, or standard deviations.")
    factor: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        default=None, description="How many of them; default 1.5 for `iqr`, 3 for `z`."
    )
    allow: ToleranceSpec | None = Field(
        default=None, description="How many values may lie beyond: `0.5%` or `3`."
    )


class Outliers(Rule[ToleranceSpec | Fences]):
    """At most this share (`1%`) or number (`10`) of values may lie far from the others; `by: z` or `iqr`."""

    name = "outliers"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Find the fences, and count the values beyond."""
        column = setting.under
        if column.kind not in {"int", "float"}:
            message = f"{shown(column.name)!r} holds {column.kind} values; fences need numbers"
            raise Unmeasurable(message)
        asked = Fences(allow=self.root) if isinstance(self.root, Bound) else self.root
        own = replace(setting, allow=asked.allow or setting.allow)
        low, high = yield from _fences(setting, asked)
        beyond: tuple[Predicate, ...] = (Below(column.name, low), Above(column.name, high))
        measured = yield from tolerated(
            self.name,
            own,
            subject=column.name,
            counted=setting.present,
            broken=(*setting.present, Either(beyond)),
            columns=(column.name,),
        )
        factor = asked.factor or _FACTORS[asked.by]
        return (replace(measured, details={"demands": f"by {asked.by}, {factor:g}"}),)


def _fences(setting: Setting, asked: Fences) -> Asking[tuple[float, float]]:
    """Return the fences; a mean keeps the digits that threads agree on, a deviation nine of them."""
    column, factor = setting.under, asked.factor or _FACTORS[asked.by]
    finite = (*setting.present, *_finite(column))
    if asked.by == "iqr":
        wanted = [Aggregate(setting.rows, "quantile", column.name, finite, share) for share in (0.25, 0.75)]
    else:
        wanted = [Aggregate(setting.rows, one, column.name, finite) for one in _MEAN_AND_STD]
    questions: list[Ask[Any]] = [Count(setting.rows, setting.present), *wanted]
    of, first, second = yield from ask_all(questions)
    if not of:
        return 0.0, 0.0
    if first is None or second is None:
        low = high = reach = math.nan
    elif asked.by == "iqr":
        low, high, reach = first, second, factor * (second - first)
    else:
        low, high, reach = first, first, factor * _rounded(second)
    if not math.isfinite(low - reach) or not math.isfinite(high + reach):
        message = f"{shown(column.name)!r} has too few finite values for fences, or too large ones"
        raise Unmeasurable(message)
    return low - reach, high + reach


def _rounded(value: float) -> float:
    return significant(value) if math.isfinite(value) else value


def _finite(column: Column) -> tuple[Predicate, ...]:
    if column.stored not in {"FLOAT", "DOUBLE"}:
        return ()
    return Not(IsNaN(column.name)), Not(IsInfinite(column.name))
