"""Describing a dataset: its rows are read once, and what remains is a small text that stands for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlval import __version__
from mlval.domain.asks import Ask, Count, Rows, Shape
from mlval.domain.errors import Failure, MlvalError, SourceUnavailable, Unmeasurable, UsageError
from mlval.domain.inputs import Dataset
from mlval.domain.profile import ColumnProfile, Origin, Profile, Settings
from mlval.domain.steps import Asking, ask, together
from mlval.domain.text import shown
from mlval.flows.profile_columns import describe
from mlval.flows.reading import open_dataset
from mlval.flows.request import Progress, Request
from mlval.measure.driver import drive
from mlval.measure.engine import Engine


def profile(
    request: Request, name: str, *, settings: Settings, where: str | None, progress: Progress
) -> Profile:
    """Describe one dataset of the contract, or the rows of it for which a predicate holds.

    Raises
    ------
    UsageError
        If there is no such dataset, it is left unbound, is a profile itself or has no rows, or the
        predicate is none.
    MlvalError
        If it cannot be read.
    """
    dataset = request.contract.inputs.datasets.get(name)
    if dataset is None:
        known = ", ".join(sorted(request.contract.inputs.datasets))
        message = f"the contract has no dataset {shown(name)}"
        raise UsageError(message, remedy=f"datasets: {shown(known) or 'none'}; or give the path of a file")
    if dataset.profile is not None:
        message = f"{shown(name)} is a profile already"
        raise UsageError(message, remedy="name a dataset that has rows")
    engine = Engine(request.resources, request.contract.inputs)
    progress("reading", done=0, total=1, label=name)
    record = open_dataset(engine, request, name)
    engine.lock()

    def answer(asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        progress("measuring", done=0, label=f"{len(asks)} asks")
        return engine.answer(asks)

    found = drive({name: _described(name, dataset, settings=settings, where=where)}, answer)[name]
    if isinstance(found, Failure):
        raise _as_usage(found.cause)
    rows, columns = found
    if rows == 0:
        message = f"{shown(name)} has no rows to describe"
        raise UsageError(message, remedy="check the data, and the predicate of --where")
    if record.sha256 is None:
        message = f"{shown(name)} was not read"
        raise SourceUnavailable(message)
    return Profile(
        tool=__version__,
        dataset=Origin(name=name, rows=rows, sha256=record.sha256),
        settings=settings,
        where=where,
        columns=columns,
    )


def _as_usage(error: MlvalError) -> MlvalError:
    """Return an error as a command tells it that judges nothing."""
    return UsageError(error.message, remedy=error.remedy) if isinstance(error, Unmeasurable) else error


def _described(
    name: str, dataset: Dataset, *, settings: Settings, where: str | None
) -> Asking[tuple[int, tuple[ColumnProfile, ...]]]:
    """Ask for the number of rows and for the description of every column."""
    rows = Rows(name, where)
    shape = yield from ask(Shape(name))
    count = yield from ask(Count(rows))
    found = yield from together(
        [
            describe(
                column,
                rows,
                settings,
                is_key=column.name in dataset.keys,
                is_sensitive=column.name in dataset.sensitive,
            )
            for column in shape.columns
        ]
    )
    columns = []
    for column, one in zip(shape.columns, found, strict=True):
        if isinstance(one, Failure):
            raise type(one.cause)(f"{shown(column.name)!r}: {one.cause.message}", remedy=one.cause.remedy)
        columns.append(one)
    return count, tuple(columns)
