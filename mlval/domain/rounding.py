"""The one rounding of every float: nine significant digits, before judging and in every output."""

import math

DIGITS = 9


def significant(value: float) -> float:
    """Round to nine significant digits, which hides the order in which threads added up.

    >>> significant(0.1 + 0.2)
    0.3

    Raises
    ------
    ValueError
        If the value is not finite: such a value must have become an error before.
    """
    if not math.isfinite(value):
        message = f"not a finite number: {value}"
        raise ValueError(message)
    rounded = float(f"{value:.{DIGITS}g}")
    return 0.0 if rounded == 0 else rounded
