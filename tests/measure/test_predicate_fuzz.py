"""Whatever is written as a predicate: it is refused as one, or it means what the engine makes of it."""

import re

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import Kind
from mlval.measure.predicate import PredicateError, columns_of, compile_predicate, parser
from mlval.measure.predicate_vocabulary import FUNCTIONS

ENGINE = duckdb.connect()
ENGINE.execute("""
    CREATE TABLE t AS SELECT * FROM (VALUES
        (1, 1.5e0, 'pro', true, DATE '2026-01-31'),
        (2, 0, 'free', false, DATE '2000-02-29'),
        (-3, 'nan', '', NULL, DATE '1969-12-31'),
        (0, 'inf', 'a%b', true, NULL),
        (NULL, NULL, NULL, false, DATE '2026-03-01'),
    ) AS v(n, x, s, p, d)
""")
COLUMNS: dict[str, Kind] = {"n": "int", "x": "float", "s": "string", "p": "bool", "d": "date"}
PARSE = parser(ENGINE)

NUMBERS = st.sampled_from(["n", "N", "x", "0", "1", "-1", "2.5", "1e0", "007", "1_0", "null"])
TEXTS = st.sampled_from(["s", "S", "''", "'pro'", "'a%b'", "'it''s'", "null"])
TRUTHS = st.sampled_from(
    ["p", "P", "true", "false", "null", "n is null", "s like 'p%'", "d > date '2000-01-01'"]
)


def maybe_in_brackets(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return parts | parts.map("({})".format)


def filled(*templates: str, **holes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return templates with each hole, `{a}` to `{z}`, filled by what its strategy draws."""

    def fill(template: str) -> st.SearchStrategy[str]:
        names = sorted(set(re.findall(r"{(\w)}", template)))
        drawn = st.tuples(*(holes[name] for name in names))
        return drawn.map(lambda values: template.format(**dict(zip(names, values, strict=True))))

    return maybe_in_brackets(st.sampled_from(templates).flatmap(fill))


def numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    templates = [
        "{a} + {b}",
        "{a} - {b}",
        "{a} * {b}",
        "{a} / {b}",
        "{a} // {b}",
        "{a} % {b}",
        "{a} ** {b}",
        "- {a}",
    ]
    templates += [
        "+{a}",
        "abs({a})",
        "coalesce({a}, {b})",
        "round({a}, 1)",
        "greatest({a}, {b})",
        "nullif({a}, {b})",
    ]
    templates += ["case when p then {a} else {b} end", "case {a} when {b} then 1 end", "cast({a} as double)"]
    return filled(*templates, a=inner, b=inner)


def truths(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    templates = [
        "{a} and {b}",
        "{a} or {b}",
        "{a} and {b} or {a}",
        "not {a}",
        "({a}) is null",
        "({a}) is not true",
    ]
    templates += [
        "({a}) = ({b})",
        "({a}) is distinct from ({b})",
        "case when {a} then {b} end",
        "nullif({a}, {b})",
    ]
    templates += [
        "{m} < {k}",
        "{m} >= {k}",
        "{m} <> {k}",
        "{m} = {k}",
        "{m} between {k} and {m}",
        "isnan({m})",
    ]
    templates += ["{m} not between {k} and 3", "{m} in ({k}, 2)", "{m} not in (1, 2, null)", "{m} is null"]
    templates += ["{t} = {u}", "{t} || {u} > {t}", "{t} like {u}", "{t} not ilike '%o' ", "length({t}) > {m}"]
    templates += [
        "contains({t}, {u})",
        "{t} in ({u}, 'x')",
        "{t} similar to 'p.*'",
        "lower({t}) < upper({u})",
    ]
    templates += ["d + interval 1 day > date '2000-03-01'", "year(d) = 2026", "d in (date '2026-01-31')"]
    return filled(*templates, a=inner, b=inner, m=NUMBER, k=NUMBER, t=TEXTS, u=TEXTS)


NUMBER = st.recursive(NUMBERS, numbers, max_leaves=5)
TRUTH = st.recursive(TRUTHS, truths, max_leaves=8)

MILD = """
    and or not is null in between like ilike similar to escape case when then else end cast try_cast as true
    false distinct from interval day extract year trim leading ( ) ( ) ( ) , :: + - * / // % ** || < <= = <> ~
    !~ n x s p d n p p p lower( nullif( coalesce( replace( contains( int 0 1 2.5 1e5 1_0 'x' '%' '' "n" "P"
"""
WILD = """
    position exists any all select with union limit order by group where values row array lambda collate over
    filter within at zone . : ; ^ != ~~ !~~* -> => -- /* */ ? $1 $$ # @ & | ! [ ] { } ' '' " \\ ` random()
    now() sum( 1e999 007 .5 5. "" e'x' x'ab' é “ ” mlval:
"""
TOKENS = st.sampled_from((MILD + WILD).split())
SOUP = st.builds(
    lambda tokens, space: space.join(tokens),
    st.lists(st.sampled_from(MILD.split()), max_size=9) | st.lists(TOKENS, max_size=25),
    st.sampled_from([" ", " ", "\n", ""]),
)

# Words that the SQL of an accepted predicate can hold outside quotes, whatever the text was.
OUR_WORDS = """
    AND OR NOT IS NULL DISTINCT FROM IN BETWEEN LIKE ILIKE ESCAPE CASE WHEN THEN ELSE END CAST TRY_CAST AS
    TRUE FALSE INTEGER DOUBLE DATE INTERVAL e coalesce
"""


def compiled(text: str) -> str | None:
    try:
        return compile_predicate(text, parse=PARSE, columns=COLUMNS)
    except PredicateError:
        return None


def answer(sql: str) -> object:
    try:
        return ENGINE.execute(f"SELECT ({sql}\n) FROM t").fetchall()
    except duckdb.Error as error:
        return type(error)


@given(TRUTH)
def test_a_generated_predicate_means_what_the_engine_makes_of_it(text: str) -> None:
    sql = compiled(text)
    if sql is None:
        assert answer(text) == [(None,)] * 5
        return
    assert answer(sql) == answer(text)
    assert compiled(sql) == sql
    assert {name.lower() for name in columns_of(text, parse=PARSE)} <= COLUMNS.keys()


@given(SOUP)
def test_soup_is_refused_or_becomes_words_of_our_own(text: str) -> None:
    sql = compiled(text)
    if sql is None:
        return
    bare = re.sub(r"""'(?:[^']|'')*'|"(?:[^"]|"")*\"""", " ", sql)
    assert set(re.findall(r"[A-Za-z_]\w*", bare)) <= {*OUR_WORDS.split(), *FUNCTIONS}
    assert set(re.findall(r'"((?:[^"]|"")*)"', re.sub(r"'(?:[^']|'')*'", "", sql))) <= COLUMNS.keys()
    assert compiled(sql) == sql
    assert answer(sql) == answer(text)


@given(st.text(max_size=200))
def test_any_text_is_refused_or_accepted(text: str) -> None:
    sql = compiled(text)
    assert sql is None or compiled(sql) == sql


@given(TRUTH, st.integers(0, 10_000), st.integers(0, 1), TOKENS | st.text(max_size=3))
def test_a_predicate_with_one_token_changed(text: str, place: int, removed: int, token: str) -> None:
    tokens = re.findall(r"'[^']*'|\w+|\s+|\W", text)
    place %= len(tokens)
    changed = "".join([*tokens[:place], f" {token} ", *tokens[place + removed :]])
    sql = compiled(changed)
    assert sql is None or answer(sql) == answer(changed)
