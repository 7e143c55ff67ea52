"""Metrics that are reported, not measured: of a run of MLflow, an earlier result, or the base branch."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from mlval.domain import roles
from mlval.domain.asks import Ask
from mlval.domain.errors import Failure, MlvalError, SourceAbsent, SourceBroken, Unmeasurable
from mlval.domain.inputs import Inputs
from mlval.domain.reported import BASE, Reported
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord, Report
from mlval.flows.request import Request
from mlval.report.result_reading import read_report
from mlval.report.strict_json import MOST_BYTES, ReportRefused
from mlval.sources.confine import resolve
from mlval.sources.handle import opened
from mlval.sources.mlflow_metrics import logged_metrics
from mlval.sources.mlflow_uri import is_mlflow


class Reporting:
    """Answers what was reported of models; each source is read once."""

    def __init__(self, request: Request) -> None:
        """Remember where to look; nothing is read before it is asked for."""
        self._request = request
        self._records: dict[str, InputRecord] = {}

    def answer(self, asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        """Answer the asks for reported metrics, each with numbers by name or a `Failure`."""
        return {ask: self._answer(ask.model) for ask in asks if isinstance(ask, Reported)}

    def records(self) -> tuple[InputRecord, ...]:
        """Return what was read."""
        return tuple(self._records.values())

    def _answer(self, model: str) -> Mapping[str, float] | Failure:
        try:
            return self._metrics(model)
        except MlvalError as error:
            return Failure(error)

    def _metrics(self, model: str) -> Mapping[str, float]:
        inputs = self._request.contract.inputs
        where = inputs.models[model].metrics
        if not isinstance(where, str):
            return where or {}
        if is_mlflow(where):
            metrics = logged_metrics(self._request.artifacts, where)
            self._records[model] = InputRecord(model, "reported metrics", where)
            return metrics
        if where == BASE:
            if self._request.base_result is None:
                message = "there is no result of the base branch"
                raise SourceAbsent(message, remedy="let the gate run on pushes to that branch as well")
            return measured_metrics(self._request.base_result.report, inputs)
        return measured_metrics(self._earlier(model, where), inputs)

    def _earlier(self, model: str, where: str) -> Report:
        found = resolve(self._request.boundary, where, base=self._request.base, trusted=False)
        if len(found) != 1:
            message = f"{shown(where)} matches {len(found)} files"
            raise SourceBroken(message, remedy="name one result.json")
        with opened(found[0]) as handle:
            text = handle.read(MOST_BYTES + 1)
        self._records[model] = InputRecord(
            model, "reported metrics", found[0].name, hashlib.sha256(text).hexdigest()
        )
        try:
            return read_report(text)
        except ReportRefused as error:
            message = f"{found[0].name} is no earlier result: {error.message}"
            raise SourceBroken(message, remedy="name a result.json that `mlval run` wrote") from error


def measured_metrics(report: Report, inputs: Inputs) -> Mapping[str, float]:
    """Return what an earlier run measured of the candidate, whose place the champion has taken since.

    Metrics that several validations measured with different values are left out: nobody knows which is meant.

    Raises
    ------
    Unmeasurable
        If the contract does not say which model is the candidate, or nothing of it was measured.
    """
    others = [name for name, model in inputs.models.items() if not isinstance(model.metrics, str)]
    candidate = (
        "candidate"
        if "candidate" in inputs.models
        else roles.resolve(others, None, role="model", kind="model")
    )
    found: dict[str, set[float]] = {}
    for result in report.verdict.results:
        one = result.measurement
        if result.type == "performance" and one.subject == candidate and one.value is not None:
            found.setdefault(one.metric, set()).add(one.value)
    if not found:
        message = f"the earlier result has no metrics of the model {shown(candidate)!r}"
        raise Unmeasurable(message, remedy="add a `performance` validation to the contract there")
    return {name: min(values) for name, values in found.items() if len(values) == 1}
