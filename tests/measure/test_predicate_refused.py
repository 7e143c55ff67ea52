"""What a contract must not say in a predicate is refused: at once, by name, and with its place."""

import duckdb
import pytest

from mlval.measure.predicate import PredicateError, compile_predicate, parser

COLUMNS = {"a": "int", "b": "int", "amount": "float", "plan": "string", "flag": "bool", "day": "date"}
PARSE = parser(duckdb.connect())


def refusal(text: str, columns: dict[str, str] | None = None) -> str:
    kinds = COLUMNS if columns is None else columns
    with pytest.raises(PredicateError) as caught:
        compile_predicate(text, parse=PARSE, columns=kinds)  # type: ignore[arg-type] # kinds are plain text here
    return str(caught.value)


@pytest.mark.parametrize(
    "text,why",
    [
        ("a = 1; DROP TABLE t", "the character ;"),
        ("a = 1;", "the character ;"),
        ("a = 1) OR (1 = 1", "this bracket closes nothing (at character 6)"),
        ("1) LIMIT (3", "word LIMIT"),
        ("1) UNION SELECT (2", "word UNION"),
        ("a = 1 UNION SELECT 1", "word UNION"),
        (") union select * from secrets --", "a comment"),
        ("a = 1 --", "a comment"),
        ("a = 1 -- and flag", "a comment"),
        ("a = 1 /* and flag */", "a comment"),
        ("a = 1 /*", "a comment"),
        ("a--\n=1", "a comment"),
        ("a = 1 /* /* */ */", "a comment"),
        ("a, b", "function row"),
        ("(a, b) = (1, 2)", "function row"),
        ("(a, b) in ((1, 2))", "function row"),
        ("flag x", "syntax error"),
        ("flag as x", "syntax error"),
        ("x: flag", "the character :"),
        ("distinct flag", "syntax error"),
        ("all flag", "word all"),
        ("flag from t", "syntax error"),
        ("flag where true", "word where"),
        ("flag group by a", "word group"),
        ("flag having a", "word having"),
        ("flag order by a", "word order"),
        ("flag limit 1", "word limit"),
        ("flag offset 1", "word offset"),
        ("flag qualify a", "word qualify"),
        ("flag using sample 5", "word using"),
        ("flag window w as ()", "word window"),
        ("select true", "word select"),
        ("(select true)", "word select"),
        ("exists(select 1)", "word select"),
        ("exists(from t)", "a subquery"),
        ("(from t)", "a subquery"),
        ("(values (true))", "a subquery"),
        ("(table t)", "word table"),
        ("a in (select 1)", "word select"),
        ("a in (from t)", "a subquery"),
        ("a = any(b)", "word any"),
        ("a = all(b)", "word all"),
        ("with x as (from t) from x", "word with"),
        ("(with x as (from t) from x)", "word with"),
        ("a = ?", "parameters"),
        ("a = $1", "parameters"),
        ("a = $name", "parameters"),
        ("a = :name", "the character :"),
        ("a = #1", "the character #"),
        ("a = @b", "the character @"),
        ("$$x$$ = plan", "the character $"),
        ("*", "a pattern of columns"),
        ("t.*", "a pattern of columns"),
        ("columns(*) > 0", "a pattern of columns"),
        ("columns('a.*') > 0", "a pattern of columns"),
        ("t.a = 1", "a column is named alone"),
        ("main.t.a = 1", "a column is named alone"),
        ("plan[1] = 'x'", "the character ["),
        ("[a] = [1]", "the character ["),
        ("{'a': a} = b", "the character {"),
        ("struct_extract(a, 'b') = 1", "function struct_extract"),
        ("list_value(a) = b", "function list_value"),
        ("a -> b", "a lambda"),
        ("list_filter(a, x -> x)", "a lambda"),
        ("lambda x: x", "the character :"),
        (
            "sum(a) > 1",
            "function sum is not allowed in a predicate (at character 1); a predicate looks at one row",
        ),
        ("count(*) > 1", "function count_star"),
        ("sum(a) filter (where flag) > 1", "word where"),
        ("sum(a) over () > 1", "word over"),
        ("lower(distinct plan) = 'x'", "DISTINCT is not allowed"),
        ("lower(x := plan) = 'x'", "the character :"),
        ("plan collate nocase = 'x'", "word collate"),
        ("main.lower(plan) = 'x'", "a name in front"),
        ("system.main.lower(plan) = 'x'", "a name in front"),
        ("plan.lower() = 'x'", "a name in front"),
        ('"+"(a, b) = 1', "function + "),
        ("\"~~\"(plan, 'x')", "function ~~ "),
        ('"coalesce"(flag, flag)', "function coalesce "),
        ("like_escape(plan, 'x', '!')", "function like_escape "),
        ("random() > 0.5", "function random"),
        ("setseed(0.5) is null", "function setseed"),
        ("now() > day", "function now is not allowed in a predicate (at character 1); the answer must not"),
        ("today() > day", "function today"),
        ("current_date > day", "current_date is not allowed"),
        ("current_timestamp > day", "current_timestamp is not allowed"),
        ("current_date() > day", "function current_date"),
        ("age(day) > interval 1 day", "function age"),
        ("getvariable('x') = 1", "function getvariable"),
        ("current_setting('threads') = 1", "function current_setting"),
        ("current_user = plan", "no column current_user"),
        ("getenv('HOME') = plan", "function getenv"),
        ("read_text('x') = plan", "function read_text"),
        ("read_csv('x') = plan", "function read_csv"),
        ("nextval('s') = 1", "function nextval"),
        ("query('select 1')", "function query"),
        ("error('x')", "function error"),
        ("repeat(plan, 1000000) = 'x'", "function repeat"),
        ("lpad(plan, 1000000, 'x') = 'x'", "function lpad"),
        ("range(1000000) is null", "function range"),
        ("a! > 1", "function factorial"),
        ("factorial(a) > 1", "function factorial"),
        ("a & b > 0", "the character &"),
        ("a | b > 0", "the operator |"),
        ("~a > 0", "the operator ~"),
        ("!flag", "the operator !"),
        ("a <=> b", "the operator <=>"),
        ("plan glob 'x*'", "the operator ~~~"),
        ("try(a = 1)", "OPERATOR_TRY"),
        ("grouping(a) = 1", "GROUPING_FUNCTION"),
        ("a::uuid is null", "a cast to uuid"),
        ("plan::json is null", "a cast to json"),
        ("a::bit is null", "a cast to BIT"),
        ("plan::blob is null", "a cast to blob"),
        ("plan::varchar(3) = 'x'", "a cast to VARCHAR"),
        ("a::main.int = 1", "a name in front"),
        ("a::decimal(1, 2, 3) = 1", "a decimal type"),
        ("a::decimal(-1) = 1", "a decimal type"),
        ("a::decimal('5') = 1", "a decimal type"),
        ("e 'x' = plan", "a cast to e"),
        ("e'\\x27' = plan", "a space is missing"),
        ("x'ab' = plan", "a space is missing"),
        ("b'01' = plan", "a space is missing"),
        ("plan = “pro”", "text stands in ' and a name in \""),
        ("plan = \N{LEFT SINGLE QUOTATION MARK}pro", "(U+2018)"),
        ("plan = `pro`", "the character `"),
        ("plan = 'pro", "the quote ' is never closed (at character 8)"),
        ("plan = 'pro''", "the quote ' is never closed (at character 8)"),
        ('"plan = 1', 'the quote " is never closed (at character 1)'),
        ('"" = 1', "zero-length"),
        ("(a = 1", "this bracket is never closed (at character 1)"),
        ("a =", "ends before it is complete"),
        ("a = 1 1", "(at character 7)"),
        ("a < b < 3", "Chained comparisons"),
        ("", "the predicate is empty"),
        (" \n\t", "the predicate is empty"),
        ("a =\N{NO-BREAK SPACE}1", "(U+00A0)"),
        ("a = 1\N{ZERO WIDTH SPACE}", "\\u200b (U+200B)"),
        ("a = 1\N{RIGHT-TO-LEFT OVERRIDE}", "\\u202e (U+202E)"),
        ("a = '\0'", "is not text"),
        ("a\0 = 1", "is not text"),
        ("plan = '\ud800'", "is not text"),
        ("a = 1then", "neither a number nor a name"),
        ("a = 1e", "neither a number nor a name"),
        ("a = 0x1F", "neither a number nor a name"),
        ("a = 1__0", "syntax error"),
        ("amount < 1e999", "too large"),
        ("amount < -1e999", "too large"),
        ("a < " + "9" * 39, "128 bits"),
        ('"mlval:row" = 1', "mlval:"),
        ('"MLVAL:row" = 1', "mlval:"),
        ("rowid = 1", "no column rowid"),
        ("lower(plan, plan) = 'x'", "function lower takes 1 argument, not 2"),
        ("round(a, 1, 2) = 1", "function round takes 1 or 2 arguments, not 3"),
        ("concat() = 'x'", "function concat takes 1 or more arguments, not 0"),
        ("replace(plan, 'a', plan) = 'x'", "fixed text"),
        ("lowr(plan) = 'x'", "did you mean lower?"),
        ("Amont > 1", "there is no column Amont (at character 1); did you mean amount?"),
        ("zzz > 1", "the columns are a, b, amount, plan, flag, day"),
        ("plan = 'é' and zzz > 1", "(at character 16)"),
        ("5", "a value, neither true nor false"),
        ("'x'", "a value, neither true nor false"),
        ("null", "null is neither"),
        ("amount", "a value, neither true nor false (at character 1); compare it"),
        ("flag and amount", "(at character 10)"),
        ("plan = 'pro' or 'team'", "(at character 17)"),
        ("not a", "(at character 5)"),
        ("case when a then flag end", "(at character 11)"),
        ("case when flag then 1 end", "a value, neither true nor false"),
        ("coalesce(flag, 0)", "a value, neither true nor false"),
        ("cast(flag as int)", "a value, neither true nor false"),
        ("lower(plan)", "a value, neither true nor false"),
        ("a + b", "a value, neither true nor false"),
    ],
)
def test_it_is_refused_and_says_why(text: str, why: str) -> None:
    assert why in refusal(text)


BOMBS = {
    "one too long": "x" * 4_001,
    "far too long": "'" + "x" * 10_000_000 + "'",
    "brackets": "(" * 10_000 + "flag" + ")" * 10_000,
    "brackets that fit": "(" * 1_990 + "flag" + ")" * 1_990,
    "open brackets": "(" * 4_000,
    "brackets behind quoted ones": "(')' = " * 500 + "plan" + ")" * 500,
    "not": "not " * 990 + "flag",
    "minus": "- " * 1_990 + "a = 1",
    "plus": "a" + "+a" * 1_990 + " = 1",
    "is null": "flag" + " is null" * 490,
    "casts": "a" + "::int" * 790 + " = 1",
    "long or": "flag or " * 10_000 + "flag",
    "parts": "a in (" + "1," * 1_100 + "1)",
    "calls": "lower(" * 65 + "plan" + ")" * 65 + " = 'x'",
    "case in case": "case when " * 100 + "flag" + " then flag end" * 100,
    "operands of case": "case " * 60 + "a" + " when 1 then 1 when 2 then 2 end" * 60 + " = 1",
    "wide operands of case": "case " * 10 + "a" + (" when 1 then 1" * 20 + " end") * 10 + " = 1",
    "case in when": "case a " + "when case a when 1 then 1 when 2 then 2 end then 1 " * 70 + "end = 1",
    "with": "(with a as (" * 60 + "from t" + ") from a)" * 60,
    "all": "a ~ all b(" * 60 + "a" + ")" * 60,
    "nullif": "nullif(" * 40 + "flag" + ", true)" * 40,
    "between": "(" * 40 + "flag" + " between false and flag)" * 40,
    "in": "(" * 40 + "flag" + " in (flag, a > 3))" * 40,
    "replace in replace": "replace(" * 40 + "plan" + ", 'a', 'aaa')" * 40 + " = 'x'",
    "a long replacement": "replace(plan, 'a', '" + "a" * 3_900 + "') = 'x'",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    assert len(refusal(BOMBS[name])) < 400


def test_an_error_carries_its_parts() -> None:
    error = PredicateError("wrong", position=3, hint="do better")
    assert (str(error), error.position) == ("wrong (at character 3); do better", 3)


def test_a_message_shows_hostile_names_safely() -> None:
    assert "\\x1b" in refusal('"\x1b[31m' + "x" * 500 + '" = 1')
    assert len(refusal('"' + "x" * 3_000 + '" = 1')) < 500


def test_a_parser_that_says_something_new_is_not_believed() -> None:
    known = PARSE("SELECT (\nflag\n)")
    for old, new in [
        ('"alias":""', '"alias":"","new":true'),
        ('"modifiers":[]', '"modifiers":[1]'),
        ('"where_clause":null', '"where_clause":{"class":"x"}'),
        ('"sample":null', '"sample":{}, "sample":1'),
        ('"class":"COLUMN_REF"', '"class":"NEW"'),
        ('"column_names":["flag"]', '"column_names":"flag"'),
        ('"column_names":["flag"]', '"column_names":[1]'),
        ('"error":false', '"error":true'),
        ('"error":false', '"new":false'),
        ('"type":"EMPTY"', '"type":"BASE_TABLE"'),
        ('"type":"SELECT_NODE"', '"type":"SET_OPERATION_NODE"'),
    ]:
        assert old in known
        changed = known.replace(old, new)
        with pytest.raises(PredicateError):
            compile_predicate("flag", parse=lambda _, changed=changed: changed, columns=None)  # type: ignore[misc]
