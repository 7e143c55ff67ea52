"""Tables that lie elsewhere: answers of databases, and objects of buckets, alone or beside files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlval.domain.errors import SourceRefused
from mlval.domain.inputs import Dataset
from mlval.domain.source import Resolved
from mlval.domain.text import shown
from mlval.flows.request import Request
from mlval.sources.bucket_uri import is_bucket
from mlval.sources.confine import Found, once, resolve
from mlval.sources.resolve import table_of


def in_buckets(references: Sequence[str]) -> bool:
    """Say whether any of the references of a table leads to a bucket."""
    return any(is_bucket(one) for one in references)


def from_buckets(
    request: Request,
    references: Sequence[str],
    *,
    name: str,
    base: Path,
    trusted: bool,
    delimiter: str | None = None,
) -> Resolved:
    """Fetch the objects of a table, and make them ready with the files beside them.

    Parameters
    ----------
    references : to objects and to files
    name : what the contract calls the table
    base : what a reference to files is relative to
    trusted : whether the references were typed by whoever runs the gate

    Raises
    ------
    SourceRefused, SourceUnavailable, SourceBroken
        As for files, and where a bucket may not be read.
    """
    found = [each for one in references for each in _found(request, one, base=base, trusted=trusted)]
    resolved = table_of(
        once(found),
        name=name,
        uri=", ".join(references),
        scratch=request.resources.scratch,
        delimiter=delimiter,
    )
    return replace(resolved, kind="bucket")


def from_database(request: Request, dataset: Dataset, *, name: str) -> Resolved:
    """Return the answer to the query of a dataset.

    Raises
    ------
    SourceRefused, SourceUnavailable, SourceBroken
        Where the connection may not be used, does not answer, or refuses the query.
    """
    if request.databases is None:
        raise SourceRefused("No database is asked here.", remedy="Name a file.")
    return request.databases.read(name, dataset)


def query_of(dataset: Dataset) -> str:
    """Return a query as records name it: by its connection, never by what that holds."""
    variable = dataset.connection.env if dataset.connection else ""
    return shown(f"{variable}: {dataset.table or dataset.sql}")


def _found(request: Request, reference: str, *, base: Path, trusted: bool) -> tuple[Found, ...]:
    if not is_bucket(reference):
        return resolve(request.boundary, reference, base=base, trusted=trusted)
    if request.buckets is None:
        raise SourceRefused("No bucket is read here.", remedy="Name a file.")
    return request.buckets.fetch(reference, trusted=trusted)
