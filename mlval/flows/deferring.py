"""What a stranger's run leaves to a later one: validations of data and models that need credentials.

The run of a fork gets no secrets. What needs them is skipped as deferred, which decides no exit code; the
commit status waits until a run that has them has judged it.
"""

from collections.abc import Mapping

from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Model
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.text import shown
from mlval.domain.verdict import Result
from mlval.flows.request import Bindings
from mlval.sources.bucket_uri import is_bucket
from mlval.sources.mlflow_uri import is_mlflow

REMEDY = "a run with credentials judges it"


def deferred(
    checks: Mapping[int, Check], contract: Contract, bindings: Bindings
) -> dict[int, tuple[Result, ...]]:
    """Return the result of each validation that needs credentials, by its position in the contract.

    Parameters
    ----------
    checks : the validations that are to run, by position
    contract : what they belong to
    bindings : what names that are `from: input` were bound to
    """
    inputs = contract.inputs
    found: dict[int, tuple[Result, ...]] = {}
    for index, check in checks.items():
        uses = check.uses(inputs)
        elsewhere = [
            f"dataset {shown(one)}"
            for one in uses.datasets
            if _far(inputs.datasets[one], bindings.data.get(one))
        ]
        elsewhere += [
            f"model {shown(one)}"
            for one in uses.models
            if _far_model(inputs.models[one], bindings.models.get(one))
        ]
        if elsewhere:
            named = ", ".join(dict.fromkeys(elsewhere))
            found[index] = (_result(contract, index, f"needs credentials for {named}; {REMEDY}"),)
    return found


def _far(dataset: Dataset, bound: str | None) -> bool:
    paths = (dataset.path,) if isinstance(dataset.path, str) else dataset.path or ()
    return dataset.connection is not None or _any_remote(*paths, dataset.mlflow, bound)


def _far_model(model: Model, bound: str | None) -> bool:
    predictions = model.predictions
    places = (model.uri, bound, model.metrics if isinstance(model.metrics, str) else None)
    return _any_remote(*places, *((predictions.mlflow, predictions.path) if predictions else ()))


def _any_remote(*references: str | None) -> bool:
    return any(one is not None and (is_bucket(one) or is_mlflow(one)) for one in references)


def _result(contract: Contract, index: int, reason: str) -> Result:
    check = contract.validations[index]
    return Result(
        validation=check.id,
        type=check.type,
        outcome=Outcome.SKIPPED,
        severity=Severity(check.severity),
        measurement=Measurement(subject=check.id, metric=check.type, absent=reason),
        reason=reason,
        why=check.why,
        place=contract.place(("validations", index)),
        deferred=True,
    )
