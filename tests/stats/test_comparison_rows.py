"""Rows needed against the textbook, and against the power that they have."""

import math
from statistics import NormalDist

import pytest

from mlval.stats.comparison_rows import rows_needed
from mlval.stats.errors import Undefined


@pytest.mark.parametrize("margin", [0.005, 0.01, 0.03])
def test_these_rows_have_the_power(margin: float) -> None:
    deviation = math.sqrt(0.06)
    error = deviation / math.sqrt(rows_needed(deviation, margin))
    power = NormalDist().cdf(margin / error - NormalDist().inv_cdf(0.95))
    assert 0.8 <= power < 0.801


@pytest.mark.parametrize(
    "deviation, distance", [(0.2, 0.0), (0.2, math.inf), (math.nan, 0.1), (0.2, math.nan)]
)
def test_no_number_of_rows_decides_on_the_margin(deviation: float, distance: float) -> None:
    with pytest.raises(Undefined):
        rows_needed(deviation, distance)
