"""What a change means that columns show together: a correlation, a centre, rows that can be told apart."""

import math
from collections.abc import Mapping
from typing import Final

from mlval.domain.bound import TwoKeys
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.text import shown
from mlval.report import figures

_MOST_NAMED: Final = 3
_NAME: Final = 40


def joint_words(measurement: Measurement, effect: float, limit: TwoKeys) -> str:
    """Return a change that is no share of rows: `correlation of a and b 0.81 to 0.32 (p < 0.001)`."""
    pair, size = measurement.details.get("pair"), figures.number(effect, apart=[limit.size])
    before, after = (measurement.details.get(side) for side in ("reference", "current"))
    correlated = isinstance(pair, tuple) and len(pair) == 2
    if correlated and isinstance(pair, tuple) and _is_number(before) and _is_number(after):
        names = " and ".join(shown(name, _NAME) for name in pair)
        told = f"correlation of {names} {_number(before)} to {_number(after)}, a change of {size}"
    elif measurement.metric == "centroid_shift":
        told = f"the centre moved by {size} times the spread"
    else:
        told = f"a change of {size}"
    if measurement.p_value is None:
        return told
    return f"{told} ({figures.p_value(measurement.p_value, alpha=limit.alpha)})"


def told_apart(details: Mapping[str, Detail]) -> str:
    """Return how well a classifier tells reference and current rows apart; empty where none did."""
    return f"AUC {_number(details['auc'])}" if _is_number(details.get("auc")) else ""


def told_by(details: Mapping[str, Detail]) -> str:
    """Return by which columns rows are told apart most; empty where that is not known."""
    top = details.get("top")
    names = [_named(one) for one in top[:_MOST_NAMED]] if isinstance(top, tuple) else []
    named = [name for name in names if name]
    return f"rows are told apart most by {', '.join(named)}" if named else ""


def _named(raw: Detail) -> str:
    name, share = raw if isinstance(raw, tuple) and len(raw) == 2 else (None, None)
    if not isinstance(name, str) or not isinstance(share, int | float) or not 0 < share <= 1:
        return ""
    return f"{shown(name, _NAME)} ({figures.share(share, digits=2)})"


def _is_number(value: Detail) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _number(value: Detail) -> str:
    return figures.number(value, digits=3) if isinstance(value, int | float) else ""
