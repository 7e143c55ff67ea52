"""Short numbers that never cross a limit by being rounded."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.report import figures

finite = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(min_value=0, max_value=1)


@pytest.mark.parametrize(
    "value, said",
    [
        (0.83124567, "0.8312"),
        (12345.678, "12,346"),
        (1234567, "1,234,567"),
        (1000.0, "1,000"),
        (-52.0, "-52"),
        (-0.0, "0"),
        (0.00001234, "0.00001234"),
        (1.5e-9, "1.5e-9"),
        (1e300, "1e+300"),
        (0.1, "0.1"),
        (math.nan, "not a number"),
        (math.inf, "infinite"),
        (-math.inf, "minus infinite"),
    ],
)
def test_number(value: float, said: str) -> None:
    assert figures.number(value) == said


@pytest.mark.parametrize(
    "value, said",
    [
        (0.0802, "8.02%"),
        (0.157123, "15.7%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.99999, "99.999%"),
        (1e-7, "0.00001%"),
        (1e-12, "1e-10%"),
        (math.nan, "not a number"),
    ],
)
def test_share(value: float, said: str) -> None:
    assert figures.share(value) == said


@given(finite, finite)
def test_a_number_stays_on_its_side_of_a_limit(value: float, limit: float) -> None:
    said = Decimal(figures.number(value, digits=1, apart=[limit]).replace(",", ""))
    assert said.compare(Decimal(repr(limit))) == Decimal(repr(value)).compare(Decimal(repr(limit)))


@given(shares, shares)
def test_a_share_stays_on_its_side_of_a_limit(value: float, limit: float) -> None:
    said = Decimal(figures.share(value, digits=1, apart=[limit]).rstrip("%").replace(",", "")) / 100
    assert said.compare(Decimal(repr(limit))) == Decimal(repr(value)).compare(Decimal(repr(limit)))


@given(finite)
def test_an_exact_number_loses_nothing(value: float) -> None:
    assert float(figures.exact(value).replace(",", "")) == value


def test_a_value_near_its_limit_gets_the_digits_it_needs() -> None:
    assert figures.number(0.84996, digits=2, apart=[0.85]) == "0.84996"
    assert figures.number(0.849999999, apart=[0.85]) == "0.849999999"
    assert figures.share(0.01000001, apart=[0.01]) == "1.000001%"


@pytest.mark.parametrize(
    "p, alpha, said",
    [
        (0.0, None, "p < 0.001"),
        (0.0009, 0.02, "p < 0.001"),
        (0.034, 0.02, "p = 0.034"),
        (0.0204, 0.02, "p = 0.0204"),
        (0.0004, 0.0005, "p = 0.0004"),
        (1.0, 0.02, "p = 1"),
        (math.nan, 0.02, "p = not a number"),
    ],
)
def test_p_value(p: float, alpha: float | None, said: str) -> None:
    assert figures.p_value(p, alpha=alpha) == said


def test_a_count_beyond_float_is_exact() -> None:
    assert figures.count(9_007_199_254_740_993) == "9,007,199,254,740,993"
