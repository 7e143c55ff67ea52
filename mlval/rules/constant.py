"""Whether a column says anything: more than one value, or no value that nearly all rows share.

What it measures
    `forbid`: the number of different values, which must be two or more. `{max_share: 99%}`: the share
    of the most common value. Nulls are left out of both.

Why it matters
    A column with one value is a join that found nothing, or a default that nobody overwrote; a model
    learns nothing from it.

When it misleads
    A rare event is almost constant by its nature; a bound on `balance` says more of it.

Example
    country: {constant: forbid}

Elsewhere
    Great Expectations: expect_column_unique_value_count_to_be_between(min_value: 2)
    Soda: distinct_count > 1
    Deequ: hasNumberOfDistinctValues(_ > 1)
    dbt: dbt_utils.not_constant

References
    None; a count.
"""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mlval.domain.asks import Count, Distinct, Top
from mlval.domain.bound import Bound
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import Share
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask
from mlval.domain.tighter import DOWN


def _below_all(share: float) -> float:
    if not 0 < share < 1:
        raise ValueError("expected a share above 0% and below 100%, such as 99%")
    return share


class AlmostConstant(Frozen):
    """How common one value may be."""

    max_share: Annotated[Share, AfterValidator(_below_all), DOWN] = Field(
        description="The largest share of the values that may be the same one, such as `99%`."
    )


class Constant(Rule[Literal["forbid"] | AlmostConstant]):
    """`forbid`: more than one value must occur. `{max_share: 99%}`: no value may be more common than this."""

    name = "constant"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and the different ones or the most common one."""
        name = setting.under.name
        of = yield from ask(Count(setting.rows, setting.present))
        base = Measurement(
            subject=name, metric=self.name, of=of, path=setting.path, severity=setting.severity
        )
        if isinstance(self.root, AlmostConstant):
            top = yield from ask(Top(setting.rows, name, setting.present))
            n = top[0][1] if top else 0
            limit = Bound(max=self.root.max_share, unit="share")
            return (replace(base, limit=limit, value=n / of if of else None, n=n),)
        different = yield from ask(Distinct(setting.rows, (name,), setting.present))
        return (replace(base, limit=Bound(min=2), value=different if of else None),)
