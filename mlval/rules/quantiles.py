"""Quantiles of a column.

What it measures
    For each share, the value that this share of the values lies below; between two neighbours it is
    interpolated. Times count as seconds since 1970. NaN among the values is an error: leave it out
    with `where:`, and bound it with `nans:`.

Why it matters
    The body of a distribution without its wildest values: bounds that a single outlier cannot break,
    nor hide behind.

When it misleads
    Quantiles near 0% and 100% of few rows are the extremes themselves. A sensitive column is refused,
    since a quantile is one of its values.

Example
    amount: {quantiles: {5%: {min: 1}, 95%: [0, 80]}}

Elsewhere
    Great Expectations: expect_column_quantile_values_to_be_between
    Soda: percentile
    Deequ: hasApproxQuantile, hasExactQuantile
    dbt: dbt_expectations.expect_column_quantile_values_to_be_between

References
    Hyndman, Fan (1996): Sample quantiles in statistical packages; definition 7. Exact, whatever the
    number of rows.
"""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from mlval.domain.aggregated import CertainBound, computed, refuse_sensitive
from mlval.domain.asks import Aggregate
from mlval.domain.errors import Failure
from mlval.domain.grammar import as_percent, percent
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Asking, Steps, together
from mlval.domain.text import shown


def _text(key: object) -> object:
    is_number = isinstance(key, int | float) and not isinstance(key, bool)
    return str(key) if is_number else key


_Share = Annotated[str, BeforeValidator(_text), Field(max_length=40)]


class Quantiles(Rule[Annotated[dict[_Share, CertainBound], Field(min_length=1, max_length=100)]]):
    """The quantiles at these shares lie within these bounds: `{5%: {min: 1}, 0.95: [0, 80]}`."""

    name = "quantiles"
    tighter = "within"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        shares = [_share(key) for key in self.root]
        if len(set(shares)) < len(shares):
            raise ValueError("the same share stands here twice")
        return self

    def steps(self, setting: Setting) -> Steps:
        """Find the value at every share."""
        refuse_sensitive(setting, setting.under.name)
        found = yield from together([self._at(setting, key) for key in self.root])
        return tuple(
            Measurement(
                subject=setting.under.name,
                metric=self.name,
                problem=one.cause,
                path=(*setting.path, key),
                severity=setting.severity,
            )
            if isinstance(one, Failure)
            else one
            for key, one in zip(self.root, found, strict=True)
        )

    def _at(self, setting: Setting, key: str) -> Asking[Measurement]:
        share = _share(key)
        question = Aggregate(setting.rows, "quantile", setting.under.name, setting.present, share)
        measured = yield from computed(self.name, setting, question, counted=setting.present)
        details = {"demands": as_percent(share)}
        return replace(measured, limit=self.root[key], path=(*setting.path, key), details=details)


def _share(key: str) -> float:
    """Read the share that a quantile is wanted at.

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    share = percent(key)
    try:
        share = float(key) if share is None else share
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        message = f"expected a share such as 5% or 0.95, found {shown(key, 40)!r}"
        raise ValueError(message)
    return share
