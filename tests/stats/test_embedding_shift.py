"""Embedding shift: a plain permutation test, no bias, a null that holds, and vectors that are not numbers."""

import math

import numpy as np
import pytest

from mlval.stats._centre_permutations import Vectors, permuted
from mlval.stats.arrays import FloatArray
from mlval.stats.embedding_shift import embedding_shift
from mlval.stats.errors import Undefined


def cloud(seed: int, rows: int, *, d: int = 8, shift: float = 0.0) -> FloatArray:
    """Return normals with unequal spreads, and a spread of 1 in all, shifted by a distance."""
    scale = np.sqrt(np.arange(d, 0, -1) / np.arange(d + 1).sum())
    values: FloatArray = np.random.default_rng(seed).normal(size=(rows, d)) * scale
    values[:, 0] += shift
    return values


def test_size_and_distance_are_as_defined() -> None:
    here, there = cloud(1, 60), cloud(2, 40, shift=0.5)
    found = embedding_shift(here, there, seed=1)
    a, b = np.cov(here.T), np.cov(there.T)
    between = float(((here.mean(axis=0) - there.mean(axis=0)) ** 2).sum())
    assert found.distance == pytest.approx(math.sqrt(between / np.trace(a)), rel=1e-12)
    noise = np.trace(a) / 60 + np.trace(b) / 40
    assert found.size == pytest.approx(math.sqrt((between - noise) / np.trace(a)), rel=1e-12)


def test_draws_are_distances_of_means_of_exchanged_rows() -> None:
    here, there = cloud(1, 25), cloud(2, 40)
    seen, found = permuted(here, there, origin=np.zeros(8), draws=4000, seed=1)
    assert seen == pytest.approx(((here.mean(axis=0) - there.mean(axis=0)) ** 2).sum(), rel=1e-12)
    whole, draw, plain = np.concatenate((here, there)), np.random.default_rng(3), []
    for _ in range(4000):
        order = draw.permutation(65)
        plain.append(((whole[order[:25]].mean(axis=0) - whole[order[25:]].mean(axis=0)) ** 2).sum())
    assert np.quantile(found, [0.5, 0.9, 0.98]) == pytest.approx(
        np.quantile(plain, [0.5, 0.9, 0.98]), rel=0.08
    )


@pytest.mark.parametrize("rows, others", [(40, 60), (3000, 1500), (3000, 50)])
def test_the_null_holds(rows: int, others: int) -> None:
    p_values = np.array(
        [
            embedding_shift(cloud(seed, rows), cloud(seed + 1, others), seed=seed, draws=99).p_value
            for seed in range(0, 120, 2)
        ]
    )
    assert np.mean(p_values <= 0.1) <= 0.23
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.13)


def test_the_noise_taken_off_leaves_no_bias() -> None:
    sizes = [
        embedding_shift(cloud(s, 80), cloud(s + 1, 50, shift=0.6), seed=1, draws=99).size for s in range(50)
    ]
    assert np.mean(np.square(sizes)) == pytest.approx(0.36, abs=0.06)


def test_a_shift_that_is_detectable_is_detected() -> None:
    limit = embedding_shift(cloud(1, 200), cloud(2, 100), seed=1).detectable
    found = [
        embedding_shift(cloud(s, 200), cloud(s + 1, 100, shift=limit), seed=s, draws=199).p_value <= 0.02
        for s in range(0, 80, 2)
    ]
    assert np.mean(found) >= 0.7
    assert limit < 0.6


def test_fewer_draws_than_a_p_value_needs_can_show_nothing() -> None:
    assert embedding_shift(cloud(1, 50), cloud(2, 50), seed=1, draws=99, alpha=0.005).detectable == math.inf


def test_the_smallest_p_value_counts_what_was_seen_as_a_draw() -> None:
    assert embedding_shift(cloud(1, 50), cloud(2, 50, shift=9), seed=1, draws=99).p_value == 0.01


def test_the_same_seed_gives_the_same_bytes() -> None:
    here, there = cloud(1, 300), cloud(2, 200, shift=0.1)
    assert embedding_shift(here, there, seed=5) == embedding_shift(here, there, seed=5)


def test_an_offset_and_a_scale_cost_no_digits() -> None:
    here, there = cloud(1, 300).astype(np.float32), cloud(2, 200, shift=0.4).astype(np.float32)
    found = embedding_shift(here, there, seed=5)
    moved = embedding_shift(here * np.float32(2.0**100), there * np.float32(2.0**100), seed=5)
    assert (moved.size, moved.distance, moved.p_value) == pytest.approx(found[:3], rel=1e-9)
    far = embedding_shift(here.astype(np.float64) + 2.0**20, there.astype(np.float64) + 2.0**20, seed=5)
    assert (far.size, far.distance, far.p_value) == pytest.approx(found[:3], rel=1e-6)


def test_more_directions_than_rows_are_no_problem() -> None:
    assert embedding_shift(cloud(1, 30, d=200), cloud(2, 25, d=200), seed=1, draws=199).p_value > 0.02
    assert (
        embedding_shift(cloud(1, 30, d=200), cloud(2, 25, d=200, shift=1), seed=1, draws=199).p_value < 0.02
    )


def test_equal_vectors_on_both_sides_are_not_significant() -> None:
    here = cloud(1, 40)
    assert embedding_shift(here, here, seed=1, draws=99).p_value == 1


def spoilt(value: float) -> FloatArray:
    values = cloud(1, 40)
    values[3, 2] = value
    return values


@pytest.mark.parametrize(
    "here, there, says",
    [
        (spoilt(math.nan), cloud(2, 40), "1 of 40"),
        (cloud(2, 40), spoilt(math.inf), "1 of 40"),
        (cloud(2, 40), spoilt(1e200), "norms are not finite"),
        (spoilt(1e308) - spoilt(0), cloud(2, 40) * 1e308, "norms are not finite"),
        (np.ones((40, 8)), cloud(2, 40), "all reference vectors are the same"),
        (cloud(1, 19), cloud(2, 40), "at least 20"),
        (cloud(1, 40)[:, :0], cloud(2, 40)[:, :0], "at least 20"),
        (cloud(1, 40), cloud(2, 40, d=9), "vectors of 8 numbers became vectors of 9"),
    ],
)
def test_what_has_no_answer_is_undefined(here: Vectors, there: Vectors, says: str) -> None:
    with pytest.raises(Undefined, match=says):
        embedding_shift(here, there, seed=1)


@pytest.mark.parametrize("here", [cloud(1, 40)[0], np.zeros((40, 8), dtype=np.int64)])
def test_what_is_no_matrix_of_numbers_is_refused(here: Vectors) -> None:
    with pytest.raises(ValueError, match="matrix"):
        embedding_shift(here, cloud(2, 40), seed=1)


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="99 draws"):
        embedding_shift(cloud(1, 40), cloud(2, 40), seed=1, draws=98)
