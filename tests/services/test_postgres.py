"""Answers of a real PostgreSQL, judged by the real command as its superuser, whom nothing else holds back."""

import math
import socket
import threading
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mlval.domain.errors import MlvalError, SourceBroken
from mlval.domain.inputs import Connection, Dataset
from mlval.measure.tables import Table, open_table
from mlval.sources.database import Databases
from tests.services.conftest import PASSWORD, Postgres, free_port
from tests.services.judged import Judged, judge

pytestmark = pytest.mark.filterwarnings("default")

VARIABLE = "MLVAL_WAREHOUSE"
ALLOW = ("--allow-connections", VARIABLE)
CONNECTION = Connection(env=VARIABLE, timeout=30)
SETUP = """
CREATE SCHEMA shop;
CREATE TABLE shop.orders AS SELECT i AS id, i * 1.5 AS amount FROM generate_series(1, 300) i;
CREATE TABLE shop."Odd "" name" AS SELECT 1 AS id;
CREATE TABLE shop.people AS SELECT 1 AS id, 'value-of-a-row 4711' AS name;
CREATE VIEW shop.view AS SELECT * FROM shop.orders;
CREATE SEQUENCE shop.numbers;
CREATE FUNCTION shop.writes() RETURNS int LANGUAGE sql AS 'DELETE FROM shop.orders RETURNING 1';
CREATE FUNCTION shop.shouts() RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'value-of-a-row %', 4711; END $$;
CREATE TYPE shop.plan AS ENUM ('free', 'pro');
CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
"""


@pytest.fixture(scope="module", autouse=True)
def filled(postgres: Postgres) -> Iterator[None]:
    postgres.run(SETUP)
    yield
    postgres.run("DROP SCHEMA shop CASCADE")


def ask(postgres: Postgres, folder: Path, query: str, *, timeout: int = 30) -> Judged:
    quoted = query.replace("'", "''")
    dataset = f"{{sql: '{quoted}', connection: {{env: {VARIABLE}, timeout: {timeout}}}}}"
    return judge(folder, dataset, {VARIABLE: postgres.url}, *ALLOW)


def fetch(postgres: Postgres, folder: Path, query: str) -> tuple[Table, list[tuple[Any, ...]]]:
    """Read a query as the gate does; return the table as the engine has it, and its rows."""
    databases = Databases({VARIABLE: postgres.url}, folder, (VARIABLE,))
    resolved = databases.read("t", Dataset(sql=query, connection=CONNECTION))
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        table = open_table(engine, "t", resolved.files)
        # Handing over a time with a zone takes a library that the gate does not need.
        names = ", ".join(
            f'"{column.name}"' + (" AT TIME ZONE 'UTC'" if "ZONE" in column.stored else "")
            for column in table.shape.columns
        )
        return table, engine.execute(f'SELECT {names} FROM t ORDER BY "mlval:row"').fetchall()


def test_a_query_is_judged(postgres: Postgres, tmp_path: Path) -> None:
    judged = ask(postgres, tmp_path, "SELECT * FROM shop.orders ORDER BY id;")
    assert judged.code == 0, judged.output
    record = judged.record("remote")
    assert record["rows"] == 300
    assert record["uri"] == f"{VARIABLE}: SELECT * FROM shop.orders ORDER BY id;"
    assert len(record["sha256"]) == 64
    assert "hunter2" not in judged.output
    assert str(postgres.port) not in judged.output


@pytest.mark.parametrize("table, rows", [("shop.orders", 300), ("shop.view", 300), ('shop.Odd " name', 1)])
def test_a_table_is_judged(postgres: Postgres, tmp_path: Path, table: str, rows: int) -> None:
    dataset = f"{{table: '{table}', connection: {{env: {VARIABLE}}}}}"
    judged = judge(tmp_path, dataset, {VARIABLE: postgres.url}, *ALLOW)
    assert judged.code == 0, judged.output
    assert judged.record("remote")["rows"] == rows


TYPES = {
    "true": ("bool", True),
    "'f'::bool": ("bool", False),
    "(-32768)::int2": ("int", -32768),
    "2147483647": ("int", 2147483647),
    "9223372036854775807": ("int", 2**63 - 1),
    "3::shop.positive": ("int", 3),
    "0.1::float8": ("float", 0.1),
    "1e-300::float8": ("float", 1e-300),
    "'-Infinity'::float8": ("float", -math.inf),
    "'Infinity'::float4": ("float", math.inf),
    "0.1::numeric": ("float", Decimal("0.1")),
    "12345678901234567890123456789.000000001::numeric": (
        "float",
        Decimal("12345678901234567890123456789.000000001"),
    ),
    "1.50::numeric(10,2)": ("float", Decimal("1.50")),
    "'Infinity'::numeric": ("float", math.inf),
    "(10::numeric ^ 60)": ("float", 1e60),
    "'007'": ("string", "007"),
    "''": ("string", ""),
    r"'\N'": ("string", r"\N"),
    "E'a\"b,\\n\\r\\t''ü€😀'": ("string", "a\"b,\n\r\t'ü€😀"),
    "'ab '::char(5)": ("string", "ab   "),
    "'pro'::shop.plan": ("string", "pro"),
    "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid": ("string", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    """'{"a": [1, null]}'::json""": ("string", '{"a": [1, null]}'),
    """'{"b":1, "a":2}'::jsonb""": ("string", '{"a": 2, "b": 1}'),
    "DATE '2024-02-29'": ("date", date(2024, 2, 29)),
    "TIMESTAMP '2024-02-29 23:59:59.123456'": (
        "timestamp",
        datetime.fromisoformat("2024-02-29T23:59:59.123456"),
    ),
    "TIMESTAMPTZ '2024-02-29 23:30:00+05:30'": ("timestamp", datetime.fromisoformat("2024-02-29T18:00")),
    r"'\xdeadbeef'::bytea": ("other", [r"\xdeadbeef"]),
    "ARRAY[1, NULL]": ("other", ["{1,NULL}"]),
    "INTERVAL '1 day'": ("other", ["P1D"]),
    "TIME '12:00'": ("other", ["12:00:00"]),
    "12.5::money": ("other", ["$12.50"]),
    "ROW(1, 'a')": ("other", ["(1,a)"]),
}


def test_types_and_values_survive(postgres: Postgres, tmp_path: Path) -> None:
    listed = ", ".join(f"{text} AS c{place}" for place, text in enumerate(TYPES))
    table, rows = fetch(
        postgres, tmp_path, f"SELECT {listed} UNION ALL SELECT {', '.join(['NULL'] * len(TYPES))}"
    )
    found = zip(table.shape.columns, *rows, strict=True)
    for (text, (kind, value)), (column, read, null) in zip(TYPES.items(), found, strict=True):
        assert (column.kind, read, null) == (kind, value, None), text


def test_a_zone_is_kept_apart_from_none(postgres: Postgres, tmp_path: Path) -> None:
    table, _ = fetch(postgres, tmp_path, "SELECT now() AS a, now()::timestamp AS b, 1::float4 AS c")
    assert [column.stored for column in table.shape.columns] == [
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP",
        "FLOAT",
    ]


def test_nan_survives(postgres: Postgres, tmp_path: Path) -> None:
    _, rows = fetch(
        postgres, tmp_path, "SELECT 'NaN'::float8, 'NaN'::float4 AS b, 'NaN'::numeric AS c, 0.5 AS d"
    )
    assert [math.isnan(value) for value in rows[0]] == [True, True, True, False]


def test_one_column_of_nulls_and_empty_texts(postgres: Postgres, tmp_path: Path) -> None:
    _, rows = fetch(
        postgres, tmp_path, "SELECT * FROM (VALUES (1, ''), (2, NULL), (3, '')) v (o, t) ORDER BY o"
    )
    assert rows == [(1, ""), (2, None), (3, "")]
    _, rows = fetch(
        postgres, tmp_path, "SELECT t FROM (VALUES (1, ''), (2, NULL), (3, 'x')) v (o, t) ORDER BY o"
    )
    assert rows == [("",), (None,), ("x",)]


def test_no_rows_keep_their_types(postgres: Postgres, tmp_path: Path) -> None:
    table, rows = fetch(postgres, tmp_path, "SELECT 1 AS a, 1.5 AS b, now() AS c WHERE false")
    assert ([column.kind for column in table.shape.columns], rows) == (["int", "float", "timestamp"], [])


@pytest.mark.parametrize(
    "query",
    [
        "-- a comment; with a semicolon\nSELECT 1 AS id /* and ; another */ -- at the end",
        "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 9) SELECT * FROM n",
        "(SELECT 1 AS id) UNION (SELECT 2) ORDER BY 1;",
        "SELECT $$;) TO STDOUT$$ AS t, 1 AS id",
        "SELECT 1 AS id, (ARRAY[1, 2, 3])[1:2] AS slice, ':name' AS colon, 1::int4 AS cast, '%s' AS percent",
    ],
)
def test_what_is_one_select_is_read(postgres: Postgres, tmp_path: Path, query: str) -> None:
    _, rows = fetch(postgres, tmp_path, query)
    assert rows


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM shop.orders RETURNING *) SELECT * FROM gone",
        "WITH one AS (SELECT 1) INSERT INTO shop.orders SELECT 1, 1",
        "WITH one AS (SELECT 1) DELETE FROM shop.orders",
        "SELECT * INTO shop.copied FROM shop.orders",
        "SELECT 1; DROP TABLE shop.orders",
        "SELECT 1;; DROP TABLE shop.orders;",
        "SELECT 1; COMMIT; DROP TABLE shop.orders",
        "SELECT 1) TO '{file}' --",
        "SELECT 1) TO PROGRAM 'touch {file}' --",
        "SELECT 1) TO PROGRAM 'touch {file}'; SELECT (1",
        "SELECT 1 /*",
        "SELECT 'a",
        "SELECT shop.writes()",
        "SELECT set_config('transaction_read_only', 'off', false), shop.writes()",
        "SELECT set_config('default_transaction_read_only', 'off', false), shop.writes()",
        "SELECT nextval('shop.numbers')",
        "SELECT lo_create(4711)",
        "SELECT * FROM shop.orders FOR UPDATE",
        "SELECT $1::int",
        "SELECT",
        "SELECT FROM shop.orders",
        "SELECT 1 AS a, 2 AS A",
        'SELECT 1 AS "mlval:row"',
    ],
)  # fmt: skip
def test_nothing_else_is(postgres: Postgres, tmp_path: Path, query: str) -> None:
    # A folder that the server can write to, were it told so.
    file = Path(postgres.run("SHOW data_directory")).parent / "written"
    with pytest.raises(MlvalError):
        fetch(postgres, tmp_path, query.replace("{file}", str(file)))
    assert not file.exists()
    assert not list(tmp_path.iterdir()) or "mlval:row" in query
    assert postgres.run("SELECT count(*) FROM shop.orders") == "300"
    assert postgres.run("SELECT last_value, is_called FROM shop.numbers") == "1|f"
    assert postgres.run("SELECT count(*) FROM pg_largeobject_metadata") == "0"
    assert postgres.run("SELECT to_regclass('shop.copied') IS NULL") == "t"


def test_a_refused_query_blocks_and_the_rest_is_judged(postgres: Postgres, tmp_path: Path) -> None:
    judged = ask(postgres, tmp_path, "SELECT absent FROM shop.orders")
    assert judged.code == 1
    assert judged.outcomes("remote-data") == {"errored"}
    assert judged.outcomes("local-data") == {"passed"}
    assert 'SQLSTATE 42703, column "absent" does not exist' in judged.reasons()


@pytest.mark.parametrize("query", ["SELECT name::int FROM shop.people", "SELECT shop.shouts() AS id"])
def test_an_error_tells_no_value(postgres: Postgres, tmp_path: Path, query: str) -> None:
    judged = ask(postgres, tmp_path, query)
    assert judged.code == 1
    assert "SQLSTATE" in judged.reasons()
    assert "value-of-a-row" not in judged.output
    assert "4711" not in judged.output


@pytest.mark.parametrize(
    "query", ["SELECT pg_sleep(60)", "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)"]
)
def test_what_takes_too_long_is_unavailable(postgres: Postgres, tmp_path: Path, query: str) -> None:
    judged = ask(postgres, tmp_path, query, timeout=1)
    assert judged.code == 4, judged.output
    assert "took longer than 1 seconds" in judged.reasons()
    assert postgres.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mlval'") == "0"


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []
        thread = threading.Thread(target=lambda: held.append(listener.accept()[0]), daemon=True)
        thread.start()
        url = f"postgresql://gate:hunter2@127.0.0.1:{listener.getsockname()[1]}/x"
        dataset = f"{{sql: SELECT 1, connection: {{env: {VARIABLE}, timeout: 1}}}}"
        judged = judge(tmp_path, dataset, {VARIABLE: url}, *ALLOW)
        thread.join()
        held[0].close()
    assert judged.code == 4, judged.output
    assert "took longer" in judged.reasons()


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("p%40ss", "wr0ng%40ss", "does not accept the credentials"),
        ("//gate:", "//nobody:", "does not accept the credentials"),
        ("/postgres", "/absent-database", "no such database"),
        ("/postgres", "/postgres?sslmode=require", "does not encrypt"),
    ],
)
def test_nothing_of_the_url_is_told(
    postgres: Postgres, tmp_path: Path, old: str, new: str, said: str
) -> None:
    url = postgres.url.replace(old, new)
    judged = judge(tmp_path, f"{{sql: SELECT 1, connection: {{env: {VARIABLE}}}}}", {VARIABLE: url}, *ALLOW)
    assert judged.code == 4, judged.output
    assert said in judged.reasons()
    for part in ("hunter2", PASSWORD, "gate:", "nobody", "absent-database", "127.0.0.1", str(postgres.port)):
        assert part not in judged.output


def test_no_server_is_unavailable(tmp_path: Path) -> None:
    url = f"postgresql://gate:hunter2@127.0.0.1:{free_port()}/x"
    judged = judge(tmp_path, f"{{sql: SELECT 1, connection: {{env: {VARIABLE}}}}}", {VARIABLE: url}, *ALLOW)
    assert judged.code == 4, judged.output
    assert judged.outcomes("local-data") == {"passed"}
    assert "hunter2" not in judged.output


def test_a_connection_needs_leave(postgres: Postgres, tmp_path: Path) -> None:
    dataset = f"{{sql: SELECT 1, connection: {{env: {VARIABLE}}}}}"
    judged = judge(tmp_path, dataset, {VARIABLE: postgres.url}, "--allow-connections", "MLVAL_OTHER")
    assert judged.code == 2
    assert "allow-connections" in judged.output


@pytest.mark.parametrize("most_rows, most_bytes", [(10, 10**9), (10**9, 100)])
def test_an_answer_over_the_limit_is_broken(
    postgres: Postgres, tmp_path: Path, most_rows: int, most_bytes: int
) -> None:
    databases = Databases(
        {VARIABLE: postgres.url}, tmp_path, (VARIABLE,), most_rows=most_rows, most_bytes=most_bytes
    )
    endless = Dataset(sql="SELECT generate_series(1, 1000000000)", connection=CONNECTION)
    with pytest.raises(SourceBroken, match="too large"):
        databases.read("t", endless)
    assert not list(tmp_path.iterdir())
