"""The text of a query: what is refused before anything is contacted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceRefused
from mlval.sources.sql_text import LONGEST, one_select, whole_table


@pytest.mark.parametrize(
    "text, query",
    [
        ("SELECT 1", "SELECT 1"),
        (" select\n1 ; \n", "select\n1"),
        (
            "-- why\n/* because; */ WITH a AS (SELECT 1) TABLE a",
            "-- why\n/* because; */ WITH a AS (SELECT 1) TABLE a",
        ),
        ("((SELECT 1) UNION (SELECT 2))", "((SELECT 1) UNION (SELECT 2))"),
    ],
)
def test_a_select_is_read(text: str, query: str) -> None:
    assert one_select(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ; ",
        "-- SELECT 1",
        "/* SELECT 1",
        "DELETE FROM t",
        "COPY t TO PROGRAM 'x'",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECTED",
        "DO $$ $$",
        "CALL p()",
        "VALUES (1)",
        "SELECT 1\0",
        "SELECT '\ud800'",
        f"SELECT {'1' * LONGEST}",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(SourceRefused):
        one_select(text)


@pytest.mark.parametrize(
    "name, query",
    [
        ("orders", 'SELECT * FROM "orders"'),
        ('shop.o"; DROP TABLE x; --', 'SELECT * FROM "shop"."o""; DROP TABLE x; --"'),
        ("Ümlaut.Größe", 'SELECT * FROM "Ümlaut"."Größe"'),
    ],
)
def test_a_name_is_quoted(name: str, query: str) -> None:
    assert whole_table(name) == query


@pytest.mark.parametrize("name", ["", ".", "a.", ".b", "a.b.c", "a\0b", "x" * 64, "é" * 32, "\ud800"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SourceRefused):
        whole_table(name)


@given(st.text('ab".; -', min_size=1, max_size=20))
def test_no_name_ends_its_quotes(name: str) -> None:
    try:
        query = whole_table(name)
    except SourceRefused:
        return
    quoted = query.removeprefix("SELECT * FROM ")
    assert [part.replace('""', '"') for part in quoted[1:-1].split('"."')] == name.split(".")
    assert quoted.count('"') % 2 == 0
