"""One result as words, the same for every output. The words are not escaped: each output does that itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from mlval.domain.bound import Bound, Limit, Margin, NoDrop, TwoKeys, Unit
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.report import figures
from mlval.report.change_words import (
    change_notes,
    distance_words,
    is_change,
    moved_words,
    undecided_words,
)
from mlval.report.comparison_words import comparison_notes, difference_words, margin_words
from mlval.report.moved_parts import parts, said

NAME_LIMIT: Final = 80
SENTENCE_LIMIT: Final = 400
MOST_COLUMNS: Final = 5
_NOUNS: Final = {"max_drifted": "column"}
"""What is counted where it is not rows."""
_VALUELESS: Final = frozenset({Outcome.ERRORED, Outcome.SKIPPED})
_EXACTLY: Final[Mapping[Unit, Callable[[float], str]]] = {
    "share": figures.exact_share,
    "seconds": figures.seconds,
}
_ABOUT: Final[Mapping[Unit, Callable[..., str]]] = {"share": figures.share, "seconds": figures.seconds}
"""How values of a unit are said, where they are not plain numbers: as they were written, and as found."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the outputs say of one result.

    Attributes
    ----------
    validation, subject, metric : names, cut
    found : what was measured and on how many rows, or why nothing was
    demand : what the contract demands; empty where the value is only reported
    judged : whether there was a value to hold against the demand
    note : what the numbers alone do not say
    why : the reason that the contract gives
    moved : the parts of a distribution that changed most
    place : file and line of the demand
    """

    validation: str
    subject: str
    metric: str
    found: str
    demand: str
    judged: bool
    note: str
    why: str
    moved: str
    place: str

    @property
    def name(self) -> str:
        """Subject and metric, once where they are the same word."""
        return self.subject if self.metric in {"", self.subject} else f"{self.subject} {self.metric}"

    @property
    def sentence(self) -> str:
        """Everything about the measurement in one line."""
        judged = ", ".join(part for part in (self.found, self.demand if self.judged else "") if part)
        return "; ".join(part for part in (judged, self.note) if part)


def words(result: Result, report: Report) -> Words:
    """Say one result in words."""
    measurement = result.measurement
    return Words(
        validation=shown(result.validation, NAME_LIMIT),
        subject=shown(measurement.subject, NAME_LIMIT),
        metric=shown(_metric(measurement), NAME_LIMIT),
        found=_found(result),
        demand="" if _is_missing(measurement) else demand(measurement.limit),
        judged=result.outcome not in _VALUELESS,
        note=_note(result),
        why=shown(result.why or ""),
        moved=said(parts(measurement.details)) if is_change(measurement) else "",
        place=place(result, report),
    )


def _metric(measurement: Measurement) -> str:
    """Return a rule with the value that the contract gives it, `range [0, 500]`, or a metric by its name.

    It is empty where the subject says it all.
    """
    if measurement.metric == "max_drifted":
        return ""
    demands = measurement.details.get("demands")
    return f"{measurement.metric} {demands}" if isinstance(demands, str) else measurement.metric


def place(result: Result, report: Report) -> str:
    """Return where the demand stands, as `mlval.yml:31`; empty where that is not known."""
    return "" if result.place is None else f"{shown(report.contract_path)}:{result.place.line}"


def reason(result: Result) -> str:
    """Return the sentence that explains an outcome, with the way out; empty where the numbers say it all."""
    problem = result.measurement.problem
    cause = result.reason or (problem.message if problem else "") or result.measurement.absent or ""
    remedy = problem.remedy if problem else ""
    return shown("; ".join(part for part in (cause.removesuffix("."), remedy) if part), SENTENCE_LIMIT)


def demand(limit: Limit | None) -> str:
    """Return what the contract demands, with its numbers as they were written."""
    match limit:
        case None:
            return ""
        case TwoKeys(size=size, unit=unit):
            return f"limit {figures.exact_share(size) if unit == 'share' else figures.exact(size)}"
        case Margin() | NoDrop():
            return margin_words(limit)
        case Bound():
            level = (
                ""
                if limit.confidence is None
                else f" with {figures.exact_share(limit.confidence)} confidence"
            )
            return _range(limit) + level
        case _:
            assert_never(limit)


def _range(limit: Bound) -> str:
    say = _EXACTLY.get(limit.unit, figures.exact)
    if limit.max == 0 and not limit.min and limit.unit in {"share", "rows"}:
        return "none allowed"
    if limit.min is None:
        return "" if limit.max is None else f"at most {say(limit.max)}"
    if limit.max is None:
        return f"at least {say(limit.min)}"
    return f"exactly {say(limit.min)}" if limit.min == limit.max else f"{say(limit.min)} to {say(limit.max)}"


def _found(result: Result) -> str:
    measurement = result.measurement
    if result.outcome in _VALUELESS:
        return reason(result) or "no value could be measured"
    if isinstance(measurement.limit, TwoKeys) and measurement.effect is not None:
        return moved_words(measurement, measurement.effect, measurement.limit, sure=_is_sure(result))
    if measurement.value is None or _is_missing(measurement):
        return "missing" if measurement.value is not None else reason(result) or "no value"
    if isinstance(measurement.limit, Margin | NoDrop):
        return difference_words(measurement, measurement.limit, measurement.value)
    limit = measurement.limit if isinstance(measurement.limit, Bound) else Bound()
    if is_change(measurement):
        return distance_words(measurement, measurement.value, limit, sure=_is_sure(result))
    return _value(measurement, measurement.value, limit=limit)


def _is_missing(measurement: Measurement) -> bool:
    return measurement.details.get("missing") is True


def _value(measurement: Measurement, value: float, *, limit: Bound) -> str:
    ends = (limit.min, limit.max)
    if limit.unit in {"share", "rows"} and measurement.n is not None and measurement.of is not None:
        return _rows(measurement, ends=ends if limit.unit == "share" else ())
    if limit.unit == "rows":
        return ": ".join(
            part for part in (figures.count(value) if value else "none", _columns(measurement)) if part
        )
    say = _ABOUT.get(limit.unit, figures.number)
    parts = [say(value, apart=ends)]
    if measurement.n is not None:
        parts.append(f"on {figures.count(measurement.n)} {_plural(measurement.n)}")
    if aside := _aside(measurement, limit):
        parts.append(f"({aside})")
    return " ".join(parts)


def _columns(measurement: Measurement) -> str:
    """Return the first of the columns that were counted, where columns were."""
    columns = measurement.details.get("columns")
    if not isinstance(columns, tuple):
        return ""
    named = [shown(column, NAME_LIMIT) for column in columns[:MOST_COLUMNS]]
    return ", ".join([*named, "…"] if len(columns) > MOST_COLUMNS else named)


def _aside(measurement: Measurement, limit: Bound) -> str:
    parts = []
    if measurement.interval is not None:
        parts.append(_interval(measurement.interval, limit))
    if measurement.p_value is not None:
        parts.append(figures.p_value(measurement.p_value))
    return ", ".join(parts)


def _interval(interval: Interval, limit: Bound) -> str:
    say = _ABOUT.get(limit.unit, figures.number)
    ends = (limit.min, limit.max)
    low, high = say(interval.low, apart=ends), say(interval.high, apart=ends)
    return f"{figures.exact_share(interval.confidence)} interval {low} to {high}"


def _rows(measurement: Measurement, *, ends: tuple[float | None, ...]) -> str:
    n, of = measurement.n or 0, measurement.of or 0
    rows = f"{figures.count(of)} {_plural(of, _NOUNS.get(measurement.metric, 'row'))}"
    if n == 0:
        return f"none of {rows}"
    if measurement.details.get("weighted") is True and measurement.value is not None:
        weight = figures.share(measurement.value, apart=ends)
        return f"{figures.count(n)} of {rows} ({weight} of their weight)"
    part = f" ({figures.share(n / of, apart=ends)})" if of > 0 else ""
    return f"{figures.count(n)} of {rows}{part}"


def _plural(count: float, noun: str = "row") -> str:
    return noun if count == 1 else f"{noun}s"


def _is_sure(result: Result) -> bool:
    return result.outcome is Outcome.FAILED


def _note(result: Result) -> str:
    """Return what explains an outcome that the numbers alone do not, and what to know of them."""
    measurement = result.measurement
    if result.outcome in _VALUELESS:
        return ""
    notes = [*change_notes(measurement, sure=_is_sure(result)), *_terms(result)]
    if result.outcome is Outcome.INCONCLUSIVE and isinstance(measurement.limit, TwoKeys):
        return "; ".join([undecided_words(measurement, measurement.limit, result.reason), *notes])
    if isinstance(measurement.limit, Margin | NoDrop):
        notes = comparison_notes(measurement, undecided=result.outcome is Outcome.INCONCLUSIVE)
        notes += _terms(result)
    if measurement.value is not None and result.reason:
        notes.insert(0, shown(result.reason, SENTENCE_LIMIT))
    return "; ".join(notes)


def _terms(result: Result) -> list[str]:
    """Return who lets a failure pass, and what the value was at the base branch."""
    notes = [shown(result.waiver, SENTENCE_LIMIT)] * bool(result.waiver)
    value, base = result.measurement.value, result.base_value
    if base is not None and value is not None and value != base:
        limit = result.measurement.limit
        say = _ABOUT.get(limit.unit if isinstance(limit, Bound) else "value", figures.number)
        notes.append(f"{say(base, apart=[value])} at the base branch")
    return notes
