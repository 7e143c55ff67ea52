"""What rules that bound one number computed from all values of a column have in common."""

import math
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from mlval.domain.asks import Aggregate, Ask, Count, Function
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.grammar import BoundSpec
from mlval.domain.measurement import Measurement
from mlval.domain.predicate import Predicate
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Asking, Steps, ask_all
from mlval.domain.text import shown


def _certain(bound: Bound) -> Bound:
    if bound.confidence is not None:
        raise ValueError("it has no interval to be confident about: leave `confidence` out")
    return bound


CertainBound = Annotated[BoundSpec, AfterValidator(_certain)]
"""Bounds on a number, without an interval."""


class AggregateRule(Rule[CertainBound]):
    """A number that is computed from all values of a column lies within these bounds.

    `is_value` says that the number is, or lies next to, the value of a single row.
    """

    function: ClassVar[Function]
    at: ClassVar[float | None] = None
    is_value: ClassVar[bool] = False
    tighter = "within"

    def steps(self, setting: Setting) -> Steps:
        """Compute the number, and count the values behind it."""
        if self.is_value:
            refuse_sensitive(setting, setting.under.name)
        question = Aggregate(setting.rows, self.function, setting.under.name, setting.present, self.at)
        measured = yield from computed(self.name, setting, question, counted=setting.present)
        return (replace(measured, limit=self.root),)


def computed(
    metric: str, setting: Setting, question: Aggregate, *, counted: tuple[Predicate, ...]
) -> Asking[Measurement]:
    """Measure an aggregate and the number of rows behind it; what is no finite number is a problem."""
    questions: list[Ask[Any]] = [Count(setting.rows, counted), question]
    of, value = yield from ask_all(questions)
    columns = [shown(name) for name in (question.column, question.other) if name is not None]
    problem = None
    if value is None and of:
        message = f"{' and '.join(columns)} has too few values for {metric}, or all of them are equal"
        problem = Unmeasurable(message)
    elif value is not None and not math.isfinite(value):
        message = f"{metric} of {' and '.join(columns)} is no finite number, since some value is none"
        remedy = "leave NaN and infinity out with `where: isfinite(column)`, and bound them with `nans:`"
        problem = Unmeasurable(message, remedy=remedy)
    return Measurement(
        subject=", ".join(columns),
        metric=metric,
        value=value,
        of=of,
        path=setting.path,
        severity=setting.severity,
        problem=problem,
    )


def refuse_sensitive(setting: Setting, column: str) -> None:
    """Refuse to tell a value of a column that is never shown.

    Raises
    ------
    Unmeasurable
        If the contract marks the column as sensitive.
    """
    own = setting.inputs.datasets.get(setting.dataset)
    if own is not None and column in own.sensitive:
        message = f"{shown(column)!r} is sensitive, and this would tell one of its values"
        raise Unmeasurable(message, remedy="count the values beyond a limit with `min:`, `max:` or `range:`")
