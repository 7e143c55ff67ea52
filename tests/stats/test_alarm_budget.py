"""A budget of false alarms."""

import math

import pytest

from mlval.stats.alarm_budget import alarms_too_often, rate_of_ten_bins, shared
from mlval.stats.errors import Undefined


def test_shares_add_up_to_the_budget() -> None:
    assert sum([shared(0.01, 7)] * 7) == pytest.approx(0.01)


@pytest.mark.parametrize("budget, columns", [(0.0, 1), (1.0, 1), (math.nan, 1), (0.1, 0)])
def test_what_cannot_be_shared_is_refused(budget: float, columns: int) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|at least one column"):
        shared(budget, columns)


@pytest.mark.parametrize(
    "rate, columns, flagged",
    [(0.0, 100, False), (0.05, 1, False), (0.06, 1, True), (0.01, 5, False), (0.01, 6, True), (1.0, 1, True)],
)
def test_above_one_run_in_twenty_is_too_often(rate: float, columns: int, flagged: bool) -> None:
    assert alarms_too_often(rate, columns=columns) == flagged


def test_what_is_not_a_number_is_too_often() -> None:
    assert alarms_too_often(math.nan)


def test_usual_thresholds_alarm_at_few_rows_and_not_at_many() -> None:
    for statistic, threshold in (("psi", 0.1), ("js", 0.12), ("wasserstein", 0.1), ("ks", 0.1)):
        rates = [rate_of_ten_bins(statistic, threshold, m=m) for m in (50, 200, 10_000)]  # type: ignore[arg-type]
        assert rates[0] > 0.5
        assert rates == sorted(rates, reverse=True)
        assert rates[-1] < 0.001


def test_no_rows_are_refused() -> None:
    with pytest.raises(Undefined):
        rate_of_ten_bins("psi", 0.1, m=0)
