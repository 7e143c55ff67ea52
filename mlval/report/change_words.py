"""What a measured change of a distribution means, in words. Nothing here is escaped."""

import math
from collections.abc import Mapping
from typing import Final

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.text import shown
from mlval.report import figures
from mlval.report.joint_words import joint_words, told_apart, told_by
from mlval.report.moved_parts import direction

METHODS: Final[Mapping[str, str]] = {
    "anderson_darling": "Anderson-Darling",
    "chi2": "chi-square",
    "cramers_v": "Cramer's V",
    "cvm": "Cramer-von Mises",
    "g_test": "G-test",
    "hellinger": "Hellinger distance",
    "js": "Jensen-Shannon distance",
    "kl": "Kullback-Leibler divergence",
    "ks": "Kolmogorov-Smirnov",
    "l_infinity": "L-infinity distance",
    "mean_shift": "mean shift",
    "psi": "PSI",
    "total_variation": "total variation",
    "two_proportions": "two proportions",
    "wasserstein": "Wasserstein distance",
}
"""The names of statistics as their users know them."""

PLAIN: Final = frozenset({"ks", "total_variation", "two_proportions"})
"""Methods whose value is the share of rows that moved, so that it needs no telling beside it."""

_RARE: Final = 0.0001


def moved_words(measurement: Measurement, effect: float, limit: TwoKeys, *, sure: bool) -> str:
    """Return how many rows moved, and which way: `12% of 800 rows moved up (median 10 to 13, p < 0.001)`.

    Parameters
    ----------
    measurement : of a change, judged by two keys
    effect : the share of rows that moved
    limit : the two keys
    sure : whether it is more than chance, so that a direction means something
    """
    if limit.unit == "value":
        return joint_words(measurement, effect, limit)
    share = figures.share(effect, apart=[limit.size])
    nulls = _pair(measurement.details, "nulls")
    what = "moved"
    if measurement.metric == "null_share":
        what, nulls = _became(measurement.details), nulls.removeprefix("null ")
    way = direction(measurement.details, effect=effect) if sure and what == "moved" else ""
    aside = [nulls, _pair(measurement.details, "median"), told_apart(measurement.details)]
    if (method := method_of(measurement)) not in {"", *PLAIN} and measurement.value is not None:
        aside.append(f"{METHODS.get(method, shown(method))} {figures.number(measurement.value)}")
    if measurement.p_value is not None:
        aside.append(figures.p_value(measurement.p_value, alpha=limit.alpha))
    told = ", ".join(part for part in aside if part)
    return f"{share} of {_rows(measurement)} {what}{way}" + (f" ({told})" if told else "")


def distance_words(measurement: Measurement, value: float, limit: Bound, *, sure: bool) -> str:
    """Return a distance that is held to a plain threshold: `PSI 0.31 on 800 rows, moved up (...)`."""
    method = method_of(measurement)
    distance = figures.number(value, apart=(limit.min, limit.max))
    words = f"{METHODS.get(method, shown(method))} {distance} on {_rows(measurement)}"
    way = direction(measurement.details, effect=0.0).removeprefix(",") if sure else ""
    if way:
        words += f", moved{way}"
    told = ", ".join(
        part for part in (_pair(measurement.details, "nulls"), _pair(measurement.details, "median")) if part
    )
    return words + (f" ({told})" if told else "")


def is_change(measurement: Measurement) -> bool:
    """Say whether a measurement compares two distributions by a method."""
    return isinstance(measurement.limit, TwoKeys) or (method_of(measurement) in METHODS)


def method_of(measurement: Measurement) -> str:
    """Return the method by its name in the contract; empty where there is none."""
    method = measurement.details.get("method")
    return method if isinstance(method, str) else ""


def false_alarms(measurement: Measurement) -> float | None:
    """Return in which share of runs a threshold alarms although nothing changed; None where nobody says."""
    rate = measurement.details.get("false_alarm_rate")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
        return None
    return float(rate)


def rate_words(rate: float) -> str:
    """Return how often something happens; nobody needs to know how rarely what never happens does."""
    return f"fewer than {figures.share(_RARE)}" if rate < _RARE else figures.share(rate, digits=2)


def change_notes(measurement: Measurement, *, sure: bool) -> list[str]:
    """Return what a reader should know of the statistic beside its value."""
    notes = [told_by(measurement.details) if sure else "", _bounds(measurement)]
    rate = false_alarms(measurement)
    if rate is not None:
        share = rate_words(rate)
        notes.append(
            f"at these sample sizes this threshold alarms in {share} of runs when nothing has changed"
        )
    texts = (measurement.details.get(key) for key in ("why", "remark"))
    notes += [shown(text, 400) for text in texts if isinstance(text, str)]
    return [note for note in notes if note]


def undecided_words(measurement: Measurement, limit: TwoKeys, reason: str) -> str:
    """Return why two keys left it open; of few rows the smallest change that they could have shown."""
    smallest, is_share = measurement.detectable, limit.unit == "share"
    if (measurement.effect or 0) >= limit.size or smallest is None:
        return shown(reason)
    if measurement.is_hidden(limit.size):
        folded = (
            f" (up to {figures.share(measurement.hidden, digits=2)} of rows)" if measurement.hidden else ""
        )
        return f"{shown(reason)}{folded}"
    if not math.isfinite(smallest) or (is_share and smallest > 1):
        return "too few rows: they could have shown no change at all"
    rows = "these rows" if measurement.n is None else _rows(measurement)
    say = figures.share if is_share else figures.number
    size = say(smallest, digits=2, apart=[limit.size])
    return f"too few rows: the smallest change that {rows} could have shown is {size}"


def _bounds(measurement: Measurement) -> str:
    """Return between which numbers a statistic lies that bins leave open; empty where that is no news."""
    value = measurement.value
    low, high = (_finite(measurement.details.get(end)) for end in ("at_least", "at_most"))
    if value is None or measurement.details.get("bounded") is not True:
        return ""
    ends = [figures.number(value if end is None else end, digits=2) for end in (low, high)]
    return f"bins leave the distance between {ends[0]} and {ends[1]}" if ends[0] != ends[1] else ""


def _rows(measurement: Measurement) -> str:
    if measurement.n is None:
        return "rows"
    return f"{figures.count(measurement.n)} row{'' if measurement.n == 1 else 's'}"


def _became(details: Mapping[str, Detail]) -> str:
    before, after = _numbers(details, "nulls")
    fell = before is not None and after is not None and after < before
    return "are no longer null" if fell else "became null"


def _pair(details: Mapping[str, Detail], what: str) -> str:
    """Return a number before and after, where it differs."""
    before, after = _numbers(details, what)
    if before is None or after is None or before == after:
        return ""
    if what == "nulls":
        return f"null {figures.share(before, apart=[after])} to {figures.share(after, apart=[before])}"
    return f"{what} {figures.number(before, apart=[after])} to {figures.number(after, apart=[before])}"


def _numbers(details: Mapping[str, Detail], what: str) -> tuple[float | None, float | None]:
    before, after = (details.get(f"{side}_{what}") for side in ("reference", "current"))
    return _finite(before), _finite(after)


def _finite(value: Detail) -> float | None:
    return value if isinstance(value, int | float) and math.isfinite(value) else None
