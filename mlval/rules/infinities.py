"""How many values of a column may be infinite.

What it measures
    Values that are infinite, of either sign, against all values that are there. Floats can be, and times in
    the types of some databases; a column of anything else has none.

Why it matters
    A division by zero or a logarithm of zero leaves infinity behind. It passes a `min` or a `max`, whichever
    side it lies on, and one of them makes a mean infinite.

When it misleads
    Some data say "no limit" by infinity, and mean it.

Example
    ratio: {infinities: 0}

References
    IEEE 754-2019, section 6.1.
"""

from mlval.domain.grammar import ToleranceSpec
from mlval.domain.predicate import IsInfinite
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps
from mlval.domain.tolerance import within


class Infinities(Rule[ToleranceSpec]):
    """At most this share (`1%`) or number (`10`) of values may be infinite."""

    name = "infinities"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that are infinite."""
        unwanted = IsInfinite(setting.under.name)
        return within(self.root, self.name, setting, counted=setting.present, unwanted=unwanted)
