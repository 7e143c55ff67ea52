"""Coming from elsewhere and going there: a foreign file to a contract, a contract to a foreign file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mlval.config.findings import Unreadable
from mlval.config.load import load
from mlval.config.yaml_nodes import Document, document
from mlval.config.yaml_text import yaml_text
from mlval.domain.errors import ContractError, SourceUnavailable, UsageError
from mlval.domain.text import shown
from mlval.flows.foreign_file import read_foreign
from mlval.flows.predicate_refusal import refusal
from mlval.interchange import dbt, great_expectations, odcs
from mlval.interchange.coverage import Coverage
from mlval.interchange.demand import Fragment
from mlval.interchange.json_text import read_json
from mlval.interchange.names import contract_name
from mlval.interchange.odcs_export import to_odcs
from mlval.sources.confine import Boundary

FORMATS: Final = ("gx", "odcs", "dbt")
_NAMES: Final[Mapping[str, str]] = {
    "gx": "a suite of Great Expectations",
    "odcs": "an Open Data Contract",
    "dbt": "a schema file of dbt",
}


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The text that was asked for, and what became of everything in the other file."""

    text: str
    coverage: Coverage


def imported(path: Path, *, shown_as: str, kind: str | None = None) -> Exchanged:
    """Read a foreign file as a contract.

    Parameters
    ----------
    path : where it is
    shown_as : what messages call it
    kind : one of `FORMATS`; guessed from what the file holds where it is None

    Raises
    ------
    UsageError
        If it cannot be read, or is not of this format.
    ContractError
        If it is YAML with mistakes; each with its place.
    """
    data = _bytes(path, shown_as)
    if data[:1] == b"{" or kind == "gx" or path.suffix == ".json":
        fragment, coverage = _suite(data, shown_as, kind=kind)
        kind = "gx"
    else:
        tree = _tree(data, shown_as)
        kind = kind or _guessed(tree, shown_as)
        read = {"odcs": odcs.read_odcs, "dbt": dbt.read_schema}[kind]
        fragment, coverage = read(tree.value, file=shown_as, places=tree.places, refusal=refusal())
    if kind == "dbt":
        fragment = replace(fragment, name=contract_name(path.resolve().parent.name))
    about = (f"from {shown(shown_as)}, {_NAMES[kind]}", *coverage.lines)
    text = yaml_text(fragment.contract, comments=about)
    _check(text, shown_as, coverage)
    return Exchanged(text, coverage)


def _bytes(path: Path, shown_as: str) -> bytes:
    folder = path.resolve().parent
    try:
        return read_foreign(Boundary(folder), path.name, base=folder, trusted=True).data
    except SourceUnavailable as error:
        message = f"cannot read {shown(shown_as)}: {error.message}"
        raise UsageError(message, remedy=error.remedy) from error


def _suite(data: bytes, shown_as: str, *, kind: str | None) -> tuple[Fragment, Coverage]:
    if kind not in {None, "gx"}:
        message = f"{shown(shown_as)} is JSON; of JSON, only suites of Great Expectations are read"
        raise UsageError(message, remedy="write --from gx, or name a YAML file")
    parsed = read_json(data, name=shown(shown_as))
    return great_expectations.read_suite(parsed, file=shown_as, refusal=refusal())


def _tree(data: bytes, shown_as: str) -> Document:
    try:
        parsed = document(data)
    except Unreadable as stop:
        raise ContractError(shown_as, stop.problems) from stop
    if parsed.problems:
        raise ContractError(shown_as, parsed.problems)
    return parsed


def _guessed(tree: Document, shown_as: str) -> str:
    tests: Mapping[str, Callable[..., bool]] = {"odcs": odcs.is_odcs, "dbt": dbt.is_schema}
    found = next((kind for kind, test in tests.items() if test(tree.value)), None)
    if found is None:
        message = f"{shown(shown_as)} is none of: {', '.join(_NAMES.values())}"
        raise UsageError(message, remedy=f"say which with --from {'|'.join(FORMATS)}")
    return found


def _check(text: str, shown_as: str, coverage: Coverage) -> None:
    """Hold what was made against the rules for contracts, so that nobody gets one that does not load."""
    try:
        load(text.encode(), file=shown_as, default_name="imported")
    except ContractError as error:
        first = error.problems[0]
        message = f"{shown(shown_as)} gives no valid contract: {first.message} ({coverage.summary})"
        raise UsageError(message, remedy=first.hint or "nothing in it could be mapped") from error


def exported(path: Path, *, shown_as: str) -> Exchanged:
    """Read a contract as an Open Data Contract.

    Raises
    ------
    UsageError
        If it cannot be read.
    ContractError
        If it is not valid.
    """
    data = _bytes(path, shown_as)
    contract = load(data, file=shown_as, default_name=path.resolve().parent.name)
    tree = _tree(data, shown_as)
    value = tree.value if isinstance(tree.value, dict) else {}
    foreign, coverage = to_odcs(value, name=contract.name)
    return Exchanged(yaml_text(foreign, comments=(f"from {shown(shown_as)}", coverage.summary)), coverage)
