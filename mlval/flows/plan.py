"""How many rows the margins of a contract need, said before anything is read."""

from dataclasses import dataclass

from mlval.checks.comparison import Comparison
from mlval.domain.contract import Contract
from mlval.domain.text import shown
from mlval.evidence.margins import MetricMargin
from mlval.stats.comparison_rows import POWER, rows_needed
from mlval.stats.errors import Undefined

DISAGREEMENTS = (0.02, 0.06, 0.1, 0.2)
"""Shares of rows on which one of two models is right and the other wrong."""
DEVIATIONS = (0.05, 0.1, 0.25, 0.5)
"""Standard deviations of one row's difference, in the unit of the metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One margin and the rows that it needs.

    Attributes
    ----------
    validation, metric : by name
    margin : as the contract writes it
    supposed : how good the candidate is in truth
    deviations : of one row's difference, each beside the rows needed; None where no number is enough
    unit : what the deviations are said by: the disagreement, or the deviation itself
    """

    validation: str
    metric: str
    margin: str
    supposed: str
    deviations: tuple[tuple[float, int | None], ...]
    unit: str


def planned(contract: Contract) -> tuple[Planned, ...]:
    """Return every margin of every comparison that pairs two models, in the order of the contract.

    `max_worse` is planned for models that are equally good, `min_better` for a candidate that is better by
    twice as much as is demanded: on the margin itself no number of rows decides.
    """
    return tuple(
        _planned(check, margin)
        for check in contract.validations
        if isinstance(check, Comparison) and check.pairs(contract.inputs)
        for _, margin in check.metrics.demands()
    )


def render(plan: tuple[Planned, ...]) -> str:
    """Return the plan as text for a terminal."""
    if not plan:
        return "no comparison with a margin: nothing to plan\n"
    lines = [f"rows to pass a margin with {POWER:.0%} power, labelled and with predictions of both models"]
    for one in plan:
        lines.append(f"\n{shown(one.validation)} {one.metric} {shown(one.margin)}: {one.supposed}")
        for size, rows in one.deviations:
            what = (
                f"{size:.0%} of rows differ" if one.unit == "disagreement" else f"sd of differences {size:g}"
            )
            needed = "no number of rows is enough" if rows is None else f"{rows:,} rows"
            lines.append(f"  {what:<26} {needed}")
    return "\n".join([*lines, ""])


def _planned(check: Comparison, margin: MetricMargin) -> Planned:
    metric = margin.metric_class
    limit = margin.margin(1.0, confidence=check.level)
    distance = abs(limit.min if limit.min is not None else limit.max or 0.0)
    by_disagreement = metric.name == "accuracy"
    found = []
    for size in DISAGREEMENTS if by_disagreement else DEVIATIONS:
        try:
            rows = rows_needed(size**0.5 if by_disagreement else size, distance, confidence=check.level)
        except Undefined:
            rows = None
        found.append((size, rows))
    is_gain = margin.min_better is not None
    written = margin.min_better if is_gain else margin.max_worse
    supposed = "if it is better by twice as much" if is_gain else "if both are equally good"
    if isinstance(written, str):
        supposed += " and the champion's value is 1"
    return Planned(
        validation=check.id or check.type,
        metric=metric.name,
        margin=f"{'min_better' if is_gain else 'max_worse'} {written}",
        supposed=supposed,
        deviations=tuple(found),
        unit="disagreement" if by_disagreement else "deviation",
    )
