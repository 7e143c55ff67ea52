"""Edges that give nobody away: rounded, but for the values that many rows share.

Edges are those of `mlval.stats.bins.edges`: an atom is one whose next smaller number is an edge too.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

DIGITS = 4
"""Significant digits of an edge that is not crowded."""
DIGITS_OF_GAP = 2
"""Digits of the distance to the nearest edge that a crowded edge keeps."""


def split(edges: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Tell atoms from plain edges; the edges just below the atoms are left out.

    Examples
    --------
    >>> split([1.0, math.nextafter(2.0, 0.0), 2.0, 3.0])
    ((1.0, 3.0), (2.0,))
    """
    atoms = {high for low, high in pairwise(edges) if math.nextafter(high, -math.inf) == low}
    below = {math.nextafter(atom, -math.inf) for atom in atoms}
    plain = tuple(_plus(edge) for edge in edges if edge not in atoms and edge not in below)
    return plain, tuple(sorted(_plus(atom) for atom in atoms))


def coarse(plain: Sequence[float], atoms: Sequence[float]) -> tuple[float, ...]:
    """Round edges to four significant digits, or to two digits of the distance to their neighbour if finer.

    Times and other large numbers that lie close together would all become one at four digits. No edge
    crosses another or an atom.

    Parameters
    ----------
    plain, atoms : finite, each rising, no number in both

    Examples
    --------
    >>> coarse([123.456, 1e9 + 1.2345, 1e9 + 2.3456], [])
    (123.5, 1000000001.2, 1000000002.3)
    """
    points = sorted({*plain, *atoms})
    gaps = dict.fromkeys(points, math.inf)
    for low, high in pairwise(points):
        gaps[low] = min(gaps[low], high - low)
        gaps[high] = min(gaps[high], high - low)
    rounded = [_plus(_rounded(edge, gaps[edge])) for edge in plain]
    return tuple(sorted({edge for edge in rounded if math.isfinite(edge)}.difference(atoms)))


def between_whole(edges: Sequence[float]) -> tuple[float, ...]:
    """Move edges up by a half where all are whole: they part the same numbers, and are not taken for values.

    >>> between_whole([1.0, 2.0]), between_whole([1.0, 2.5])
    ((1.5, 2.5), (1.0, 2.5))
    """
    return tuple(edge + 0.5 for edge in edges) if all(edge.is_integer() for edge in edges) else tuple(edges)


def _rounded(edge: float, gap: float) -> float:
    if edge == 0:
        return edge
    place = math.floor(math.log10(abs(edge))) + 1 - DIGITS
    if gap < math.inf:
        place = min(place, math.floor(math.log10(gap)) + 1 - DIGITS_OF_GAP)
    try:
        return round(edge, -place)
    except OverflowError:  # rounded up beyond the largest float
        return edge


def _plus(number: float) -> float:
    """Return zero without its sign."""
    return number + 0.0
