"""The share of blind error that one column removes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.errors import Undefined
from mlval.stats.predictive_power import bins_for, score

errors = st.integers(0, 10**12)


@given(errors, errors.filter(bool))
def test_it_lies_between_nothing_and_everything(by_column: int, blind: int) -> None:
    assert 0 <= score(by_column, blind) <= 1
    assert (score(by_column, blind) == 0) == (by_column >= blind)
    assert score(0, blind) == 1


@given(errors)
def test_a_target_that_is_never_missed_has_no_score(by_column: int) -> None:
    with pytest.raises(Undefined):
        score(by_column, 0)


@pytest.mark.parametrize("by_column, blind", [(-1, 1), (1, -1)])
def test_errors_are_not_negative(by_column: int, blind: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        score(by_column, blind)


@given(st.integers(0, 10**10))
def test_bins_leave_rows_to_learn_from(rows: int) -> None:
    bins = bins_for(rows)
    assert 2 <= bins <= 256
    assert bins * bins <= max(4, rows)
