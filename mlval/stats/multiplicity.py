"""p-values adjusted for how many tests were made at once."""

from collections.abc import Sequence

from mlval.stats.errors import Undefined


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust so that, of what is at or below a level, on average at most that share is a false alarm.

    Step-up procedure of Benjamini and Hochberg (1995), for independent and for positively dependent tests.

    Parameters
    ----------
    p_values : from 0 to 1, any number

    Returns
    -------
    the adjusted values in the order given, each at least its own p-value and at most 1

    Raises
    ------
    Undefined
        If one of them is NaN or outside [0, 1].

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.5, 0.02])
    (0.03, 0.5, 0.03)
    """
    rising = _order(p_values)
    adjusted = [1.0] * len(rising)
    smallest = 1.0
    for rank in range(len(rising), 0, -1):
        index = rising[rank - 1]
        smallest = min(smallest, p_values[index] * (len(rising) / rank))
        adjusted[index] = smallest
    return tuple(adjusted)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust so that the chance of even one false alarm at or below a level is at most that level.

    Step-down procedure of Holm (1979), for tests that depend on each other in any way. Parameters, result and
    errors as `benjamini_hochberg`.

    Examples
    --------
    >>> holm([0.01, 0.5, 0.02])
    (0.03, 0.5, 0.04)
    """
    rising = _order(p_values)
    adjusted = [1.0] * len(rising)
    largest = 0.0
    for place, index in enumerate(rising):
        largest = max(largest, min(1.0, p_values[index] * (len(rising) - place)))
        adjusted[index] = largest
    return tuple(adjusted)


def _order(p_values: Sequence[float]) -> list[int]:
    if not all(0 <= p <= 1 for p in p_values):
        raise Undefined("a p-value is missing or not between 0 and 1")
    return sorted(range(len(p_values)), key=lambda index: p_values[index])
