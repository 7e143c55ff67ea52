"""The mean of numbers of rows that may lie on both sides of zero."""

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, estimate_of
from mlval.stats.sums import moments


def row_mean(values: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of rows with Student's interval.

    Parameters
    ----------
    values : shape (n,), NaN where a row has no value
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or one has no finite value.

    Examples
    --------
    >>> row_mean(np.array([-1.0, 2.0])).value
    0.5
    """
    if missing := int(np.count_nonzero(np.isnan(values))):
        raise Undefined(f"{missing} of {values.size} rows have no value")
    return estimate_of(moments(values), confidence=confidence)
