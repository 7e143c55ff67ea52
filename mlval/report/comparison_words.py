"""A comparison of two models as words: both values, how far apart they are, and what would decide it."""

from typing import Final

from mlval.domain.bound import Margin, NoDrop
from mlval.domain.measurement import Measurement
from mlval.domain.text import shown
from mlval.report import figures

_SENTENCE: Final = 400


def difference_words(measurement: Measurement, limit: Margin | NoDrop, value: float) -> str:
    """Return both values and their difference: `0.87 against 0.88 on 2,000 rows: 0.01 lower (…)`."""
    ends = (limit.min, limit.max) if isinstance(limit, Margin) else ()
    size = figures.number(abs(value), apart=[abs(end) for end in ends if end is not None])
    moved = "no difference" if value == 0 else f"{size} {'higher' if value > 0 else 'lower'}"
    aside = []
    if measurement.interval is not None:
        low, high = (
            figures.number(end, apart=ends) for end in (measurement.interval.low, measurement.interval.high)
        )
        level = figures.exact_share(measurement.interval.confidence)
        aside.append(f"{level} interval {low} to {high}")
    if measurement.p_value is not None:
        alpha = limit.alpha if isinstance(limit, NoDrop) else None
        aside.append(figures.p_value(measurement.p_value, alpha=alpha))
    told = f" ({', '.join(aside)})" if aside else ""
    sides = _sides(measurement)
    return f"{sides}: {moved}{told}" if sides else f"{moved}{told}"


def margin_words(limit: Margin | NoDrop) -> str:
    """Return what is demanded of a difference.

    >>> margin_words(Margin(min=-0.01)), margin_words(Margin(max=-0.5)), margin_words(NoDrop(0.01, "higher"))
    ('at most 0.01 lower', 'at least 0.5 lower', 'no significant drop at 1%')
    """
    if isinstance(limit, NoDrop):
        what = "drop" if limit.better == "higher" else "rise"
        return f"no significant {what} at {figures.exact_share(limit.alpha)}"
    end = limit.min if limit.min is not None else limit.max or 0.0
    is_gain = end > 0 if limit.min is not None else end < 0
    is_higher = is_gain == (limit.min is not None)
    size = figures.exact(abs(end)) if limit.share is None else figures.exact_share(limit.share)
    return f"at {'least' if is_gain else 'most'} {size} {'higher' if is_higher else 'lower'}"


def comparison_notes(measurement: Measurement, *, undecided: bool) -> list[str]:
    """Return how many rows would decide, how the interval was found, and what else is to be known."""
    notes = []
    needed = measurement.details.get("rows_needed")
    if undecided and isinstance(needed, int):
        notes.append(f"about {figures.count(_roundly(needed))} rows would decide it (80% power)")
    remark = measurement.details.get("remark")
    if isinstance(remark, str):
        notes.append(shown(remark, _SENTENCE))
    return notes


def _roundly(rows: int) -> int:
    """Round up to two digits: more would claim to know the disagreement of rows not yet seen.

    >>> _roundly(3_710), _roundly(99_001)
    (3800, 100000)
    """
    step: int = 10 ** max(0, len(str(rows)) - 2)
    return -(-rows // step) * step


def _sides(measurement: Measurement) -> str:
    ours, theirs = (measurement.details.get(key) for key in ("candidate", "champion"))
    if not (isinstance(ours, int | float) and isinstance(theirs, int | float)):
        return ""
    rows = "" if measurement.n is None else f" on {figures.count(measurement.n)} rows"
    pair = f"{figures.number(ours, apart=[theirs])} against {figures.number(theirs, apart=[ours])}"
    return f"{pair}{rows}"
