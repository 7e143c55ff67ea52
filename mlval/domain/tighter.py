"""How a key of a contract gets tighter: what the guard needs to know that an edit demands more.

A field without a mark is `none`: any edit of it counts as a weakening. A mark stands in the annotation,
`min_rows: Annotated[int, DOWN]`, and is no part of the JSON Schema.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from mlval.domain.bound import Bound, Tighter

Rung = str | bool | None


@dataclass(frozen=True, slots=True)
class Tightens:
    """Which edit of a value demands more.

    Attributes
    ----------
    way : `up` and `down` for numbers, `subset` and `superset` for sets and parts that may be there or not,
        `within` for ranges, `none` where nothing is known, `neutral` where nobody judges by it. Where it is
        neither `none` nor `neutral`, a value in place of none is a tightening
    ladder : values from the loosest to the tightest, None standing for none; an edit upwards is a tightening
    absent : what stands for no value, where that is a value of its own
    """

    way: Tighter | Literal["neutral"] = "none"
    ladder: tuple[Rung, ...] = ()
    absent: object = None


UP: Final = Tightens("up")
DOWN: Final = Tightens("down")
SUBSET: Final = Tightens("subset")
SUPERSET: Final = Tightens("superset")
NEUTRAL: Final = Tightens("neutral")
UNKNOWN: Final = Tightens()
TOLERANCE: Final = Tightens("down", absent=Bound(max=0, unit="rows"))
"""How much may break a demand: nothing where nothing is said."""


def ladder(*rungs: Rung) -> Tightens:
    """Return the mark of a choice, from the loosest to the tightest.

    >>> ladder("warn", "block").ladder
    ('warn', 'block')
    """
    return Tightens(ladder=rungs)


EFFECT: Final = Tightens("down", ladder=("large", "medium", "small"))
"""A smaller change that matters: whatever failed before still does."""

WANTED: Final = Tightens(ladder=(False, True))
"""A switch that demands something."""

LENIENT: Final = Tightens(ladder=(True, False))
"""A switch that lets something pass."""

SEVERITY: Final = ladder("warn", None, "block")
"""A rule without a severity has that of its validation, which lies between the two."""


def mark(metadata: Iterable[object]) -> Tightens:
    """Return the mark among the metadata of a field; a field without one is `none`.

    >>> mark([3, DOWN]).way, mark([]).way
    ('down', 'none')
    """
    return next((one for one in metadata if isinstance(one, Tightens)), UNKNOWN)
