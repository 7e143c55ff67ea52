"""Paired shares against published numbers and independent computations."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from mlval.stats.errors import Undefined
from mlval.stats.paired_shares import cohens_h, mcnemar, tango


def test_the_airways_of_21_children() -> None:
    """Fagerland, Lydersen and Laake (2014): 1 and 7 of 21 discordant."""
    low, high = tango(1, 7, 21, confidence=0.95)
    assert (round(low, 3), round(high, 3)) == (-0.517, -0.026)
    found = mcnemar(1, 7)
    assert (round(found.exact, 3), round(found.mid_p, 3)) == (0.070, 0.039)


def score(gained: int, lost: int, rows: int, difference: float) -> float:
    """Score statistic, with the nuisance share found by maximising the likelihood numerically."""

    def unlikely(share: float) -> float:
        cells = (
            (gained, share + difference),
            (lost, share),
            (rows - gained - lost, 1 - 2 * share - difference),
        )
        return -sum(count * math.log(max(p, 1e-300)) for count, p in cells if count)

    low, high = max(0.0, -difference), (1 - difference) / 2
    share = optimize.minimize_scalar(
        unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    ).x
    return (gained - lost - rows * difference) / math.sqrt(rows * (2 * share + difference * (1 - difference)))


@pytest.mark.parametrize("gained, lost, rows", [(3, 9, 40), (60, 60, 2000), (12, 1, 300), (5, 5, 11)])
def test_the_statistic_is_z_at_both_ends(gained: int, lost: int, rows: int) -> None:
    z = NormalDist().inv_cdf(0.95)
    low, high = tango(gained, lost, rows, confidence=0.9)
    assert score(gained, lost, rows, low) == pytest.approx(z, abs=1e-4)
    assert score(gained, lost, rows, high) == pytest.approx(-z, abs=1e-4)


counts = st.integers(0, 60)


@given(counts, counts, st.integers(1, 60))
def test_the_interval_holds_the_difference_and_turns_with_it(gained: int, lost: int, rest: int) -> None:
    rows = gained + lost + rest
    low, high = tango(gained, lost, rows, confidence=0.9)
    assert -1 <= low < high <= 1
    assert low - 1e-12 <= (gained - lost) / rows <= high + 1e-12
    turned = tango(lost, gained, rows, confidence=0.9)
    assert turned == pytest.approx((-high, -low), abs=1e-9)


@given(counts, counts)
def test_mcnemar_is_the_binomial_test(gained: int, lost: int) -> None:
    found = mcnemar(gained, lost)
    if gained + lost:
        exact = stats.binomtest(gained, gained + lost, 0.5).pvalue
        point = stats.binom.pmf(gained, gained + lost, 0.5)
        mid = exact - point if gained != lost else 1 - point
        assert tuple(found) == pytest.approx((exact, mid), abs=1e-12)
    else:
        assert found == (1, 1)


def test_cohens_h() -> None:
    assert cohens_h(0.5, 0.6) == pytest.approx(0.2014, abs=1e-4)
    assert cohens_h(0.6, 0.5) == -cohens_h(0.5, 0.6)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Undefined):
        tango(0, 0, 0, confidence=0.9)
    with pytest.raises(ValueError, match="of 3 rows"):
        tango(2, 2, 3, confidence=0.9)
    with pytest.raises(ValueError, match="lost"):
        mcnemar(-1, 2)
