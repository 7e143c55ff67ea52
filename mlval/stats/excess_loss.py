"""Whether the rows of a segment lose more than is allowed, by more than chance."""

import math

from mlval.stats.arrays import FloatArray, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.sums import moments


def share_p_value(losses: int, rows: int, *, allowed: float) -> float:
    """Return the chance of at least so many losses if each row loses with the allowed probability.

    The exact upper tail of the binomial distribution.

    Parameters
    ----------
    losses : 0 to rows
    rows : at least 1
    allowed : 0 to 1; from 1 on nothing is too much

    Examples
    --------
    >>> round(share_p_value(8, 10, allowed=0.5), 4)
    0.0547
    """
    from scipy.special import bdtrc

    if not 0 <= losses <= rows or rows < 1:
        raise Undefined(f"{losses} losses of {rows} rows")
    if not math.isfinite(allowed) or allowed < 0:
        raise Undefined("what is allowed is no probability")
    if losses == 0 or allowed >= 1:
        return 1.0
    return float(bdtrc(losses - 1, rows, allowed))


def mean_p_value(losses: FloatArray, *, allowed: float) -> float:
    """Return the one-sided p-value of the mean loss being at most what is allowed (Student's t).

    By the central limit theorem it holds for many rows of any distribution.

    Parameters
    ----------
    losses : shape (rows,), finite

    Raises
    ------
    Undefined
        If there are fewer than two rows, or a loss is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> round(mean_p_value(np.array([1.0, 2.0, 3.0, 4.0]), allowed=1.0), 4)
    0.0514
    """
    from scipy.special import stdtr

    require_finite(losses, "losses")
    found = moments(losses)
    if found.n < 2 or not math.isfinite(allowed):
        raise Undefined("a test needs at least two rows")
    if found.deviation == 0:
        return 0.0 if found.mean > allowed else 1.0
    return float(stdtr(found.n - 1, -(found.mean - allowed) / found.deviation * math.sqrt(found.n)))
