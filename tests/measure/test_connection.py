"""The lock: once tables are open, nothing reaches files, settings, extensions or Python."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from mlval.domain.asks import Count, Distinct, Rows
from mlval.domain.errors import Failure
from mlval.domain.predicate import Holds
from mlval.measure.connection import Resources, bare, connect
from tests.measure.world import World, lines

SECRET = "s3cret"

FORBIDDEN = [
    "SELECT * FROM read_csv('{other}', header = false)",
    "SELECT * FROM read_text('{other}')",
    "SELECT * FROM read_blob('/etc/hostname')",
    "SELECT * FROM '{other}'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM sniff_csv('{other}')",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{table}'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "RESET allowed_paths",
    "PRAGMA enable_external_access",
    "SELECT getenv('HOME')",
    "SELECT * FROM held_in_python",
]


@pytest.fixture(scope="module")
def locked(world: World) -> World:
    world.csv(lines("a,b", ["1,x", "2,y"]), name="rows")
    world.parquet("SELECT range AS a FROM range(5)", name="packed")
    (world.folder / "other.csv").write_text(SECRET, encoding="utf-8")
    world.engine.lock()
    return world


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nothing_else_can_be_reached(locked: World, statement: str) -> None:
    held_in_python = [1, 2]
    sql = statement.format(
        other=locked.folder / "other.csv", folder=locked.folder, table=locked.folder / "0.csv"
    )
    with pytest.raises(duckdb.Error):
        locked.engine._connection.execute(sql).fetchall()
    assert held_in_python
    assert not list(locked.folder.glob("out*"))


def test_what_was_opened_is_still_answered(locked: World) -> None:
    assert locked.count("rows", Holds("a > 1")) == 1


def test_parquet_is_read_after_the_lock(locked: World) -> None:
    assert locked.count("packed", Holds("a > 1")) == 3


HOSTILE = [
    "(SELECT count(*) FROM read_text('{other}')) > 0",
    "a IN (SELECT 1 FROM '{other}')",
    "read_text('{other}') IS NOT NULL",
    "1 = 1) FROM read_text('{other}') --",
    "a > 0; COPY (SELECT 1) TO '{folder}/out.csv'",
    "getenv('HOME') = ''",
    "current_setting('threads') = '1'",
    "a > 0 UNION ALL SELECT 1",
    "b = getvariable('x')",
    "nextval('x') > 0",
    "query('SELECT 1') IS NOT NULL",
    '"mlval:row" = 0',
    "rows.a > 0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_contract_reaches_nothing(locked: World, text: str) -> None:
    predicate = text.format(other=locked.folder / "other.csv", folder=locked.folder)
    asks = (
        Count(Rows("rows", predicate)),
        Count(Rows("rows"), (Holds(predicate),)),
        Distinct(Rows("rows", predicate), ("a",)),
    )
    answers = locked.answers(*asks)
    assert all(isinstance(answers[ask], Failure) for ask in asks)
    assert SECRET not in str(answers)
    assert not list(locked.folder.glob("out*"))


def test_large_work_spills_to_the_scratch_folder_under_the_lock(tmp_path: Path) -> None:
    connection = connect(Resources(tmp_path, threads=1, memory="12MB"))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    connection.execute("CREATE TABLE t AS SELECT hash(range)::VARCHAR AS x FROM range(400000)")
    row = connection.execute("SELECT count(DISTINCT x) FROM t").fetchone()
    assert row == (400_000,)


def test_no_variable_of_python_is_a_table(tmp_path: Path) -> None:
    held_in_python = {"a": np.array([1, 2])}
    assert held_in_python
    with pytest.raises(duckdb.CatalogException):
        connect(Resources(tmp_path)).execute("SELECT * FROM held_in_python")


def test_times_do_not_depend_on_the_zone_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    row = (
        connect(Resources(tmp_path))
        .execute("SELECT TIMESTAMPTZ '2026-01-31 12:00:00+00'::VARCHAR")
        .fetchone()
    )
    assert row == ("2026-01-31 12:00:00+00",)


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM read_text('/etc/hostname')", "SET threads = 1", "ATTACH 'x.db'"]
)
def test_the_parsers_own_engine_reaches_nothing(sql: str) -> None:
    with pytest.raises(duckdb.Error):
        bare().execute(sql)
