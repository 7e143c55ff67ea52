"""Opening what validations need: each reference is resolved once, hashed, and given to the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlval.domain.check import Check
from mlval.domain.errors import MlvalError, SourceBroken, SourceUnavailable, UsageError
from mlval.domain.source import Resolved
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.request import Progress, Request
from mlval.measure.engine import Engine, predictions_table
from mlval.sources.confine import Boundary
from mlval.sources.mlflow_uri import is_mlflow
from mlval.sources.resolve import resolve_table


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One table to open: what the engine calls it, and where its rows are."""

    table: str
    name: str
    kind: str
    reference: str | tuple[str, ...]
    bound: bool
    delimiter: str | None = None


def open_inputs(
    engine: Engine, request: Request, *, checks: Sequence[Check], progress: Progress
) -> tuple[InputRecord, ...]:
    """Give the engine every table that the checks use, and return what was read.

    A source that is unavailable or broken is given up: what needs it will be errored, the rest is
    still judged.

    Raises
    ------
    UsageError
        If a name is left unbound or bound without being open, or a reference is forbidden.
    """
    wanted = _wanted(request, checks)
    records = []
    for done, one in enumerate(wanted):
        progress("reading", done=done, total=len(wanted), label=one.name)
        records.append(_open(engine, request, one))
    return tuple(sorted(records, key=lambda record: (record.kind, record.name)))


def _open(engine: Engine, request: Request, one: _Wanted) -> InputRecord:
    written = one.reference if isinstance(one.reference, str) else ", ".join(one.reference)
    try:
        resolved = _resolved(request, one)
        rows = engine.open(one.table, resolved.files)
    except (SourceUnavailable, SourceBroken) as error:
        engine.give_up(one.table, _named(error, one))
        return InputRecord(one.name, one.kind, shown(written))
    return InputRecord(one.name, one.kind, resolved.uri, resolved.sha256, rows)


def _resolved(request: Request, one: _Wanted) -> Resolved:
    """Find, check and hash the files of one table, on this machine or in MLflow."""
    scratch = request.resources.scratch
    if isinstance(one.reference, str) and is_mlflow(one.reference):
        fetched = request.artifacts.fetch(one.reference)
        folder = fetched.path.parent
        resolved = resolve_table(
            one.name,
            fetched.path.name,
            boundary=Boundary(folder),
            base=folder,
            trusted=False,
            scratch=scratch,
            delimiter=one.delimiter,
        )
        return replace(resolved, kind="mlflow", uri=shown(fetched.uri))
    return resolve_table(
        one.name,
        one.reference,
        boundary=request.boundary,
        base=request.start if one.bound else request.base,
        trusted=one.bound and request.bindings.trusted,
        scratch=scratch,
        delimiter=one.delimiter,
    )


def _named(error: MlvalError, one: _Wanted) -> MlvalError:
    return type(error)(f"{one.kind} {shown(one.name)}: {error.message}", remedy=error.remedy)


def _wanted(request: Request, checks: Sequence[Check]) -> list[_Wanted]:
    """Return the tables that the checks use, in the order of the contract."""
    inputs, bindings = request.contract.inputs, request.bindings
    uses = [check.uses(inputs) for check in checks]
    models = {name for use in uses for name in use.models}
    datasets = {name for use in uses for name in use.datasets}
    wanted = []
    for name, dataset in inputs.datasets.items():
        if name in datasets:
            reference = dataset.path or dataset.mlflow or _bound(bindings.data, name, bindings.spelt[0])
            delimiter = dataset.format.delimiter if dataset.format else None
            wanted.append(_Wanted(name, name, "dataset", reference, dataset.source is not None, delimiter))
    for name, model in inputs.models.items():
        if name in models and model.predictions.dataset is None:
            columns = model.predictions
            reference = columns.path or columns.mlflow or _bound(bindings.models, name, bindings.spelt[1])
            table = predictions_table(name)
            wanted.append(_Wanted(table, name, "predictions", reference, columns.source is not None))
    _refuse_surplus(bindings.data, {n for n, d in inputs.datasets.items() if d.source}, bindings.spelt[0])
    open_models = {n for n, m in inputs.models.items() if m.predictions.source}
    _refuse_surplus(bindings.models, open_models, bindings.spelt[1])
    return wanted


def _bound(bindings: Mapping[str, str], name: str, option: str) -> str:
    if name not in bindings:
        message = f"{shown(name)} is `from: input` and was not bound"
        raise UsageError(message, remedy=f"give {option} {shown(name)}=PATH")
    return bindings[name]


def _refuse_surplus(bindings: Mapping[str, str], open_names: set[str], option: str) -> None:
    for name in sorted(set(bindings) - open_names):
        message = f"{option} {shown(name)}: the contract has no such name that is `from: input`"
        raise UsageError(message, remedy=f"open are: {shown(', '.join(sorted(open_names))) or 'none'}")
