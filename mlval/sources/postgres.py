"""A query put to PostgreSQL: one SELECT, in a transaction that cannot write, with an end to its time.

The driver reads nothing from the environment or from files of the user: whom it asks, and as whom, is in the
URL alone. The text of a query is never sent by the protocol that takes several statements. It stands within
`COPY (…) TO STDOUT` only after the server's own grammar has read it as the query of a cursor, which is one
SELECT whose parentheses close, and nothing that writes.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from mlval.domain.errors import MlvalError, SourceUnavailable
from mlval.domain.source import Declared
from mlval.sources.connection_url import Server
from mlval.sources.postgres_errors import translated
from mlval.sources.postgres_types import declared

if TYPE_CHECKING:
    from pg8000.native import Connection

_CONNECTING: Final = 10
_GRACE: Final = 5
# How values are written does not depend on the settings of the server.
_SETTINGS: Final = """
    SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET TimeZone = 'UTC';
    SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'hex';
    SET extra_float_digits = 3; SET default_transaction_read_only = on;
    SELECT set_config(name, '5s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'
"""
_COPY: Final = r"(FORMAT csv, NULL '\N', FORCE_QUOTE *, ENCODING 'UTF8')"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an answer: their names as the server says them, and what they hold."""

    names: tuple[str, ...]
    types: tuple[Declared, ...]


class Sink(Protocol):
    """Takes the rows as they come."""

    def write(self, data: bytes) -> object:
        """Take one row."""


def select(server: Server, query: str, *, seconds: int, sink: Sink) -> Columns:
    """Put a query to a server, and hand its rows to `sink`: one call a row, as CSV.

    Parameters
    ----------
    server : whom to ask
    query : its text, without a semicolon at its end
    seconds : how long the answer may take, from connecting to the last row
    sink : what it raises ends the query

    Raises
    ------
    SourceUnavailable
        The server does not let us in, does not answer, or not in time.
    SourceBroken
        The server refuses the query.
    """
    watch = _Watch()
    try:
        with _connected(server, watch, seconds=seconds) as connection:
            connection.execute_simple(_SETTINGS)
            connection.execute_simple(
                f"BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = {seconds * 1000:d}"
            )
            # Parsed and never run: it fails where the text is anything but one SELECT that does not write.
            connection.prepare_statement(f"DECLARE mlval NO SCROLL CURSOR FOR {query}\n", oids=())
            _, described, _ = connection.prepare_statement(query, oids=())
            columns = _columns(connection, described or [])
            connection.execute_unnamed(f"COPY ({query}\n) TO STDOUT {_COPY}", stream=sink)
            return columns
    except MlvalError:
        raise
    except ImportError as error:
        raise SourceUnavailable(
            "PostgreSQL needs a driver that is not installed.", remedy="pip install 'mlval[postgres]'"
        ) from error
    except Exception as error:
        raise translated(error, seconds=seconds, timed_out=watch.fired) from error


@dataclass(slots=True)
class _Watch:
    """Whether the time was used up."""

    fired: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def end(self) -> None:
        """Cut the connection, whatever is waited for."""
        self.fired = True
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def _connected(server: Server, watch: _Watch, *, seconds: int) -> Iterator["Connection"]:
    """Connect, and close whatever happens; once connected, the watch alone ends what takes too long."""
    from pg8000.native import Connection

    plain = socket.create_connection((server.host, server.port), _CONNECTING)
    # TLS takes the socket over; a second handle on the same connection can still end it.
    watch.sockets.append(plain.dup())
    plain.settimeout(None)
    timer = threading.Timer(seconds + _GRACE, watch.end)
    timer.start()
    connection = None
    try:
        connection = Connection(
            server.user,
            host=server.host,
            database=server.database,
            password=server.password or "",
            application_name="mlval",
            sock=plain,
            ssl_context=_tls(server),
        )
        yield connection
    finally:
        timer.cancel()
        timer.join()
        with contextlib.suppress(Exception):
            if connection is not None:
                connection.close()
        for one in (plain, *watch.sockets):
            one.close()


def _tls(server: Server) -> ssl.SSLContext | bool | None:
    """Return how the driver secures the connection: None is as the server likes, True without a check."""
    match server.tls:
        case "disable":
            return False
        case "prefer":
            return None
        case "require":
            return True
    context = ssl.create_default_context(cafile=server.roots or None)
    context.check_hostname = server.tls == "verify-full"
    return context


def _columns(connection: "Connection", described: list[dict[str, object]]) -> Columns:
    oids = [int(str(column["type_oid"])) for column in described]
    unknown = sorted({oid for oid in oids if declared(oid) is None})
    textual: set[int] = set()
    if unknown:
        listed = ", ".join(map(str, unknown))
        found = connection.execute_unnamed(
            "SELECT oid::int8 FROM pg_catalog.pg_type"  # noqa: S608 - numbers only
            f" WHERE oid IN ({listed}) AND (typtype = 'e' OR typcategory = 'S')"
        )
        textual = {int(oid) for (oid,) in found.rows or []}
    types = (declared(oid) or ("text" if oid in textual else "other") for oid in oids)
    return Columns(tuple(str(column["name"]) for column in described), tuple(types))
