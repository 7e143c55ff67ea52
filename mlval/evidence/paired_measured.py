"""Measurements of a comparison: a difference held against a margin, a test, and reported numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from mlval.domain.bound import Direction, Margin, NoDrop
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.measurement import Detail, Interval, Measurement, Path
from mlval.domain.metric import Evidence
from mlval.evidence.margins import MetricMargin
from mlval.evidence.paired_evidence import JointClasses, JointEvidence
from mlval.evidence.paired_influences import row_losses
from mlval.evidence.paired_methods import agreement, difference, row_tests
from mlval.stats.comparison_rows import rows_needed
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import Paired

Test = Literal["mcnemar", "mcnemar_mid_p", "paired_t", "wilcoxon"]
Found = JointEvidence | Failure

OF_LABELS: Final[frozenset[str]] = frozenset({"mcnemar", "mcnemar_mid_p"})
_P_VALUES: Final[Mapping[Test, str]] = {
    "mcnemar": "mcnemar_exact_p",
    "mcnemar_mid_p": "mcnemar_mid_p",
    "paired_t": "paired_t_p",
    "wilcoxon": "wilcoxon_p",
}


def held_to_margin(
    margin: MetricMargin, evidence: Found, *, subject: str, path: Path, level: float
) -> Measurement:
    """Measure how far the two are apart, with the interval that the margin of this `level` asks for."""
    metric = margin.metric()
    blank = Measurement(subject=subject, metric=metric.name, path=path)
    confidence = margin.margin(0.0, confidence=level).two_sided
    try:
        rows = _known(evidence)
        told = difference(metric, rows, confidence=confidence)
        found, weight = told.found, margin.weight(told.found.first)
        if weight != 1:
            found = difference(metric, rows, confidence=confidence, weight=weight).found
    except (Undefined, MlvalError) as error:
        return replace(blank, problem=_expected(error))
    limit = margin.margin(found.first, confidence=level)
    details: dict[str, Detail] = {
        "candidate": found.second,
        "champion": found.first,
        "interval_by": found.method,
        "standard_error": found.error,
        **told.details,
        **_needed(found, rows.rows, limit),
    }
    return replace(
        blank,
        limit=limit,
        value=found.difference,
        n=rows.rows,
        of=rows.rows,
        interval=None if found.interval is None else Interval(*found.interval, confidence),
        details=details,
    )


def tested(test: Test, evidence: Mapping[str, Found], *, subject: str, alpha: float) -> list[Measurement]:
    """Measure what a test demands: of the labels, or of the row losses of these metrics."""
    if test in OF_LABELS:
        return [_of_labels(test, found, subject=subject, alpha=alpha) for found in evidence.values()]
    return [_of_losses(test, name, found, subject=subject, alpha=alpha) for name, found in evidence.items()]


def held_to_reported(
    margin: MetricMargin,
    evidence: Evidence | Failure | None,
    *,
    reported: float | None,
    subject: str,
    path: Path,
    level: float,
) -> Measurement:
    """Hold the candidate's own interval against a number that somebody reported of the champion."""
    metric = margin.metric()
    blank = Measurement(subject=subject, metric=metric.name, path=path)
    if reported is None:
        return replace(blank, problem=Unmeasurable(f"the champion reports no {metric.name}"))
    if evidence is None:
        return replace(blank, of=0)
    limit = margin.margin(reported, confidence=level)
    try:
        if isinstance(evidence, Failure):
            raise evidence.cause
        ours = metric.estimate(evidence, confidence=limit.two_sided)
    except (Undefined, MlvalError) as error:
        return replace(blank, problem=_expected(error))
    interval = None
    if ours.interval is not None:
        low, high = ours.interval
        interval = Interval(low - reported, high - reported, limit.two_sided)
    return replace(
        blank,
        limit=limit,
        value=ours.value - reported,
        n=ours.n,
        of=evidence.rows,
        interval=interval,
        details={
            "candidate": ours.value,
            "champion": reported,
            "interval_by": "the candidate's own interval",
            "remark": "the champion's value is reported, not measured: nothing is paired",
        },
    )


def _of_labels(test: Test, evidence: Found, *, subject: str, alpha: float) -> Measurement:
    blank = Measurement(subject=subject, metric=test, path=("test",))
    try:
        found = _known(evidence)
    except MlvalError as error:
        return replace(blank, problem=error)
    if not isinstance(found, JointClasses):
        return replace(blank, problem=Unmeasurable("there are no labels"))
    gained, lost = found.gained_and_lost
    value = (gained - lost) / found.rows
    blank = replace(blank, n=found.rows, of=found.rows)
    return _no_drop(blank, value, agreement(found), p_value=_P_VALUES[test], limit=NoDrop(alpha, "higher"))


def _of_losses(test: Test, name: str, evidence: Found, *, subject: str, alpha: float) -> Measurement:
    blank = Measurement(subject=subject, metric=f"{test} {name}", path=("test",))
    better: Direction = "lower"
    try:
        rows = _known(evidence)
        two = row_losses(name, rows)
        if two is None:
            return replace(blank, problem=Unmeasurable("there are no losses of rows"))
        apart = two[1] - two[0]
        details = row_tests(name, rows)
    except (Undefined, MlvalError) as error:
        return replace(blank, problem=_expected(error))
    blank = replace(blank, n=rows.rows, of=rows.rows)
    value = float(apart.mean())
    return _no_drop(blank, value, details, p_value=_P_VALUES[test], limit=NoDrop(alpha, better))


def _no_drop(
    blank: Measurement, value: float, details: Mapping[str, Detail], *, p_value: str, limit: NoDrop
) -> Measurement:
    found = details.get(p_value)
    return replace(
        blank,
        limit=limit,
        value=value,
        p_value=float(found) if isinstance(found, int | float) else None,
        details=details,
    )


def _known(evidence: JointEvidence | Failure) -> JointEvidence:
    if isinstance(evidence, Failure):
        raise evidence.cause
    return evidence


def _expected(error: Undefined | MlvalError) -> MlvalError:
    return error if isinstance(error, MlvalError) else Unmeasurable(str(error))


def _needed(found: Paired, rows: int, limit: Margin) -> dict[str, Detail]:
    """Return how many rows would decide: if the two were equal, else if they differ as they seem to."""
    end = limit.min if limit.min is not None else limit.max or 0.0
    for distance in (abs(end), abs(found.difference - end)):
        try:
            needed = rows_needed(found.error * rows**0.5, distance, confidence=limit.confidence)
        except Undefined:
            continue
        if needed > rows:
            return {"rows_needed": needed}
    return {}
