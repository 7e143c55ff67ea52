"""The story of a first contract: data is measured, rules are suggested with room, and tried on that data.

Values of the data stand in the contract that this writes: sets of codes, ends of ranges, comments. Whoever
reads the repository reads them. With `private` it holds only names, types, shares and rounded ranges.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mlval.config.names import MOST_INPUTS, slug
from mlval.domain.errors import (
    Failure,
    SourceBroken,
    SourceRefused,
    SourceUnavailable,
    Unmeasurable,
    UsageError,
)
from mlval.domain.inputs import Inputs
from mlval.domain.text import shown
from mlval.flows.request import Progress
from mlval.flows.suggest_facts import TableFacts
from mlval.flows.suggest_roles import dataset_name
from mlval.flows.suggest_rules import BUDGET, draft, fewest_rows, terms_for
from mlval.flows.suggest_survey import survey
from mlval.flows.suggest_trial import broken, told, without
from mlval.flows.suggest_yaml import Plain, contract_text
from mlval.measure.connection import Resources
from mlval.measure.driver import drive
from mlval.measure.engine import Engine
from mlval.sources.confine import Boundary, resolve
from mlval.sources.resolve import resolve_table

_TRIES: Final = 3
_DIGITS, _PRIVATE_DIGITS = 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest:
    """What to suggest a contract from, and where it will stand.

    Attributes
    ----------
    files : references of the data, one dataset each; a pattern is one dataset of several files
    folder : where the contract will stand; its paths are relative to it
    start : the folder that the references are relative to
    boundary : what `mlval run` will let the contract read; a dataset elsewhere becomes `from: input`
    resources : scratch folder, threads and memory of the engine
    delimiter : between the fields of CSV files, where it is no comma
    private : whether to leave out what tells values of the data
    """

    files: tuple[str, ...]
    folder: Path
    start: Path
    boundary: Boundary
    resources: Resources
    delimiter: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """The text of a contract, and what was left out of it since the data itself breaks it."""

    text: str
    datasets: tuple[str, ...]
    columns: int
    left_out: tuple[str, ...] = ()


def init(request: InitRequest, progress: Progress) -> Suggested:
    """Suggest a contract that the data keeps, with room for new data like it.

    Raises
    ------
    UsageError
        If no file is named, or they are too much for one contract.
    SourceUnavailable, SourceBroken
        If a file is not there, cannot be read, or has no rows or no columns.
    """
    engine = Engine(request.resources, Inputs())
    places = _opened(engine, request, progress)
    engine.lock()
    digits = _PRIVATE_DIGITS if request.private else _DIGITS

    def answer(asks: Sequence[Any]) -> Any:  # noqa: ANN401 - the type of an answer is known to its ask only
        progress("measuring", done=0, label=f"{len(asks)} asks")
        return engine.answer(asks)

    tables: dict[str, TableFacts] = {}
    for name, facts in drive({name: survey(name, digits=digits) for name in places}, answer).items():
        if isinstance(facts, Failure):
            raise facts.cause
        tables[name] = _with_something(name, facts)
    terms = terms_for(list(tables.values()), private=request.private)
    drafts = [draft(name, places[name], facts, terms=terms) for name, facts in tables.items()]
    title, opening = slug(request.folder.resolve().name), _opening(tables, private=request.private)
    left_out: list[str] = []
    for _ in range(_TRIES):
        text = contract_text(title, drafts, opening=opening)
        failed = broken(text, answer)
        if not failed:
            columns = sum(len(one.columns) for one in drafts)
            return Suggested(text, tuple(tables), columns, tuple(left_out))
        left_out += [told(one) for one in failed]
        drafts = [without(one, failed) for one in drafts]
    message = f"no contract was found that the data keeps: {'; '.join(left_out[:3])}"
    raise Unmeasurable(message, remedy="please report this, with the shape of the data")


def _opened(engine: Engine, request: InitRequest, progress: Progress) -> dict[str, dict[str, Plain]]:
    """Open every reference as a table, and return how the contract spells where it is."""
    if not 0 < len(request.files) <= MOST_INPUTS:
        message = f"{len(request.files)} files; name 1 to {MOST_INPUTS}"
        raise UsageError(
            message, remedy="files that are one table are one pattern, in quotes: 'data/*.parquet'"
        )
    places: dict[str, dict[str, Plain]] = {}
    for done, reference in enumerate(request.files):
        progress("reading", done=done, total=len(request.files), label=reference)
        name = dataset_name(reference, places)
        try:
            resolved = resolve_table(
                name,
                reference,
                boundary=request.boundary,
                base=request.start,
                trusted=True,
                scratch=request.resources.scratch,
                delimiter=request.delimiter,
            )
            engine.open(name, resolved.files)
        except (SourceUnavailable, SourceBroken) as error:
            raise type(error)(f"{shown(reference)}: {error.message}", remedy=error.remedy) from error
        places[name] = _place(reference, request)
    return places


def _place(reference: str, request: InitRequest) -> dict[str, Plain]:
    """Return a path that the contract may read, or that the file is named when the gate runs."""
    there = os.path.relpath(request.start / reference, request.folder)
    path = Path(there).as_posix()
    try:
        resolve(request.boundary, path, base=request.folder, trusted=False)
    except (SourceRefused, SourceUnavailable):
        place: dict[str, Plain] = {"from": "input"}
    else:
        place = {"path": path}
    return place if request.delimiter is None else {**place, "format": {"delimiter": request.delimiter}}


def _with_something(name: str, facts: TableFacts) -> TableFacts:
    if not facts.columns and not facts.unknown:
        raise SourceBroken(f"{shown(name)} has no columns", remedy="name a file with a table")
    if facts.rows == 0:
        raise SourceBroken(
            f"{shown(name)} has no rows: rules are read off data", remedy="name a file with rows"
        )
    return facts


def _opening(tables: dict[str, TableFacts], *, private: bool) -> list[str]:
    least = [f"{fewest_rows(facts):,}" for facts in tables.values()]
    fewest = least[0] if len(least) == 1 else f"{', '.join(least[:-1])} and {least[-1]}"
    order = "" if len(least) == 1 else " (in the order of the datasets)"
    return [
        "A contract suggested by `mlval init` from data: a beginning, to be read and edited.",
        f"`allow` and `nulls` leave room for chance: new data of at least {fewest} rows that is like",
        f"this data{order} breaks any of the limits with a chance of at most {BUDGET:.0%}.",
        "It tells no values of the data but rounded ranges."
        if private
        else "Values of the data stand in it; `mlval init --private` leaves them out.",
    ]
