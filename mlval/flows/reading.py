"""Opening what validations need: each reference is resolved once, hashed, and given to the engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mlval.domain.check import Check
from mlval.domain.errors import MlvalError, SourceBroken, SourceUnavailable, UsageError
from mlval.domain.inputs import Dataset
from mlval.domain.source import Resolved
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.remote import from_buckets, from_database, in_buckets, query_of
from mlval.flows.request import Bindings, Progress, Request
from mlval.measure.engine import Engine, predictions_table
from mlval.sources.confine import Boundary
from mlval.sources.mlflow_uri import is_mlflow
from mlval.sources.profile_file import resolve_profile
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
    profile: bool = False
    query: Dataset | None = None


def open_inputs(
    engine: Engine, request: Request, *, checks: Sequence[Check], progress: Progress
) -> Callable[[], tuple[InputRecord, ...]]:
    """Give the engine every table that the checks use, and return how to get what was read.

    Digests are computed while the engine works: asked for at the end, they cost no time of their own.

    A source that is unavailable or broken is given up: what needs it will be errored, the rest is
    still judged.

    Raises
    ------
    UsageError
        If a name is left unbound or bound without being open, or a reference is forbidden.
    """
    wanted = _wanted(request, checks)
    opened = []
    for done, one in enumerate(wanted):
        progress("reading", done=done, total=len(wanted), label=one.name)
        opened.append(_open(engine, request, one))
    return lambda: tuple(sorted((record() for record in opened), key=lambda one: (one.kind, one.name)))


def open_dataset(engine: Engine, request: Request, name: str) -> InputRecord:
    """Give the engine one dataset of the contract; where that fails, whatever asks for it is told why."""
    return _open(engine, request, _dataset(name, request.contract.inputs.datasets[name], request.bindings))()


def _open(engine: Engine, request: Request, one: _Wanted) -> Callable[[], InputRecord]:
    written = one.reference if isinstance(one.reference, str) else ", ".join(one.reference)
    try:
        if one.profile:
            profiled = _open_profile(engine, request, one)
            return lambda: profiled
        resolved = _resolved(request, one)
        rows = engine.open(one.table, resolved.files)
    except (SourceUnavailable, SourceBroken) as error:
        engine.give_up(one.table, _named(error, one))
        unread = InputRecord(one.name, one.kind, shown(written))
        return lambda: unread
    return lambda: InputRecord(one.name, one.kind, resolved.uri, resolved.digest(), rows)


def _open_profile(engine: Engine, request: Request, one: _Wanted) -> InputRecord:
    found = resolve_profile(str(one.reference), boundary=request.boundary, base=request.base, trusted=False)
    rows = engine.open_profile(one.table, found.profile)
    return InputRecord(one.name, "profile", found.uri, found.sha256, rows)


def _resolved(request: Request, one: _Wanted) -> Resolved:
    """Find, check and hash the files of one table, on this machine or elsewhere."""
    if one.query is not None:
        return from_database(request, one.query, name=one.name)
    base = request.start if one.bound else request.base
    trusted = one.bound and request.bindings.trusted
    references = (one.reference,) if isinstance(one.reference, str) else one.reference
    if in_buckets(references):
        return from_buckets(
            request, references, name=one.name, base=base, trusted=trusted, delimiter=one.delimiter
        )
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
        base=base,
        trusted=trusted,
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
            wanted.append(_dataset(name, dataset, bindings))
    for name, model in inputs.models.items():
        columns = model.predictions
        if name in models and columns is not None and columns.dataset is None:
            reference = columns.path or columns.mlflow or bound(bindings.models, name, bindings.spelt[1])
            table = predictions_table(name)
            wanted.append(_Wanted(table, name, "predictions", reference, columns.source is not None))
    _refuse_surplus(bindings.data, {n for n, d in inputs.datasets.items() if d.source}, bindings.spelt[0])
    open_models = {
        n for n, m in inputs.models.items() if m.source or (m.predictions and m.predictions.source)
    }
    _refuse_surplus(bindings.models, open_models, bindings.spelt[1])
    return wanted


def _dataset(name: str, dataset: Dataset, bindings: Bindings) -> _Wanted:
    if dataset.connection is not None:
        return _Wanted(name, name, "dataset", query_of(dataset), bound=False, query=dataset)
    places = dataset.path or dataset.profile or dataset.mlflow
    return _Wanted(
        name,
        name,
        "dataset",
        places or bound(bindings.data, name, bindings.spelt[0]),
        dataset.source is not None,
        dataset.format.delimiter if dataset.format else None,
        profile=dataset.profile is not None,
    )


def bound(bindings: Mapping[str, str], name: str, option: str) -> str:
    """Return what a name that is `from: input` was bound to; `option` is how that is given.

    Raises
    ------
    UsageError
        If it was not bound.
    """
    if name not in bindings:
        message = f"{shown(name)} is `from: input` and was not bound"
        raise UsageError(message, remedy=f"give {option} {shown(name)}=PATH")
    return bindings[name]


def _refuse_surplus(bindings: Mapping[str, str], open_names: set[str], option: str) -> None:
    for name in sorted(set(bindings) - open_names):
        message = f"{option} {shown(name)}: the contract has no such name that is `from: input`"
        raise UsageError(message, remedy=f"open are: {shown(', '.join(sorted(open_names))) or 'none'}")
