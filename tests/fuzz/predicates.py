"""Predicates: compiled and asked of a table; nothing but a refusal or a truth value comes of it."""

import random
from pathlib import Path

import duckdb

from mlval.measure.connection import Resources, connect, lock
from mlval.measure.predicate import PredicateError, compile_predicate, parser
from mlval.measure.tables import kind_of
from tests.fuzz import mutation

SEEDS = (
    "x >= 0 AND s IN ('a', 'b') OR y IS NULL",
    "NOT (x BETWEEN 1 AND 5.5) AND lower(s) LIKE 'a%'",
    "CASE WHEN x > 1 THEN y ELSE 0 END <= 10",
    "d >= DATE '2026-01-01' AND at < TIMESTAMP '2026-02-01 00:00:00'",
    "abs(x - y) <= 0.01 * greatest(x, y)",
    "coalesce(s, '') <> '' AND length(s) < 20",
    "x::INTEGER % 2 = 0 AND p",
    "regexp_matches(s, '^[a-z]+$') AND NOT isnan(x)",
    "s = 'it''s' OR (y, x) = (1, 2)",
    "date_diff('day', d, DATE '2026-03-01') BETWEEN -10 AND 400",
)
WORDS = (
    *(
        "x",
        "y",
        "s",
        "d",
        "at",
        "p",
        "nope",
        '"x"',
        "1",
        "0",
        "2.5",
        "'a'",
        "NULL",
        "TRUE",
        "DATE '2026-01-31'",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "||",
        "IS NULL",
        "IN",
        "LIKE",
        "BETWEEN",
    ),
    *(
        "(",
        ")",
        ",",
        "::",
        "CASE",
        "WHEN",
        "THEN",
        "END",
        "ELSE",
        "CAST",
        "AS",
        "abs(",
        "lower(",
        "coalesce(",
    ),
    *(
        "SELECT",
        "FROM t",
        "(SELECT 1)",
        ";",
        "--",
        "/*",
        "?",
        "$1",
        "COLUMNS(*)",
        "*",
        "x -> 1",
        "[1, 2]",
        "{'a': 1}",
    ),
    *(
        "read_text('/etc/passwd')",
        "getenv('HOME')",
        "current_setting('threads')",
        "random()",
        "now()",
        "nextval('q')",
    ),
)


OF_THE_DATA = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
)


class Predicates:
    """Compiles predicates, and asks them of a locked engine."""

    name = "predicate"
    ends = frozenset({"refused", "answered", *(error.__name__ for error in OF_THE_DATA)})

    def __init__(self, folder: Path) -> None:
        """Make a small table of every kind of column."""
        self.engine = connect(Resources(folder / "scratch", threads=1, memory="200MB"))
        self.engine.execute("""
            CREATE TABLE t AS SELECT i * 1.5e0 - 2 AS x, nullif(i % 5, 3) AS y,
            ['a', 'Bc', NULL, ''][i % 4 + 1] AS s,
            DATE '2026-01-01' + i::INTEGER AS d, TIMESTAMP '2026-01-31 23:59:59' + i * INTERVAL 1 hour AS at,
            [true, false, NULL][i % 3 + 1] AS p FROM range(24) r(i)
        """)
        described = self.engine.execute("DESCRIBE t").fetchall()
        self.columns = {name: kind_of(stored) for name, stored, *_ in described}
        lock(self.engine, [])
        self.parse = parser(self.engine)
        self.before = self._state()

    def make(self, draw: random.Random) -> bytes:
        """Join, cut and change valid predicates, mostly by whole words."""
        words = draw.choice(SEEDS).split(" ")
        if draw.random() < 0.4:
            words = ["(", *words, ")", draw.choice(("AND", "OR")), "(", *draw.choice(SEEDS).split(" "), ")"]
        for _ in range(draw.choice((0, 0, 0, 0, 1, 1, 3))):
            at = draw.randrange(len(words) or 1)
            words[at : at + draw.randint(0, 1)] = [draw.choice(WORDS)]
        written = " ".join(words).encode()
        return mutation.text(written, draw, changes=3) if draw.random() < 0.1 else written

    def judge(self, case: bytes) -> str:
        """Ask it of every row: true, false or null, or an error of the data; the engine stays as it was."""
        text = case.decode("utf-8", "surrogateescape")
        try:
            sql = compile_predicate(text, parse=self.parse, columns=self.columns)
        except PredicateError as error:
            return "refused" if str(error) else "refused without a reason"
        try:
            asked = self.engine.execute(f"SELECT ({sql}) FROM t ORDER BY rowid").fetchall()
        except duckdb.Error as error:
            known = isinstance(error, OF_THE_DATA) or "Division by zero" in str(error)
            return type(error).__name__ if known else f"broken by {type(error).__name__}: {error}"
        assert len(asked) == 24
        assert {answer for (answer,) in asked} <= {True, False, None}, asked[0]
        assert self._state() == self.before
        return "answered"

    def _state(self) -> list[tuple[object, ...]]:
        tables = self.engine.execute("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall()
        return [*tables, *self.engine.execute("SELECT sum(x), count(*) FROM t").fetchall()]
