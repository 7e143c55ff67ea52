"""How many rows a comparison needs: before it is run, and when it could not decide."""

import math
from statistics import NormalDist

from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined

POWER = 0.8


def rows_needed(deviation: float, distance: float, *, confidence: float = 0.95, power: float = POWER) -> int:
    """Return how many paired rows show that a difference lies on its side of a margin.

    That is ((z of confidence + z of power) · deviation / distance)², at least 2.

    Parameters
    ----------
    deviation : of one row's difference, above 0. For two shares with equal errors it is the root of the share
        of rows on which the two disagree
    distance : of the true difference from the margin, above 0
    confidence : of one side
    power : the chance to show it

    Raises
    ------
    Undefined
        If the difference lies on the margin itself, which no number of rows tells apart, or the numbers
        are not finite.

    Examples
    --------
    >>> rows_needed(0.06**0.5, 0.01), rows_needed(0.06**0.5, 0.02)
    (3710, 928)
    """
    require_share(confidence, "confidence")
    require_share(power, "power")
    if not (0 < distance < math.inf and 0 <= deviation < math.inf):
        raise Undefined("no number of rows tells a difference on the margin from the margin")
    normal = NormalDist()
    z = normal.inv_cdf(confidence) + normal.inv_cdf(power)
    return max(2, math.ceil((z * deviation / distance) ** 2))
