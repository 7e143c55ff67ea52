"""What the contract demands of a measured value."""

from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["value", "share", "rows", "seconds"]
Direction = Literal["higher", "lower"]
Tighter = Literal["up", "down", "within", "subset", "superset", "none"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A value must lie within [min, max]; with `confidence`, its whole interval must.

    At least one end is set; ends are finite. `confidence` lies in (0, 1). With `by_interval` the interval
    decides alone: a value on the wrong side fails only where the whole interval is there too.
    """

    min: float | None = None
    max: float | None = None
    confidence: float | None = None
    unit: Unit = "value"
    by_interval: bool = field(default=False, repr=False)


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


@dataclass(frozen=True, slots=True)
class Margin:
    """The difference to another model, theirs taken from ours, must clear an end with its interval.

    Exactly one end is set, finite. `confidence`, in (0, 1), is that of one side: an interval of two sides
    holds 1 - 2 (1 - confidence). `share` is there where the contract gives the end as one of their value.
    """

    min: float | None = None
    max: float | None = None
    confidence: float = 0.95
    share: float | None = None

    @property
    def two_sided(self) -> float:
        """The confidence of the interval whose two ends are the bounds of one side each.

        >>> Margin(min=-0.01).two_sided
        0.9
        """
        return round(2 * self.confidence - 1, 12)


@dataclass(frozen=True, slots=True)
class NoDrop:
    """No significant change for the worse: `alpha` is the level after correction for every such test."""

    alpha: float
    better: Direction


Limit = Bound | TwoKeys | Margin | NoDrop
