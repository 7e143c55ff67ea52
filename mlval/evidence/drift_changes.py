"""What two samples of one column show by each method: its statistic, and the two keys that judge a change.

A test brings its own p-value. A distance is judged by the keys of `auto`: Kolmogorov-Smirnov's p-value and
size for numbers, those of chi-square and of the total variation for levels.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from mlval.domain.drift import TESTS, LevelPair, Method, NumberPair, Shift
from mlval.domain.errors import Unmeasurable
from mlval.domain.measurement import Detail
from mlval.domain.shape import shape_of_levels, shape_of_numbers
from mlval.stats import binned_bounds, cells, distances, mean_change, power, rank_tests, size, two_sample
from mlval.stats._null_draws import Statistic
from mlval.stats.anderson_darling import anderson_darling
from mlval.stats.arrays import Counts
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import false_alarm_rate
from mlval.stats.g_test import g_test
from mlval.stats.ordered_distances import wasserstein

SEED = 20_260_131
MOST_CELLS = 500
"""Cells of draws that count false alarms; more atoms are joined to so many."""
MOST_SHAPE_CELLS = 1_000
_DISTANCES: Mapping[Method, Callable[[Counts, Counts], float]] = {
    "psi": distances.psi,
    "kl": distances.kl,
    "js": distances.jensen_shannon,
    "hellinger": distances.hellinger,
    "cramers_v": distances.cramers_v,
    "total_variation": two_sample.total_variation,
}
STRICTLY = 1 + 1e-8
"""A value at its threshold passes; draws that reach it are not alarms."""


def changes(method: Method, pair: LevelPair | NumberPair) -> list[Shift]:
    """Return what the samples show: of numbers, beside the distribution, the share of rows without any.

    Raises
    ------
    Unmeasurable
        If neither side has a value, or the statistic is not defined for these samples.
    """
    try:
        if isinstance(pair, LevelPair):
            return [_of_levels(method, pair)]
        found = [_of_numbers(method, pair)] if pair.before.any() and pair.after.any() else []
        if any(pair.missing):
            found.append(_missing(pair))
    except Undefined as error:
        raise Unmeasurable(str(error)) from error
    if not pair.before.any() and not pair.after.any():
        raise Unmeasurable("there are no values on either side")
    return found


def _of_levels(method: Method, pair: LevelPair) -> Shift:
    method = "total_variation" if method == "auto" else method
    before, after = pair.before, pair.after
    details: dict[str, Detail] = {
        "method": method,
        "levels": len(before),
        "shape": shape_of_levels(pair.labels, before, after),
    }
    if pair.nulls:
        details |= {"reference_nulls": before[-1] / sum(before), "current_nulls": after[-1] / sum(after)}
    unseen = [new for old, new in zip(before, after, strict=True) if old == 0]
    if unseen:
        details |= {"unseen_levels": len(unseen), "unseen_share": sum(unseen) / sum(after)}
    if method == "l_infinity":
        details["level"] = pair.labels[distances.l_infinity(before, after).cell]
    shift = replace(_of_cells(method, before, after), metric="drift", details=details)
    return shift if pair.other is None else _with_hidden(method, pair, shift)


def _of_cells(method: Method, before: Counts, after: Counts) -> Shift:
    """Compare counts whose order does not matter."""
    n, m = int(np.sum(before)), int(np.sum(after))
    test = (g_test if method == "g_test" else two_sample.chi_square)(before, after)
    occupied = sum(1 for a, b in zip(before, after, strict=True) if a or b)
    # One level on both sides leaves nothing that could have moved unseen; otherwise no degree of
    # freedom means that pooling left nothing to test, which shows nothing.
    df = 1 if occupied == 1 else test.df
    value = test.statistic if method in TESTS else _distance(method, before, after)
    return Shift(
        metric="drift",
        value=value,
        low=value,
        high=value,
        p_value=test.p_value,
        size=size.levels_size(before, after),
        n=n,
        m=m,
        detectable=lambda alpha: power.levels_detectable(n, m, df=df, alpha=alpha),
        false_alarms=None if method in TESTS else partial(_rate, cast("Statistic", method), (before, after)),
    )


def _distance(method: Method, before: Counts, after: Counts) -> float:
    if method == "l_infinity":
        return distances.l_infinity(before, after).distance
    return _DISTANCES[method](before, after)


def _rate(statistic: Statistic, samples: tuple[Counts, Counts], threshold: float) -> float:
    n, m = (int(np.sum(sample)) for sample in samples)
    pooled = np.asarray(samples[0]) + np.asarray(samples[1])
    return false_alarm_rate(statistic, pooled, n=n, m=m, threshold=threshold * STRICTLY, seed=SEED).rate


def _with_hidden(method: Method, pair: LevelPair, shift: Shift) -> Shift:
    """Add what rows may have done among the levels that a profile folds: the worst is that all moved."""
    place = pair.other or 0
    hidden = min(pair.before[place] / shift.n, pair.after[place] / shift.m)
    if not hidden:
        return shift
    high = shift.value
    if method not in TESTS:
        apart = (*pair.before, 0), (*pair.after[:place], 0, *pair.after[place + 1 :], pair.after[place])
        high = max(high, _distance(method, *apart))
    return replace(
        shift,
        high=high,
        detectable=lambda alpha: max(hidden, shift.detectable(alpha)),
        details={**shift.details, "bounded": True, "hidden_share": hidden},
    )


def _of_numbers(method: Method, pair: NumberPair) -> Shift:
    details: dict[str, Detail] = {"method": "ks" if method == "auto" else method, "shape": _shape(pair)}
    if method == "mean_shift":
        return _mean(pair, details)
    if method in {"auto", "ks", "ks_test"}:
        found = _by_ks(pair)
        bound: dict[str, Detail] = {"bounded": True, "at_most": found.high} if pair.bounded else {}
        return replace(found, details=details | bound)
    if method == "wasserstein":
        return _wasserstein(pair, details)
    if method in {"cvm", "anderson_darling"}:
        return _by_ranks(method, pair, details)
    coarse = cells.coarse(pair.before, pair.after)
    details["cells"] = len(coarse.reference)
    found = replace(_of_cells(method, *coarse), details=details)
    if method in TESTS:
        return found
    keys = _by_ks(pair)
    return replace(found, p_value=keys.p_value, size=keys.size, detectable=keys.detectable)


def _by_ks(pair: NumberPair) -> Shift:
    """Return the distance of the distribution functions and its keys; `high` where bins leave it open."""
    n, m = int(pair.before.sum()), int(pair.after.sum())
    distance = two_sample.ks_distance(pair.before, pair.after)
    high, blurred = distance, 0.0
    if pair.bounded and pair.edges is not None:
        single = binned_bounds.single_valued(pair.edges, whole=pair.whole)
        high = max(distance, min(1.0, binned_bounds.ks_between(pair.before, pair.after, single).high))
        blurred = binned_bounds.heaviest(pair.before, single)

    def detectable(alpha: float) -> float:
        # What is large inside of a bin alone must not pass unseen.
        seen = power.ks_detectable(n, m, alpha=alpha) + blurred
        return max(seen, size.ks_size(high, n=n, m=m)) if blurred else seen

    return Shift(
        metric="drift",
        value=distance,
        low=distance,
        high=high,
        p_value=two_sample.ks_p_value(distance, n=n, m=m),
        size=size.ks_size(distance, n=n, m=m),
        n=n,
        m=m,
        detectable=detectable,
        false_alarms=partial(_rate_of_ks, pair),
    )


def _rate_of_ks(pair: NumberPair, threshold: float) -> float:
    if np.count_nonzero(pair.before + pair.after) > MOST_CELLS:
        n, m = int(pair.before.sum()), int(pair.after.sum())
        return two_sample.ks_p_value(min(1.0, threshold), n=n, m=m)
    return _rate("ks", (pair.before, pair.after), threshold)


def _by_ranks(method: Method, pair: NumberPair, details: dict[str, Detail]) -> Shift:
    keys = _by_ks(pair)
    if method == "cvm":
        value, p_value = rank_tests.cramer_von_mises(pair.before, pair.after)
    else:
        found = anderson_darling(pair.before, pair.after)
        value, p_value = found.statistic, found.p_value
        if found.at_least != found.at_most:
            details["p_value_at_least"] = found.at_least
    if pair.bounded:
        details["bounded"] = True
    return replace(
        keys, value=value, low=value, high=value, p_value=p_value, false_alarms=None, details=details
    )


def _wasserstein(pair: NumberPair, details: dict[str, Detail]) -> Shift:
    keys = _by_ks(pair)
    if pair.values is not None:
        found = wasserstein(pair.values, pair.before, pair.after)
        pooled, points = cells.folded(pair.before + pair.after, pair.values, MOST_CELLS)
        value = low = high = found.distance
        details["scaled_by"] = found.scaled_by
    else:
        if pair.edges is None or pair.ends is None:
            raise Undefined("the bins do not tell where the values lie")
        value, low, high = binned_bounds.wasserstein_between(
            pair.before, pair.after, pair.edges, ends=pair.ends
        )
        middle = (pair.edges[:-1] + pair.edges[1:]) / 2
        points = np.concatenate((pair.edges[:1], middle, pair.edges[-1:]))
        pooled, points = cells.folded(pair.before + pair.after, points, MOST_CELLS)
        details |= {"bounded": True, "at_least": low, "at_most": high, "scaled_by": "iqr"}

    def rate(threshold: float) -> float:
        return false_alarm_rate(
            "wasserstein",
            pooled,
            n=keys.n,
            m=keys.m,
            threshold=threshold * STRICTLY,
            seed=SEED,
            values=points,
        ).rate

    return replace(keys, value=value, low=low, high=high, false_alarms=rate, details=details)


def _mean(pair: NumberPair, details: dict[str, Detail]) -> Shift:
    if pair.moments is None:
        raise Undefined("the means are not known")
    counts = int(pair.before.sum()), int(pair.after.sum())
    before, after = (
        mean_change.Sample(n, one.mean, one.deviation) for n, one in zip(counts, pair.moments, strict=True)
    )
    found = mean_change.mean_change(before, after)
    return Shift(
        metric="drift",
        value=found.shift,
        low=found.shift,
        high=found.shift,
        p_value=found.p_value,
        size=mean_change.mean_size(found.shift, before, after),
        n=before.n,
        m=after.n,
        detectable=lambda alpha: mean_change.mean_detectable(before, after, alpha=alpha),
        details=details,
    )


def _shape(pair: NumberPair) -> Detail:
    before, after = pair.before, pair.after
    if before.size > MOST_SHAPE_CELLS:
        before, after = cells.coarse(before, after, MOST_SHAPE_CELLS)
    return shape_of_numbers(before.tolist(), after.tolist())


def _missing(pair: NumberPair) -> Shift:
    (k1, k2), (n1, n2) = pair.missing, pair.totals
    test = two_sample.two_proportions(k1, n1, k2=k2, n2=n2)
    pooled, value = (k1 + k2) / (n1 + n2), abs(test.difference)
    return Shift(
        metric="null_share",
        value=value,
        low=value,
        high=value,
        p_value=test.p_value,
        size=size.proportions_size(k1, n1, k2=k2, n2=n2),
        n=n1,
        m=n2,
        detectable=lambda alpha: power.proportions_detectable(pooled, n=n1, m=n2, alpha=alpha),
        details={"method": "two_proportions", "reference_nulls": k1 / n1, "current_nulls": k2 / n2},
    )
