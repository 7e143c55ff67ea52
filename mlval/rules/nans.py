"""How many values of a column may be NaN: floats that are not a number.

What it measures
    Values that are NaN, against all values that are there: nulls are left to the rule `nulls`. A column
    that holds no floats has none.

Why it matters
    0 / 0, and missing values of some libraries, arrive as NaN. It is not null, it equals nothing, and one of
    them makes a mean NaN.

When it misleads
    Libraries that have no nulls for floats write missing values as NaN: then this is their null rule. Rules
    such as `min` and `range` count NaN as broken too; leave it out there with `where: not isnan(amount)`.

Example
    amount: {nans: 0, nulls: 1%}

References
    IEEE 754-2019, section 6.2.
"""

from mlval.domain.grammar import ToleranceSpec
from mlval.domain.predicate import IsNaN
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps
from mlval.domain.tolerance import within


class NaNs(Rule[ToleranceSpec]):
    """At most this share (`1%`) or number (`10`) of values may be NaN."""

    name = "nans"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that are NaN."""
        unwanted = IsNaN(setting.under.name)
        return within(self.root, self.name, setting, counted=setting.present, unwanted=unwanted)
