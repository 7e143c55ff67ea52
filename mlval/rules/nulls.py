"""How many values of a column may be missing.

What it measures
    Rows without a value (null; in CSV an empty field), against all rows. NaN is a value here.

Why it matters
    A join that loses rows, or a producer that stops filling a field, shows as nulls first.

When it misleads
    Sentinels such as -1 or "unknown" are not null; forbid them with `not_in`.

Example
    amount: {nulls: 1%}

References
    None; a count.
"""

from mlval.domain.asks import Count
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.measurement import Failing, Measurement
from mlval.domain.rule import Rule, Setting, counted_value
from mlval.domain.steps import Steps, ask_all


class Nulls(Rule[ToleranceSpec]):
    """At most this share (`1%`) or number (`10`) of rows may lack a value."""

    name = "nulls"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Count all rows, and those without a value."""
        name = setting.under.name
        missing = (*setting.filters, setting.absent)
        of, n = yield from ask_all((Count(setting.rows, setting.filters), Count(setting.rows, missing)))
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=self.root,
                value=counted_value(n, of, self.root),
                n=n,
                of=of,
                failing=Failing(setting.rows, missing, (name,)),
                path=setting.path,
                severity=setting.severity,
            ),
        )
