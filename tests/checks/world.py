"""Checks driven to their end: by hand-made answers, or by an engine over small tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mlval.domain.asks import Ask, Column, Kind, TableShape
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import Failure
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.verdict import Result
from mlval.judge.outcome import judge
from mlval.measure.driver import Answer, drive

STORED = {"int": "BIGINT", "float": "DOUBLE", "string": "VARCHAR", "bool": "BOOLEAN", "other": "JSON"}


def shape(rows: int = 10, **kinds: Kind) -> TableShape:
    """Return a table of these columns."""
    return TableShape(tuple(Column(name, kind, STORED.get(kind, kind)) for name, kind in kinds.items()), rows)


def by_hand(answers: Mapping[Ask[Any], Any], otherwise: Callable[[Ask[Any]], Any] | None = None) -> Answer:
    """Answer from a table made by hand; what is not in it is a mistake of the test."""

    def answer(asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        missing = [ask for ask in asks if ask not in answers]
        assert otherwise is not None or not missing, missing
        return {ask: answers[ask] if otherwise is None or ask in answers else otherwise(ask) for ask in asks}

    return answer


def measured(check: Check, inputs: Inputs, answer: Answer) -> tuple[Measurement, ...] | Failure:
    return drive({"check": check.steps(inputs)}, answer)["check"]


def results(check: Check, inputs: Inputs, answer: Answer) -> tuple[Result, ...]:
    """Measure and judge."""
    named = check if check.id else check.model_copy(update={"id": check.type})
    contract = Contract("c", "mlval.yml", "", inputs, (named,))
    return judge(contract, 0, measured(named, inputs, answer))


def told(judged: Sequence[Result]) -> list[tuple[str, str, str]]:
    """Return subject, metric and outcome of results."""
    return [(one.measurement.subject, one.measurement.metric, one.outcome.value) for one in judged]
