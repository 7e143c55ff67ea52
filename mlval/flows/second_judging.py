"""Judging what a stranger's run has deferred, where there are credentials: predictions only, never a model.

Everything that decides comes from the base branch: the contract, the files that it names, places and limits.
Of the change only files of predictions are taken, as data. What would need more stays deferred, and says why.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import Place
from mlval.domain.inputs import Model
from mlval.domain.measurement import Path
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.flows.deferring import deferred
from mlval.flows.request import Bindings
from mlval.judge.verdict import verdict

ENDINGS = (".csv", ".parquet")
"""Of files of predictions: `NAME.csv` is what the model NAME has predicted."""


@dataclass(frozen=True, slots=True)
class Second:
    """What can be judged now, and why the rest cannot.

    Attributes
    ----------
    contract : the base's, with nothing in it but the validations to judge; None where there are none
    uploaded : the models whose predictions are taken from the change
    waiting : a reason for each validation that stays deferred, by its id
    """

    contract: Contract | None
    uploaded: tuple[str, ...]
    waiting: Mapping[str, str]


def open_ids(
    report: Report, contract: Contract, settled: Collection[str], *, stranger: bool
) -> tuple[str, ...]:
    """Return the validations of the base's contract that nobody has judged: deferred, or not in the report.

    Parameters
    ----------
    report : of the first run, with what was judged again
    contract : as the base branch has it
    settled : the ids of what was judged again
    stranger : whether the first run had no credentials, so that it cannot have judged what needs them
    """
    told = {one.validation for one in report.verdict.results if one.deferred}
    judged = {one.validation for one in report.verdict.results if not one.deferred}
    missing = {check.id for check in contract.validations} - judged
    far = deferred(dict(enumerate(contract.validations)), contract, Bindings()) if stranger else ()
    return tuple(sorted((told | missing | {contract.validations[one].id for one in far}) - set(settled)))


def file_names(contract: Contract) -> tuple[str, ...]:
    """Return the names that files of predictions may have."""
    made = (name for name, model in contract.inputs.models.items() if model.predictions is not None)
    return tuple(name + ending for name in made for ending in ENDINGS)


def plan(contract: Contract, uploaded: Collection[str]) -> Second:
    """Say which validations that a stranger's run defers can be judged on these predictions.

    Parameters
    ----------
    contract : as the base branch has it
    uploaded : names of models of which the run has left predictions
    """
    models = {
        name: _bound(model) if name in uploaded else model for name, model in contract.inputs.models.items()
    }
    bound = replace(contract, inputs=replace(contract.inputs, models=models))
    chosen: list[int] = []
    waiting: dict[str, str] = {}
    # Which ones these are is for the base's contract to say, not for the report.
    for index in deferred(dict(enumerate(contract.validations)), contract, Bindings()):
        check = contract.validations[index]
        reason = _obstacle(check, contract, uploaded)
        if reason:
            waiting[check.id] = reason
        else:
            chosen.append(index)
    used = {name for index in chosen for name in contract.validations[index].uses(contract.inputs).models}
    return Second(_narrowed(bound, chosen) if chosen else None, tuple(sorted(used & set(uploaded))), waiting)


def judged_again(report: Report, second: Second, judge: Callable[[Contract], Report]) -> Report:
    """Return a report in which what could be judged now stands in the place of what was deferred."""
    told = [_explained(one, second.waiting) for one in report.verdict.results]
    if second.contract is None:
        return replace(report, verdict=verdict(told))
    ours = judge(second.contract)
    ids = {check.id for check in second.contract.validations}
    # Whatever the report says of these validations is a claim of the run that could not judge them.
    kept = [one for one in told if one.validation not in ids]
    return replace(
        report,
        verdict=verdict([*kept, *ours.verdict.results]),
        inputs=(*report.inputs, *ours.inputs),
        cautions=(*report.cautions, *ours.cautions),
    )


def _bound(model: Model) -> Model:
    """Return a model whose predictions are named when the gate runs."""
    if model.predictions is None:
        return model
    elsewhere = {"path": None, "mlflow": None, "dataset": None, "source": "input"}
    return model.model_copy(update={"predictions": model.predictions.model_copy(update=elsewhere)})


def _obstacle(check: Check, contract: Contract, uploaded: Collection[str]) -> str:
    """Return why a validation cannot be judged without anything of the change but predictions."""
    inputs, uses = contract.inputs, check.uses(contract.inputs)
    for name in uses.datasets:
        if inputs.datasets[name].source is not None:
            return f"dataset {shown(name)} is `from: input`"
    for name in uses.models:
        model = inputs.models[name]
        if model.metrics is not None:
            continue
        if model.predictions is None:
            return f"model {shown(name)} would have to be loaded, which is not done for a change of a fork"
        is_judged = name == "candidate" or len(inputs.models) == 1
        if name not in uploaded and (is_judged or model.predictions.source is not None):
            return f"the run has left no predictions {shown(name)}.csv or {shown(name)}.parquet"
    return ""


def _narrowed(contract: Contract, chosen: list[int]) -> Contract:
    """Return the contract with some of its validations; each keeps its place in the file."""
    moved = {old: new for new, old in enumerate(chosen)}

    def place(path: Path) -> Path | None:
        if len(path) < 2 or path[0] != "validations":
            return path
        index = moved.get(path[1]) if isinstance(path[1], int) else None
        return None if index is None else ("validations", index, *path[2:])

    places: dict[Path, Place] = {}
    for path, where in contract.places.items():
        if (now := place(path)) is not None:
            places[now] = where
    return replace(
        contract, validations=tuple(contract.validations[index] for index in chosen), places=places
    )


def _explained(result: Result, waiting: Mapping[str, str]) -> Result:
    if not result.deferred or result.validation not in waiting:
        return result
    reason = f"{result.reason}; {waiting[result.validation]}"
    return replace(result, reason=reason, measurement=replace(result.measurement, absent=reason))
