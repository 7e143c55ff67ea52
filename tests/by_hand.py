"""The steps of a check or rule, taken with answers made by hand."""

from collections.abc import Mapping
from typing import Any, TypeVar

from mlval.domain.asks import Ask
from mlval.domain.measurement import Measurement
from mlval.domain.steps import Steps

A = TypeVar("A", bound=Ask[Any])


def answered(steps: Steps, answers: Mapping[A, Any]) -> tuple[Measurement, ...]:
    """Answer every ask until there are measurements; one without an answer fails the test."""
    known: dict[Ask[Any], Any] = dict(answers.items())
    asked = next(steps)
    while True:
        try:
            asked = steps.send(tuple(known[one] for one in asked))
        except StopIteration as end:
            measured: tuple[Measurement, ...] = end.value
            return measured
