"""How evenly the classes of a column are filled.

What it measures
    `{min: 5%}`: the share of the smallest class that occurs; where there is only one class, 0, since the
    other one is missing. By class, `{fraud: [0.5%, 3%]}`: the share of each named class, which is 0 where
    it does not occur; others are not looked at. Shares are of the values that are there. Classes are
    compared as text, in which 1 and 1.0 are the same; a class that is called `min` takes a range.

Why it matters
    A class that all but vanished leaves most metrics unharmed and makes the rest of them noise.

When it misleads
    The smallest class of many is small by nature; at most 10,000 classes are told apart.

Example
    churned: {balance: {min: 5%}}

Elsewhere
    Great Expectations: expect_column_kl_divergence_to_be_less_than
    Deequ: hasHistogramValues

References
    None; a share.
"""

import json
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from mlval.domain.amount import SharesSpec
from mlval.domain.asks import Count, Level, Top
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import Share
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask
from mlval.domain.text import shown
from mlval.domain.tighter import UP

MOST_CLASSES = 10_000
_NAME_LIMIT = 60


class Smallest(Frozen):
    """How small the smallest class may be."""

    min: Annotated[Share, Field(gt=0, le=0.5), UP] = Field(
        description="The least share of the smallest class, such as `5%`; at most 50%."
    )


_Class = Annotated[str, Field(min_length=1, max_length=200)]
_ByClass = Annotated[dict[_Class, SharesSpec], Field(min_length=1, max_length=1000)]


class Balance(Rule[Smallest | _ByClass]):
    """`{min: 5%}`: no class is smaller than this. `{fraud: [0.5%, 3%]}`: the shares of the named classes."""

    name = "balance"
    tighter = "up"

    def steps(self, setting: Setting) -> Steps:
        """Count the values of every class."""
        name = setting.under.name
        of = yield from ask(Count(setting.rows, setting.present))
        counted = yield from ask(Top(setting.rows, name, setting.present, limit=MOST_CLASSES))
        if len(counted) > MOST_CLASSES:
            message = f"{shown(name)!r} has more than {MOST_CLASSES:,} different values"
            raise Unmeasurable(message, remedy="classes are few; an identifier has no balance")
        classes: dict[Level, int] = dict(counted)
        base = Measurement(
            subject=name, metric=self.name, of=of, path=setting.path, severity=setting.severity
        )
        if isinstance(self.root, Smallest):
            smallest = min(classes.values(), default=0) if len(classes) > 1 else 0
            limit = Bound(min=self.root.min, unit="share")
            return (_filled(replace(base, limit=limit, details={"classes": len(classes)}), smallest, of),)
        return tuple(
            _filled(
                replace(base, limit=limit, details=_named(level), path=(*setting.path, level)),
                classes.get(level, 0),
                of,
            )
            for level, limit in self.root.items()
        )


def _filled(base: Measurement, n: int, of: int) -> Measurement:
    return replace(base, value=n / of if of else None, n=n)


def _named(level: str) -> dict[str, str]:
    return {"demands": shown(json.dumps(level, ensure_ascii=False), _NAME_LIMIT)}
