"""Two distributions folded into a few bars, for reports to draw."""

from collections.abc import Sequence

from mlval.domain.measurement import Detail

BARS = 10


def shape_of_numbers(before: Sequence[int], after: Sequence[int]) -> Detail:
    """Fold bins into about ten that hold equal shares of `before`.

    Parameters
    ----------
    before, after : counts on the same bins, neither of them all zero

    Examples
    --------
    >>> shape_of_numbers([5, 5], [2, 8])
    {'reference': (0.5, 0.5), 'current': (0.2, 0.8)}
    """
    total, folded, mass = sum(before), [[0, 0]], 0
    for old, new in zip(before, after, strict=True):
        if mass * BARS >= len(folded) * total and len(folded) < BARS:
            folded.append([0, 0])
        folded[-1][0] += old
        folded[-1][1] += new
        mass += old
    return {
        "reference": tuple(old / total for old, _ in folded),
        "current": tuple(new / sum(after) for _, new in folded),
    }


def shape_of_levels(labels: Sequence[str], before: Sequence[int], after: Sequence[int]) -> Detail:
    """Keep the first ten levels and fold the rest into one called `others`.

    Examples
    --------
    >>> shape_of_levels(["a", "b"], [1, 3], [2, 2])
    {'labels': ('a', 'b'), 'reference': (0.25, 0.75), 'current': (0.5, 0.5)}
    """
    names, left, right = list(labels[:BARS]), list(before[:BARS]), list(after[:BARS])
    if len(labels) > BARS:
        names.append("others")
        left.append(sum(before[BARS:]))
        right.append(sum(after[BARS:]))
    return {
        "labels": tuple(names),
        "reference": tuple(count / sum(before) for count in left),
        "current": tuple(count / sum(after) for count in right),
    }
