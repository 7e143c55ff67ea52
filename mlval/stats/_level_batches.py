"""Distances of many pairs of samples at once: arrays of shape (..., cells) in, arrays of shape (...) out.

Arguments are counts as floating-point numbers, reference first, at least one row in every sample. The last
axis runs over the cells, whose order does not matter. A cell that is empty on both sides does not count.
"""

import math

import numpy as np

from mlval.stats.arrays import FloatArray

SMOOTHING = 0.5


def psi(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return Σ (q − p) ln(q/p) of smoothed shares."""
    p, q = _smoothed(reference, current)
    return _sum((q - p) * np.log(q / p))


def kl(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return Σ q ln(q/p) of smoothed shares; rounding does not take it below 0."""
    p, q = _smoothed(reference, current)
    return np.maximum(_sum(q * np.log(q / p)), 0.0)


def jensen_shannon(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return the root of the divergence in bits.

    With s = p + q and x = (p − q)/s a cell adds (s/4)·((1 + x) ln(1 + x) + (1 − x) ln(1 − x)), which is
    written so that close samples lose no digits.
    """
    p, q = _shares(reference, current)
    both = p + q
    lean = np.divide(p - q, both, out=np.zeros_like(both), where=both > 0)
    inner = np.where(np.abs(lean) < 1, lean, 0.0)
    mixed = 2 * inner * np.arctanh(inner) + np.log1p(-inner * inner)
    nats = _sum(both * np.where(np.abs(lean) < 1, mixed, 2 * math.log(2))) / 4
    return np.sqrt(np.clip(nats / math.log(2), 0.0, 1.0))


def hellinger(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return the root of Σ (√p − √q)²/2."""
    p, q = _shares(reference, current)
    return np.sqrt(np.minimum(_sum(np.square(np.sqrt(p) - np.sqrt(q))) / 2, 1.0))


def total_variation(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return Σ |p − q|/2."""
    p, q = _shares(reference, current)
    return np.minimum(_sum(np.abs(p - q)) / 2, 1.0)


def l_infinity(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return the largest |p − q|."""
    p, q = _shares(reference, current)
    largest: FloatArray = np.abs(p - q).max(axis=-1)
    return largest


def cramers_v(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return Cramér's V of the table of samples by levels, with the bias corrected."""
    p, q = _shares(reference, current)
    n, m, levels = _sum(reference), _sum(current), occupied(reference, current)
    both = reference + current
    terms = np.divide(np.square(p - q), both, out=np.zeros_like(both), where=both > 0)
    rows = n + m
    surplus = n * m / rows * _sum(terms) - (levels - 1) / (rows - 1)
    largest = np.minimum(1 - 1 / (rows - 1), (levels - 1) * (1 - (levels - 1) / (rows - 1)))
    ratio = np.divide(surplus, largest, out=np.zeros_like(surplus), where=(surplus > 0) & (largest > 0))
    return np.sqrt(np.minimum(ratio, 1.0))


def occupied(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return the number of cells that are not empty on both sides."""
    return _sum((reference + current > 0).astype(np.float64))


def _sum(terms: FloatArray) -> FloatArray:
    total: FloatArray = np.asarray(terms.sum(axis=-1))
    return total


def _shares(reference: FloatArray, current: FloatArray) -> tuple[FloatArray, FloatArray]:
    return (
        reference / reference.sum(axis=-1, keepdims=True),
        current / current.sum(axis=-1, keepdims=True),
    )


def _smoothed(reference: FloatArray, current: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return smoothed shares, 1 and 1 in cells that do not count: they add nothing to p ln(p/q)."""
    counts = reference + current > 0
    added = SMOOTHING * counts.sum(axis=-1, keepdims=True)
    p = (reference + SMOOTHING) / (reference.sum(axis=-1, keepdims=True) + added)
    q = (current + SMOOTHING) / (current.sum(axis=-1, keepdims=True) + added)
    return np.where(counts, p, 1.0), np.where(counts, q, 1.0)
