"""Two short distributions side by side, as blocks that a reviewer sees at a glance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mlval.domain.measurement import Detail
from mlval.domain.rounding import significant

BLOCKS: Final = "▁▂▃▄▅▆▇█"
WIDEST: Final = 20


@dataclass(frozen=True, slots=True)
class Shapes:
    """How reference and current rows fall on the same parts, as shares.

    `labels` are words that are safe to show; there are none where the parts are ranges of a number.
    """

    reference: tuple[float, ...]
    current: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def most_moved(self) -> int:
        """The index of the part whose share changed most; the first of several."""
        changes = [significant(abs(a - b)) for a, b in zip(self.reference, self.current, strict=True)]
        return changes.index(max(changes))


def shapes(details: Mapping[str, Detail]) -> Shapes | None:
    """Return the two distributions that a measurement carries under `shape`, None where there are none."""
    shape = details.get("shape")
    if not isinstance(shape, Mapping):
        return None
    reference, current = _shares(shape.get("reference")), _shares(shape.get("current"))
    labels = shape.get("labels", ())
    if not isinstance(labels, tuple) or not reference or len(reference) != len(current):
        return None
    if labels and len(labels) != len(reference):
        return None
    return Shapes(reference, current, tuple(str(label) for label in labels))


def sparklines(pair: Shapes) -> tuple[str, str]:
    """Return both distributions as blocks of one scale, at most 20 wide; only an empty part is lowest.

    >>> sparklines(Shapes((0.7, 0.3, 0.0), (0.5, 0.4, 0.1), ("a", "b", "null")))
    ('█▄▁', '▆▅▂')
    """
    reference, current = _narrowed(pair.reference), _narrowed(pair.current)
    highest = max(*reference, *current)
    return _blocks(reference, highest), _blocks(current, highest)


def _shares(raw: Detail) -> tuple[float, ...]:
    values = raw if isinstance(raw, tuple) else ()
    shares = tuple(float(value) for value in values if isinstance(value, int | float))
    usable = len(shares) == len(values) and all(math.isfinite(share) and share >= 0 for share in shares)
    return shares if usable else ()


def _narrowed(shares: Sequence[float]) -> tuple[float, ...]:
    """Add up neighbours until the line is short enough."""
    step = math.ceil(len(shares) / WIDEST)
    return tuple(math.fsum(shares[start : start + step]) for start in range(0, len(shares), step))


def _blocks(shares: Sequence[float], highest: float) -> str:
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[max(1, round(top * share / highest)) if share else 0] for share in shares)
