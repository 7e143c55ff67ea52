"""What the contract demands of a measured value."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["value", "share", "rows", "seconds"]
Direction = Literal["higher", "lower"]
Tighter = Literal["up", "down", "subset", "superset", "none"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A value must lie within [min, max]; with `confidence`, its whole interval must.

    At least one end is set; ends are finite. `confidence` lies in (0, 1).
    """

    min: float | None = None
    max: float | None = None
    confidence: float | None = None
    unit: Unit = "value"


@dataclass(frozen=True, slots=True)
class TwoKeys:
    """A change must be both significant and large to count as drift.

    `size` is the share of rows that would have to move, or a plain number where that is the unit;
    `alpha` the significance level after correction for every comparison of the validation.
    """

    size: float
    alpha: float
    name: str = ""
    unit: Literal["share", "value"] = "share"


Limit = Bound | TwoKeys
