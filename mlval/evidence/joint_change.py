"""What columns show together: how well rows are told apart, which correlation changed, how vectors moved.

A change that these rows cannot show at all has p-value 1, size 0 and no detectable size: too few rows are
neither an error nor a pass.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mlval.domain.errors import Unmeasurable
from mlval.domain.measurement import Detail
from mlval.domain.sampled import SampledVectors
from mlval.stats import power, size, two_sample
from mlval.stats.arrays import BoolArray
from mlval.stats.correlation_change import correlation_change
from mlval.stats.domain_classifier import Sample, detectable_auc, moved_share, separation
from mlval.stats.embedding_shift import embedding_shift
from mlval.stats.errors import Undefined
from mlval.stats.folds import folds_by_hash
from mlval.stats.joint_codes import NO_VALUE, codes_of_numbers

CELLS, ROWS = 1_500_000, 1_000
"""Numbers of vectors that the classifier learns from at most on a side, but at least so many rows."""
TOP = 5
"""Columns that are named."""
Sides = tuple[Sample, Sample]
"""Rows of the reference and of the current data, as codes."""
_SEED = 0
_FEW_VECTORS = 20


@dataclass(frozen=True, slots=True)
class Change:
    """What two samples show of one thing.

    Attributes
    ----------
    value : as it is told: an AUC, a correlation's change, a distance, a share
    p_value, effect, detectable : as in a measurement
    """

    value: float
    p_value: float = 1.0
    effect: float = 0.0
    detectable: float = math.inf
    details: Mapping[str, Detail] = field(default_factory=dict)


def told_apart(sides: Sides, columns: Mapping[str, bool], alpha: float) -> Change:
    """Let a classifier tell rows apart; the effect is the share of rows that would have to move.

    `columns` says of each, in the order of the codes, whether its codes rise with its values.
    """
    levels = np.array([not ordered for ordered in columns.values()], dtype=np.bool_)
    return _told_apart(sides, tuple(columns), levels=levels, alpha=alpha)


def vectors_told_apart(reference: SampledVectors, current: SampledVectors, alpha: float) -> Change:
    """Let a classifier tell vectors apart, by the numbers that they hold; long ones leave it fewer rows."""
    _require_one_length(reference, current)
    length = reference.vectors.shape[1]
    rows = max(ROWS, CELLS // max(1, length))
    parts = [side.vectors[:rows] for side in (reference, current)]
    codes = [np.empty(part.shape, np.uint8) for part in parts]
    for at in range(length):
        pair = codes_of_numbers(*(part[:, at].astype(np.float64) for part in parts))
        for side, column in zip(codes, pair, strict=True):
            side[:, at] = column
    before, after = (
        Sample(code, folds_by_hash(side.hashes[:rows]))
        for code, side in zip(codes, (reference, current), strict=True)
    )
    names = tuple(f"[{at}]" for at in range(length))
    return _told_apart((before, after), names, levels=np.zeros(length, np.bool_), alpha=alpha)


def correlation_changed(
    sides: Sides, columns: Mapping[str, bool], alpha: float, *, most_pairs: int
) -> Change:
    """Find the pair of columns of numbers whose correlation changed most; the effect is how far.

    `columns` are those of `told_apart`; the first of them that make at most so many pairs are correlated.
    """
    names = tuple(columns)
    numbers = [index for index, name in enumerate(names) if columns[name]]
    taken = numbers[: (1 + math.isqrt(1 + 8 * most_pairs)) // 2]
    skipped: dict[str, Detail] = (
        {"columns_not_correlated": len(numbers) - len(taken)} if len(numbers) > len(taken) else {}
    )
    before, after = (side.codes[:, taken] for side in sides)
    try:
        found = correlation_change(before, after, null=NO_VALUE, alpha=alpha)
    except Undefined as error:
        return Change(0.0, details={"why": str(error), **skipped})
    change = abs(found.current - found.reference)
    details: dict[str, Detail] = {
        "pair": tuple(names[taken[index]] for index in (found.first, found.second)),
        "reference": found.reference,
        "current": found.current,
        "pairs": found.pairs,
        "of_pairs": found.of,
        **skipped,
    }
    return Change(change, found.p_value, change, found.detectable, details)


def centre_moved(reference: SampledVectors, current: SampledVectors, alpha: float) -> Change:
    """Measure how far the centre moved; the effect is in units of the spread of the reference.

    Raises
    ------
    Unmeasurable
        If vectors have another length, or no spread.
    """
    _require_one_length(reference, current)
    if min(side.vectors.shape[0] for side in (reference, current)) < _FEW_VECTORS:
        return Change(0.0, details={"why": f"fewer than {_FEW_VECTORS} usable vectors on a side"})
    try:
        # Enough draws that the smallest p-value there can be lies well below the level of significance.
        draws = max(1_999, math.ceil(10 / alpha))
        found = embedding_shift(
            reference.vectors, current.vectors, seed=_SEED, alpha=alpha, draws=min(draws, 20_000)
        )
    except Undefined as error:
        raise Unmeasurable(str(error)) from error
    details: dict[str, Detail] = {"length": reference.vectors.shape[1]}
    return Change(found.distance, found.p_value, found.size, found.detectable, details)


def unusable(reference: SampledVectors, current: SampledVectors, alpha: float) -> Change:
    """Compare the shares of rows without a usable vector."""
    sides = reference, current
    missing, rows = [side.unusable for side in sides], [side.rows for side in sides]
    test = two_sample.two_proportions(missing[0], rows[0], k2=missing[1], n2=rows[1])
    kinds = {"missing": "nulls", "of another length": "ragged", "not finite": "broken"}
    counts = {kind: tuple(int(getattr(side, name)) for side in sides) for kind, name in kinds.items()}
    told = [f"{kind} {old:,} to {new:,}" for kind, (old, new) in counts.items() if old or new]
    details: dict[str, Detail] = {
        "reference": {kind: old for kind, (old, _) in counts.items()},
        "current": {kind: new for kind, (_, new) in counts.items()},
        "remark": f"vectors: {', '.join(told)}",
    }
    return Change(
        value=abs(test.difference),
        p_value=test.p_value,
        effect=size.proportions_size(missing[0], rows[0], k2=missing[1], n2=rows[1]),
        detectable=power.proportions_detectable(sum(missing) / sum(rows), n=rows[0], m=rows[1], alpha=alpha),
        details=details,
    )


def _told_apart(sides: Sides, names: tuple[str, ...], *, levels: BoolArray, alpha: float) -> Change:
    try:
        found = separation(*sides, levels=levels)
    except Undefined as error:
        return Change(0.5, details={"why": str(error)})
    limit = detectable_auc(found.error, alpha=alpha)
    top: tuple[Detail, ...] = tuple((names[index], share) for index, share in found.top[:TOP])
    return Change(
        value=found.auc,
        p_value=found.p_value,
        effect=moved_share(found.auc),
        detectable=moved_share(limit) if math.isfinite(limit) else math.inf,
        details={
            "auc": found.auc,
            "top": top,
            "rows": tuple(int(side.folds.size) for side in sides),
        },
    )


def _require_one_length(reference: SampledVectors, current: SampledVectors) -> None:
    before, after = reference.vectors.shape[1], current.vectors.shape[1]
    if min(before, after) == 0:
        side = "reference" if before == 0 else "current data"
        message = f"there are no vectors in the {side}"
        raise Unmeasurable(message)
    if before != after:
        message = f"vectors of {before} numbers became vectors of {after}"
        raise Unmeasurable(message, remedy="compare what one encoder made")
