"""Answers of databases: which connections may be used, and what is kept."""

import hashlib
from pathlib import Path

import pytest

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.inputs import Connection, Dataset
from mlval.domain.source import Declared
from mlval.sources.connection_url import Server
from mlval.sources.database import Databases
from mlval.sources.postgres import Columns, Sink

URL = "postgresql://gate:hunter2@db.example/w"
ORDERS = Dataset(table="shop.orders", connection=Connection(env="MLVAL_W", timeout=7))


class Answering:
    """Gives every query the same rows, and remembers what it was asked."""

    def __init__(self, *rows: bytes, names: tuple[str, ...] = ("id",)) -> None:
        self._rows, self._names = rows, names
        self.asked: list[tuple[Server, str, int]] = []

    def __call__(self, server: Server, query: str, *, seconds: int, sink: Sink) -> Columns:
        self.asked.append((server, query, seconds))
        for row in self._rows:
            sink.write(row)
        kind: Declared = "int64"
        return Columns(self._names, (kind,) * len(self._names))


def test_an_answer_is_kept_and_hashed(tmp_path: Path) -> None:
    select = Answering(b'"1"\n', b'"2"\n')
    resolved = Databases({"MLVAL_W": URL}, tmp_path, ("MLVAL_W",), select=select).read("t", ORDERS)
    (path,) = resolved.files.paths
    assert Path(path).read_bytes() == b'"1"\n"2"\n'
    assert resolved.digest() == hashlib.sha256(b'"1"\n"2"\n').hexdigest()
    assert (resolved.kind, resolved.uri) == ("sql", "MLVAL_W: shop.orders")
    assert (resolved.files.format, resolved.files.header, resolved.files.types) == (
        "rows",
        ("id",),
        ("int64",),
    )
    ((server, query, seconds),) = select.asked
    assert (server.host, query, seconds) == ("db.example", 'SELECT * FROM "shop"."orders"', 7)


@pytest.mark.parametrize("allowed", [(), ("MLVAL_OTHER",), ("MLVAL_W2",)])
def test_a_connection_without_leave_is_not_looked_up(tmp_path: Path, allowed: tuple[str, ...]) -> None:
    select = Answering()
    with pytest.raises(SourceRefused, match="MLVAL_W is not allowed"):
        Databases({"MLVAL_W": "not even a URL"}, tmp_path, allowed, select=select).read("t", ORDERS)
    assert not select.asked


@pytest.mark.parametrize("environ", [{}, {"MLVAL_W": ""}, {"MLVAL_W": " "}])
def test_a_secret_that_was_not_handed_over_is_unavailable(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(SourceUnavailable, match="MLVAL_W is not set"):
        Databases(environ, tmp_path, ("MLVAL_W",), select=Answering()).read("t", ORDERS)


@pytest.mark.parametrize("name", ["DATABASE_URL", "mlval_w", ""])
def test_only_names_of_ours_can_be_allowed(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceRefused, match="MLVAL_"):
        Databases({}, tmp_path, (name,))


@pytest.mark.parametrize(
    "select",
    [
        Answering(*[b'"1"\n'] * 11),
        Answering(b'"' + b"1" * 100 + b'"\n'),
        Answering(names=()),
        Answering(names=("id", "ID")),
    ],
)
def test_what_is_no_table_leaves_nothing(tmp_path: Path, select: Answering) -> None:
    databases = Databases(
        {"MLVAL_W": URL}, tmp_path, ("MLVAL_W",), most_rows=10, most_bytes=50, select=select
    )
    with pytest.raises(SourceBroken):
        databases.read("t", ORDERS)
    assert not list(tmp_path.iterdir())


def test_an_endless_answer_ends(tmp_path: Path) -> None:
    def endless(server: Server, query: str, *, seconds: int, sink: Sink) -> Columns:
        while server.host and query and seconds:
            sink.write(b'"1"\n' * 1000)
        return Columns((), ())

    with pytest.raises(SourceBroken, match="too large"):
        Databases({"MLVAL_W": URL}, tmp_path, ("MLVAL_W",), most_bytes=10**7, select=endless).read(
            "t", ORDERS
        )


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    select = Answering(*[b'"1"\n'] * 3)
    Databases({"MLVAL_W": URL}, tmp_path, ("MLVAL_W",), select=select, told=told.append).read("t", ORDERS)
    assert told == [3]


def test_a_driver_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as unavailable:
        Databases({"MLVAL_W": URL}, tmp_path, ("MLVAL_W",)).read("t", ORDERS)
    assert "mlval[postgres]" in unavailable.value.remedy
