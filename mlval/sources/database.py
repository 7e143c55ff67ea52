"""Answers of databases: asked through connections that a trusted origin allowed, kept as files of a run."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final, Protocol

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.inputs import Dataset
from mlval.domain.source import Resolved, TableFiles
from mlval.domain.text import shown
from mlval.sources import connection_url, postgres
from mlval.sources.connection_url import Server
from mlval.sources.csv_text import refuse_doubles
from mlval.sources.handle import CHUNK
from mlval.sources.postgres import Columns, Sink
from mlval.sources.sql_text import one_select, whole_table

MOST_BYTES: Final = 50 * 10**9
MOST_ROWS: Final = 10**9

_OWN: Final = "MLVAL_"

Told = Callable[[int], object]
"""How an answer says how far it is: rows so far."""


class Select(Protocol):
    """Puts a query to a server, as `postgres.select` does."""

    def __call__(self, server: Server, query: str, *, seconds: int, sink: Sink) -> Columns:
        """Hand the rows to `sink`, and return the columns."""


class Databases:
    """Asks databases whose connections a trusted origin allowed by name."""

    def __init__(
        self,
        environ: Mapping[str, str],
        scratch: Path,
        allowed: tuple[str, ...] = (),
        *,
        most_bytes: int = MOST_BYTES,
        most_rows: int = MOST_ROWS,
        select: Select = postgres.select,
        told: Told | None = None,
    ) -> None:
        """Remember what is allowed and where to put rows; nothing is contacted before a query.

        Parameters
        ----------
        environ : where the URLs of the connections are, by name
        scratch : a folder of the run
        allowed : the names that a contract may use
        most_bytes, most_rows : how much one answer may hold
        select : puts the query to the server
        told : hears of the rows that came

        Raises
        ------
        SourceRefused
            A name is allowed that no contract can use.
        """
        for name in allowed:
            if not name.startswith(_OWN):
                raise SourceRefused(
                    f"`allow-connections`: {shown(name)} does not begin with {_OWN}.",
                    remedy=f"Put the URL into a variable such as {_OWN}WAREHOUSE, and name that.",
                )
        self._environ = environ
        self._scratch = scratch
        self._allowed = frozenset(allowed)
        self._limits = (most_bytes, most_rows)
        self._select = select
        self._told = told or (lambda _rows: None)

    def read(self, name: str, dataset: Dataset) -> Resolved:
        """Return the answer to the query of a dataset, `sql:` or `table:`.

        The digest is that of the rows in the order in which they came: without ORDER BY the same rows
        may have another one.

        Raises
        ------
        SourceRefused
            The connection is not allowed, or the query is not a SELECT.
        SourceUnavailable
            The variable is not set, or the database does not answer.
        SourceBroken
            The database refuses the query, or its answer is no table, or too large a one.
        """
        if dataset.connection is None:
            message = "a query has a connection"
            raise ValueError(message)
        query = whole_table(dataset.table) if dataset.table is not None else one_select(dataset.sql or "")
        variable = dataset.connection.env
        server = self._server(variable)
        with tempfile.NamedTemporaryFile(dir=self._scratch, suffix=".rows", delete=False) as file:
            path = Path(file.name)
            spool = _Spool(file, self._limits, self._told)
            try:
                columns = self._select(server, query, seconds=dataset.connection.timeout, sink=spool)
                spool.end()
                _refuse_names(columns.names)
            except BaseException:
                path.unlink()
                raise
        return Resolved(
            name=name,
            kind="sql",
            uri=shown(f"{variable}: {dataset.table or dataset.sql}"),
            digest=lambda: spool.digest,
            files=TableFiles((str(path),), "rows", header=columns.names, types=columns.types),
        )

    def _server(self, variable: str) -> Server:
        if variable not in self._allowed:
            raise SourceRefused(
                f"The connection {variable} is not allowed.",
                remedy=f"Whoever runs the gate allows it with `allow-connections`: `{variable}`.",
            )
        url = self._environ.get(variable, "").strip()
        if not url:
            raise SourceUnavailable(
                f"{variable} is not set.", remedy="Set it to the URL of the database: postgresql://…"
            )
        return connection_url.parse(url, variable=variable)


class _Spool:
    """Keeps rows as they come, hashes them, and ends what would not end."""

    def __init__(self, file: IO[bytes], limits: tuple[int, int], told: Told) -> None:
        self._file = file
        self._bytes_left, self._most_rows = limits
        self._told = told
        self._hash = hashlib.sha256()
        self._rows = 0
        self._held = bytearray()

    @property
    def digest(self) -> str:
        """The sha256 of all rows, as hexadecimal digits."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Take one row."""
        self._rows += 1
        self._held += data
        if len(self._held) >= CHUNK:
            self.end()

    def end(self) -> None:
        """Leave nothing unwritten."""
        self._bytes_left -= len(self._held)
        if self._bytes_left < 0 or self._rows > self._most_rows:
            raise SourceBroken(
                f"The answer is too large: {self._rows:,} rows are more than may be kept.",
                remedy="Ask for fewer rows or columns.",
            )
        self._hash.update(self._held)
        try:
            self._file.write(self._held)
            self._file.flush()
        except OSError as error:
            raise SourceUnavailable(
                f"The rows cannot be kept: {error.strerror}.",
                remedy="Make room in the folder for temporary files.",
            ) from error
        self._held.clear()
        self._told(self._rows)


def _refuse_names(names: tuple[str, ...]) -> None:
    if not names:
        raise SourceBroken("The query has no columns.", remedy="Name the columns after SELECT.")
    refuse_doubles(names, name="the answer")
