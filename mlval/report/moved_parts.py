"""Which parts of a distribution moved, and which way, as far as the details of a measurement tell."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mlval.domain.measurement import Detail
from mlval.domain.rounding import significant
from mlval.domain.text import shown
from mlval.report import figures
from mlval.report.sparkline import Shapes, shapes

MOST_PARTS: Final = 6
LABEL_LIMIT: Final = 40
_NEARLY_ALL: Final = 0.9
_MOST: Final = 0.6
_SLIGHT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Part:
    """A level, or a range of a number, and the share of rows that it had and has."""

    label: str
    reference: float
    current: float

    @property
    def gain(self) -> float:
        """How much its share grew."""
        return significant(self.current - self.reference)


def parts(details: Mapping[str, Detail]) -> tuple[Part, ...]:
    """Return the parts that moved most: those that the check names, else the labelled ones of its shape."""
    moved = details.get("moved")
    if isinstance(moved, tuple):
        named = [_part(one) for one in moved[:MOST_PARTS]]
        return tuple(part for part in named if part is not None)
    pair = shapes(details)
    if pair is None:
        return ()
    return tuple(sorted((one for one in _labelled(pair) if one.gain), key=_by_gain)[:MOST_PARTS])


def said(moved: Sequence[Part], *, most: int = 3) -> str:
    """Return parts in one line: `card 72% to 56.5%, cash 27% to 34%`."""
    return ", ".join(
        f"{part.label} {figures.share(part.reference)} to {figures.share(part.current)}"
        for part in moved[:most]
    )


def direction(details: Mapping[str, Detail], *, effect: float) -> str:
    """Return words that follow `moved`: ` up`, ` from card to cash`; empty where no few words are true.

    Parameters
    ----------
    details : of a measurement
    effect : the share of rows that moved, so that parts are held against all of it
    """
    pair = shapes(details)
    if pair is not None and not pair.labels:
        return _way(pair)
    return _flow(parts(details), pair, effect=effect)


def _flow(moved: Sequence[Part], pair: Shapes | None, *, effect: float) -> str:
    """Say from which level to which rows moved, where two of them, or one, explain it."""
    if not moved:
        return ""
    source, target = min(moved, key=lambda part: part.gain), max(moved, key=lambda part: part.gain)
    known = [moved, _labelled(pair) if pair is not None else ()]
    total = max(effect, *(_risen(some) for some in known), *(_fallen(some) for some in known))
    lost, won = -source.gain / total if total else 0.0, target.gain / total if total else 0.0
    if min(lost, won) >= _NEARLY_ALL:
        return f" from {source.label} to {target.label}"
    if min(lost, won) >= _MOST:
        return f", most from {source.label} to {target.label}"
    if won >= _NEARLY_ALL:
        return f" to {target.label}"
    return f" from {source.label}" if lost >= _NEARLY_ALL else ""


def _way(pair: Shapes) -> str:
    """Say where the values of a number went: by how much fewer of them lie below each edge than before."""
    below = itertools.accumulate(a - b for a, b in zip(pair.reference, pair.current, strict=True))
    fewer = [significant(one) for one in below][:-1]
    up, down = sum(max(one, 0.0) for one in fewer), sum(max(-one, 0.0) for one in fewer)
    if up == down == 0:
        return ""
    if min(up, down) <= _SLIGHT * max(up, down):
        return " up" if up > down else " down"
    least = _SLIGHT * max(map(abs, fewer))
    ways = ("up" if one > 0 else "down" for one in fewer if abs(one) > least)
    signs = [way for way, _ in itertools.groupby(ways)]
    return {"down, up": " outwards", "up, down": " inwards"}.get(", ".join(signs), "")


def _labelled(pair: Shapes) -> list[Part]:
    triples = zip(pair.labels, pair.reference, pair.current, strict=False)
    return [Part(shown(label, LABEL_LIMIT), before, after) for label, before, after in triples]


def _by_gain(part: Part) -> float:
    return -abs(part.gain)


def _risen(some: Iterable[Part]) -> float:
    return sum(max(part.gain, 0.0) for part in some)


def _fallen(some: Iterable[Part]) -> float:
    return sum(max(-part.gain, 0.0) for part in some)


def _part(raw: Detail) -> Part | None:
    if not isinstance(raw, Mapping):
        return None
    label, before, after = (raw.get(key) for key in ("label", "reference", "current"))
    if not (isinstance(label, str) and isinstance(before, int | float) and isinstance(after, int | float)):
        return None
    if not all(math.isfinite(share) and share >= 0 for share in (before, after)):
        return None
    return Part(shown(label, LABEL_LIMIT), before, after)
