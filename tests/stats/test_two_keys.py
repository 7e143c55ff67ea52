"""The two keys together, significance and size: quiet without a change, heard with one."""

import numpy as np
import pytest

from mlval.stats.bins import count, edges
from mlval.stats.multiplicity import benjamini_hochberg
from mlval.stats.size import ks_size, levels_size
from mlval.stats.two_sample import chi_square, ks_distance, ks_p_value

ALPHA, MEDIUM = 0.02, 0.08


def of_numbers(draw: np.random.Generator, *, n: int, m: int, shift: float = 0.0) -> tuple[float, float]:
    """Return p-value and size of one numeric column."""
    reference, current = np.sort(draw.normal(size=n)), np.sort(draw.normal(shift, 1, size=m))
    on = edges(reference, 200)
    distance = ks_distance(count(reference, on), count(current, on))
    return ks_p_value(distance, n=n, m=m), ks_size(distance, n=n, m=m)


def of_levels(draw: np.random.Generator, *, n: int, m: int, shares: list[float]) -> tuple[float, float]:
    """Return p-value and size of one column of levels; the reference has the shares in equal parts."""
    counts = draw.multinomial(n, np.full(len(shares), 1 / len(shares))), draw.multinomial(m, shares)
    return chi_square(*counts).p_value, levels_size(*counts)


def alarms(columns: list[tuple[float, float]]) -> list[bool]:
    adjusted = benjamini_hochberg([p for p, _ in columns])
    return [p <= ALPHA and size >= MEDIUM for p, (_, size) in zip(adjusted, columns, strict=True)]


@pytest.mark.parametrize("n, m", [(1000, 50), (1000, 1000), (5000, 200)])
def test_without_a_change_both_keys_are_quiet(n: int, m: int) -> None:
    draw = np.random.default_rng(18)
    false = 0
    for _ in range(60):
        numbers = [of_numbers(draw, n=n, m=m) for _ in range(5)]
        levels = [of_levels(draw, n=n, m=m, shares=[1 / k] * k) for k in (3, 10, 50)]
        false += any(alarms(numbers + levels))
    assert false / 60 <= 0.05


def test_a_change_of_three_tenths_of_a_deviation_is_heard() -> None:
    draw = np.random.default_rng(19)
    heard = 0
    for _ in range(60):
        columns = [of_numbers(draw, n=1000, m=1000, shift=0.3)]
        columns += [of_numbers(draw, n=1000, m=1000) for _ in range(7)]
        heard += alarms(columns)[0]
    assert heard / 60 >= 0.9


def test_a_change_too_small_to_matter_does_not_alarm_however_many_rows() -> None:
    draw = np.random.default_rng(20)
    p_value, size = of_numbers(draw, n=300_000, m=300_000, shift=0.05)
    assert p_value < 1e-9
    assert size < 0.04
    p_value, size = of_levels(draw, n=10**6, m=10**6, shares=[0.26, 0.25, 0.25, 0.24])
    assert p_value < 1e-9
    assert size == pytest.approx(0.01, abs=0.002)
