"""A predicate that is accepted means what the engine itself makes of the user's text."""

from collections.abc import Mapping

import duckdb
import pytest

from mlval.domain.asks import Kind
from mlval.measure.predicate import PredicateError, columns_of, compile_predicate, parser

ENGINE = duckdb.connect()
ENGINE.execute("SET TimeZone = 'UTC'")
ENGINE.execute("""
    CREATE TABLE t AS SELECT * FROM (VALUES
        (1, 1.5e0, 'pro', true, DATE '2026-01-31', TIMESTAMP '2026-01-31 12:30:00', 'a''b', 7),
        (2, 0.0, 'free', false, DATE '2026-02-01', TIMESTAMP '2026-02-01 00:00:00', '', -7),
        (-3, 'nan', 'Pro', NULL, DATE '1969-12-31', TIMESTAMP '1999-12-31 23:59:59.5', ' x ', 0),
        (0, 'inf', 'a%b_c', true, NULL, NULL, 'é', NULL),
        (NULL, -2.5, NULL, false, DATE '2000-02-29', TIMESTAMP '2000-02-29 01:02:03', NULL, 1),
        (5, NULL, 'team', NULL, DATE '2026-03-01', TIMESTAMP '2026-03-01 06:00:00', 'PRO', 2),
    ) AS v(n, amount, plan, "Flag", day, moment, "we""ird name", other)
""")
COLUMNS: Mapping[str, Kind] = {
    "n": "int",
    "amount": "float",
    "plan": "string",
    "Flag": "bool",
    "day": "date",
    "moment": "timestamp",
    'we"ird name': "string",
    "other": "int",
}
PARSE = parser(ENGINE)

ACCEPTED = [
    "plan = 'pro' and amount between 0 and 10",
    "flag or n > 1 and plan = 'pro'",
    "(flag or n > 1) and plan = 'pro'",
    "not n = 1",
    "not flag and n > 0 or flag",
    "not (flag and n > 0 or flag)",
    "-n - -other > 0",
    "n - (other - 1) > 0",
    "n - other - 1 > 0",
    "n - (-1) = n + 1",
    "- (n) < +other",
    "2 ** 3 ** 2 = 512 or 2 ** 3 ** 2 = 64",
    "-n ** 2 > 0",
    "n / 2 * 3 < n / (2 * 3)",
    "n // 2 = 1 or n % 2 = 1 or mod(n, 2) = 0",
    "plan || '-' || n = 'pro-1'",
    "n < 1e0 or n >= 1.50 or n <= .5 or n <> 5.",
    "n = 1_000 or n = 007 or n <> -9223372036854775808 or n < 170141183460469231731687303715884105727",
    "amount = 1.5e0 or amount < 1E+2 or amount > 1e-320",
    "n = NULL",
    "null or flag",
    "n is null",
    "n is not null and amount isnull or plan notnull",
    "flag is true or flag is not false",
    "flag is unknown",
    "n is distinct from other",
    "n is not distinct from null",
    "n in (1, 2, null)",
    "n not in (1, 2)",
    "n not in (1, other)",
    "plan in ('pro', 'it''s', plan)",
    "n not between -3 and other",
    "n between 0 and 2 and flag",
    "case when n > 0 then flag else plan = 'Pro' end",
    "case plan when 'pro' then n > 0 when 'free' then flag end",
    "case when n > 0 then null when flag then true end",
    "case n when 1 then case plan when 'pro' then true else false end else flag end",
    "coalesce(flag, n > 0, true)",
    "ifnull(flag, false)",
    "nullif(flag, true)",
    "nullif(n, 1) is null",
    "cast(n as boolean)",
    "n::bool and flag::boolean",
    "try_cast(plan as integer) is null",
    "try_cast(plan as date) is null and n::varchar = '1'",
    "try_cast(amount as decimal(10, 2)) = 1.5 or n::dec(5) = 1 or n::numeric = 2",
    "amount::float > 1 or n::double precision > 1 or n::real < 0 or n::hugeint = 1",
    "plan like 'p%' or plan not like '%o'",
    "plan ilike 'P%' or plan not ilike '%O'",
    "plan like 'a!%b!_c' escape '!'",
    "plan not like 'a!%b%' escape '!' or plan ilike 'A!%B%' escape '!'",
    "plan similar to '[a-z]+' or plan ~ '^p' or plan !~ 'o$'",
    "regexp_matches(plan, '^PRO$', 'i') or regexp_full_match(plan, 'p.o')",
    "lower(plan) = 'pro' or UPPER(plan) = 'PRO' or \"Upper\"(plan) = 'FREE'",
    "trim(\"we\"\"ird name\") = 'x' or ltrim(plan, 'p') = 'ro' or trim(trailing 'o' from plan) = 'pr'",
    '"WE""IRD NAME" = \'a\'\'b\' or "we""ird name" = \'\'',
    "length(plan) > 3 or substring(plan from 2 for 1) = 'r' or substr(plan, 1, 1) = 't'",
    "starts_with(plan, 'p') or ends_with(plan, 'o') or contains(plan, 'ea')",
    "'e' in plan",
    "replace(plan, 'p', '') = 'ro' or concat(plan, n, null) = 'pro1'",
    "abs(n) = 3 or round(amount) = 2 or round(amount, 1) = 1.5 or floor(amount) = -3 or ceil(amount) = 2",
    "trunc(amount) = 1 or sqrt(abs(n)) = 1 or ln(abs(other)) > 1 or exp(n) > 1 or sign(n) = -1",
    "log10(abs(other)) > 0 or power(n, 2) = 9 or pow(n, 2) = 4 or n ^ 2 = 1",
    "isnan(amount) or isinf(amount) or isfinite(amount)",
    "greatest(n, other) > least(n, other, 3)",
    "year(day) = 2026 and month(day) = 1 and day(day) = 31 and quarter(day) = 1 and week(day) > 1",
    "hour(moment) = 12 or minute(moment) = 2 or second(moment) = 59 or dayofyear(day) > 40",
    "dayofweek(day) = 6 or isodow(day) = 7 or extract(year from moment) = 1999 or date_part('dow', day) = 0",
    "date_trunc('month', moment) = timestamp '2026-02-01' or date_diff('day', day, moment) = 0",
    "datediff('month', day, date '2026-03-01') > 1 or strftime(day, '%Y') = '2026'",
    "day >= date '2026-01-31' and day < date '2026-01-31' + interval 1 month",
    "moment + interval '3 days' > timestamp '2026-02-02' or moment - interval (n) hours < moment",
    "moment > timestamptz '2026-01-31 12:00:00+02' or moment = '2026-02-01'::timestamp",
    "day in (date '2026-01-31', date '2026-02-01')",
    '"Flag"',
    "FLAG",
    "flag and\n\tnot\r\nflag",
    "true",
    "1 = 1",
    "flag = (n > 0)",
    "(((flag)))",
    "'; DROP TABLE t; --' <> plan",
    "plan <> '/* '' */' and plan <> '\\' and plan <> '“'",
]


def rows(sql: str) -> list[tuple[object, ...]]:
    return ENGINE.execute(f"SELECT ({sql}\n) FROM t").fetchall()


def compiled(text: str, columns: Mapping[str, Kind] | None = COLUMNS) -> str:
    return compile_predicate(text, parse=PARSE, columns=columns)


@pytest.mark.parametrize("text", ACCEPTED)
def test_it_means_what_the_engine_makes_of_the_text(text: str) -> None:
    assert rows(compiled(text)) == rows(text)
    assert compiled(compiled(text)) == compiled(text)


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_accepted_with_a_table_is_accepted_without(text: str) -> None:
    assert compiled(text, None).lower() == compiled(text).lower()


def test_the_truth_table_of_the_accepted_is_not_all_alike() -> None:
    answers = {tuple(rows(compiled(text))) for text in ACCEPTED}
    assert len(answers) > 40


def test_names_are_written_as_the_table_has_them() -> None:
    assert compiled("PLAN = 'x' and fLAG") == """(("plan" = 'x') AND "Flag")"""


def test_a_name_that_fits_exactly_comes_first() -> None:
    assert compiled("plan = PLAN", {"PLAN": "string", "plan": "string"}) == '("plan" = "PLAN")'


def test_only_latin_letters_have_two_cases() -> None:
    with pytest.raises(PredicateError, match="no column É"):
        compiled("É = 1", {"é": "int"})


def test_the_columns_of_a_predicate() -> None:
    text = "case when Plan = 'x' then amount > 1 else \"a b\" end and n in (1, other)"
    assert columns_of(text, parse=PARSE) == {"Plan", "amount", "a b", "n", "other"}
    assert columns_of("1 = 1", parse=PARSE) == frozenset()


@pytest.mark.parametrize(
    "name", ["age", "current_date", "user", "rowid", "select", "now", 'x"y', "x;--", "null", "a.b"]
)
def test_any_column_can_be_named_in_quotes(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    assert compiled(f"{quoted} = 1", {name: "int"}) == f"({quoted} = 1)"


@pytest.mark.parametrize("name", ["age", "user", "rowid", "now", "today", "date", "value", "values"])
def test_common_names_need_no_quotes(name: str) -> None:
    assert compiled(f"{name} > 30", {name: "int"}) == f'("{name}" > 30)'


@pytest.mark.parametrize(
    "name,type_",
    [
        ("bool", "BOOLEAN"),
        ("int1", "TINYINT"),
        ("int2", "SMALLINT"),
        ("int16", "SMALLINT"),
        ("short", "SMALLINT"),
        ("int", "INTEGER"),
        ("int4", "INTEGER"),
        ("int32", "INTEGER"),
        ("signed", "INTEGER"),
        ("int8", "BIGINT"),
        ("int64", "BIGINT"),
        ("long", "BIGINT"),
        ("int128", "HUGEINT"),
        ("uint8", "UTINYINT"),
        ("uint16", "USMALLINT"),
        ("uint32", "UINTEGER"),
        ("uint64", "UBIGINT"),
        ("real", "FLOAT"),
        ("float4", "FLOAT"),
        ("float8", "DOUBLE"),
        ("numeric", "DECIMAL(18,3)"),
        ("dec(5)", "DECIMAL(5,0)"),
        ("text", "VARCHAR"),
        ("string", "VARCHAR"),
        ("bpchar", "VARCHAR"),
        ("character varying", "VARCHAR"),
        ("date", "DATE"),
        ("datetime", "TIMESTAMP"),
        ("timestamp without time zone", "TIMESTAMP"),
        ("timestamptz", "TIMESTAMP WITH TIME ZONE"),
        ("interval", "INTERVAL"),
    ],
)
def test_a_type_keeps_its_meaning_whatever_its_spelling(name: str, type_: str) -> None:
    written = compiled(f"CAST(NULL AS {name}) IS NULL", {})
    for sql in (name, written.removeprefix("(CAST(NULL AS ").removesuffix(") IS NULL)")):
        assert ENGINE.execute(f"SELECT typeof(CAST(NULL AS {sql}))").fetchone() == (type_,)
