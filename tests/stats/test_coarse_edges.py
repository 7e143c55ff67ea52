"""Edges are rounded, stay in their order, and leave atoms alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats import bins
from mlval.stats.coarse_edges import between_whole, coarse, split

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SAMPLES = st.lists(FINITE | st.integers(-5, 5).map(float), min_size=1, max_size=60)


@given(SAMPLES, st.integers(2, 12))
def test_the_parts_of_edges_make_up_the_edges(sample: list[float], number: int) -> None:
    edges = [float(edge) for edge in bins.edges(np.sort(np.array(sample)), number)]
    plain, atoms = split(edges)
    below = [math.nextafter(atom, -math.inf) for atom in atoms]
    assert sorted({*plain, *atoms, *below}) == sorted(set(edges))


@given(SAMPLES, st.integers(2, 12))
def test_edges_keep_their_order_and_place(sample: list[float], number: int) -> None:
    plain, atoms = split([float(edge) for edge in bins.edges(np.sort(np.array(sample)), number)])
    rounded = coarse(plain, atoms)
    assert list(rounded) == sorted(set(rounded))
    assert len(rounded) <= len(plain)
    points = sorted({*plain, *atoms})
    for old, new in zip(plain, rounded, strict=False) if len(rounded) == len(plain) else ():
        gap = min((abs(old - other) for other in points if other != old), default=math.inf)
        assert abs(new - old) <= gap / 10 or new == pytest.approx(old, rel=1e-3)


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=1))
def test_a_lonely_edge_has_four_digits(edge: list[float]) -> None:
    assert coarse(edge, []) == (float(f"{edge[0]:.4g}"),)


@pytest.mark.parametrize(
    "plain, expected",
    [
        ((123.456, 0.0012345678), (123.5, 0.001235)),
        ((1_735_766_343.1, 1_735_849_211.7), (1_735_766_000.0, 1_735_849_000.0)),
        ((0.1, 0.10000123), (0.1, 0.1000012)),
        ((-5.43219, 0.0), (-5.432, 0.0)),
        ((1e308, 1.79769e308), (1e308, 1.79769e308)),
        ((5e-324,), (5e-324,)),
    ],
)
def test_rounding(plain: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert coarse(tuple(sorted(plain)), ()) == tuple(sorted(expected))


def test_atoms_are_exact_and_not_crossed() -> None:
    plain, atoms = split([math.nextafter(100.00001, 0), 100.00001, 100.00002])
    assert (plain, atoms) == ((100.00002,), (100.00001,))
    assert coarse(plain, atoms)[0] > atoms[0]


def test_edges_between_whole_numbers_are_not_whole() -> None:
    assert between_whole((17.0, 18.0)) == (17.5, 18.5)
    assert between_whole((17.0, 18.25)) == (17.0, 18.25)
    assert between_whole(()) == ()
