"""Every method judges from the sixth value on."""

import numpy as np
import pytest

from mlval.stats.monitor import SLACKS, Method, scored


@pytest.mark.parametrize("method", list(SLACKS))
def test_five_values_come_before_the_first_that_is_judged(method: Method) -> None:
    found = scored(np.random.default_rng(1).normal(size=20), method=method).scores
    assert int(np.flatnonzero(~np.isnan(found))[0]) == 5


@pytest.mark.parametrize("method", list(SLACKS))
def test_a_cycle_takes_one_value_a_phase(method: Method) -> None:
    values = np.random.default_rng(1).normal(size=20)
    found = scored(values, method=method, phases=[place % 7 for place in range(20)]).scores
    assert int(np.flatnonzero(~np.isnan(found))[0]) == 11


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="not by 'ewma'"):
        scored(np.zeros(9), method="ewma")  # type: ignore[arg-type]
