"""The parts of a suggestion, each by itself: limits, forms of text, roles, and leaving out what fails."""

import doctest
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest

from mlval.domain.asks import Ask, Column, Count, Kind, Shape, TableShape
from mlval.flows import suggest_limits, suggest_odd, suggest_roles, suggest_text, suggest_yaml
from mlval.flows.suggest_facts import ColumnFacts, Limits, Spread, TableFacts, Wording
from mlval.flows.suggest_limits import range_of
from mlval.flows.suggest_roles import dataset_name, key_of, time_of
from mlval.flows.suggest_rules import draft, terms_for
from mlval.flows.suggest_text import format_of, pattern_of
from mlval.flows.suggest_trial import broken, without
from mlval.flows.suggest_yaml import DatasetDraft, Noted, contract_text


@pytest.mark.parametrize("module", [suggest_limits, suggest_odd, suggest_roles, suggest_text, suggest_yaml])
def test_examples_in_docstrings(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    "spread, kind, expected",
    [
        pytest.param((0, 0, 10, 40, 41, 0), "float", (0, 49), id="no negative value: 0 is an end"),
        pytest.param((0, 0, 10, 40, 3000, 0), "float", (0, 48), id="one far above the bulk"),
        pytest.param((-52, 0, 10, 40, 41, 5), "float", (0, 49), id="a few refunds"),
        pytest.param((-9, -8, 0, 8, 9, 450), "float", (-12, 12), id="as many below zero as above"),
        pytest.param((0, 0.01, 0.4, 0.99, 1, 0), "float", (0, 1), id="shares"),
        pytest.param((0, 0, 0.4, 0.6, 0.7, 0), "float", (0, 0.78), id="numbers below one"),
        pytest.param((0, 1, 60, 100, 100, 0), "int", (0, 100), id="percentages"),
        pytest.param(
            (5e17, 5e17, 6e17, 2**63, 2**63, 0), "int", (0, 11_400_000_000_000_000_000), id="64 bits"
        ),
        pytest.param((-(2.0**80), -1e20, 0, 2**80, 2**80, 50), "int", (None, None), id="beyond 64 bits"),
        pytest.param((7, 7, 7, 7, 7, 0), "float", (0, 7), id="one value"),
        pytest.param(
            (-1.7e308, -1.7e308, 0, 1.7e308, 1.7e308, 50), "float", (None, None), id="the largest floats"
        ),
    ],
)
def test_ranges(
    spread: tuple[float, float, float, float, float, int],
    kind: Kind,
    expected: tuple[float | None, float | None],
) -> None:
    found = range_of(Spread(*spread), 1000, kind=kind)
    assert (found.low, found.high) == expected


@pytest.mark.parametrize(
    "sample, expected",
    [
        pytest.param(
            [f"SKU-{n:05}" for n in range(40)], "^SKU-[0-9]{5}$", id="constant letters, counted digits"
        ),
        pytest.param([f"{n:04x}" for n in range(4000, 4900)], "^[0-9a-f]{4}$", id="hexadecimal"),
        pytest.param([f"v{n}.{n * 7}" for n in range(40)], r"^v[0-9]+\.[0-9]+$", id="lengths that differ"),
        pytest.param([f"{chr(65 + n % 26)}{n % 10}" for n in range(40)], "^[A-Z][0-9]$", id="one of each"),
        pytest.param(
            [f"[{n}]*" for n in range(40)], r"^\[[0-9]+\]\*$", id="signs with a meaning in patterns"
        ),
        pytest.param([f"Anna {chr(65 + n % 26)}x" for n in range(40)], None, id="names"),
        pytest.param([f"{'x' * (n % 7)} {n}" for n in range(40)], None, id="no common form"),
        pytest.param([f"A{n}" for n in range(5)], None, id="too few"),
        pytest.param(["", *(f"A{n}" for n in range(40))], None, id="an empty text"),
    ],
)
def test_patterns(sample: Sequence[str], expected: str | None) -> None:
    found = pattern_of(sample)
    assert (None if found is None else found.regex) == expected


@pytest.mark.parametrize(
    "value, expected",
    [
        ("123e4567-e89b-12d3-a456-426614174000", "uuid"),
        ("a.b@example.org", "email"),
        ("https://example.org/a?b", "url"),
        ("2026-01-31", "date"),
        ("hello", None),
    ],
)
def test_formats(value: str, expected: str | None) -> None:
    assert format_of([value] * 20) == expected


def facts_of(name: str, kind: Kind = "int", **known: Any) -> ColumnFacts:  # noqa: ANN401 - fields of several types
    known = {"rows": 1000, "present": 1000, "distinct": 1000} | known
    return ColumnFacts(column=Column(name, kind, kind.upper()), **known)


DENSE = Spread(0, 1, 500, 998, 999)
SPARSE = Spread(0, 1e9, 5e11, 9e11, 1e12)


@pytest.mark.parametrize(
    "columns, expected",
    [
        pytest.param([facts_of("n", spread=DENSE)], "n", id="numbers that chance would repeat"),
        pytest.param([facts_of("n", spread=SPARSE)], None, id="numbers that differ by chance"),
        pytest.param([facts_of("order_id", spread=SPARSE)], "order_id", id="by its name"),
        pytest.param([facts_of("orderId", spread=SPARSE)], "orderId", id="by its name, in camel case"),
        pytest.param([facts_of("paid", spread=SPARSE)], None, id="a word that ends alike"),
        pytest.param([facts_of("id", spread=DENSE, distinct=999)], None, id="one value is repeated"),
        pytest.param(
            [facts_of("id", spread=DENSE, present=999, distinct=999)], None, id="one value is missing"
        ),
        pytest.param([facts_of("id", "float", spread=DENSE)], None, id="floats are measured, not given"),
        pytest.param(
            [facts_of("u", "string", wording=Wording("format", "uuid", 0))],
            "u",
            id="identifiers by their format",
        ),
        pytest.param(
            [facts_of("s", "string", wording=Wording("regex", "^[0-9]{4}$", 0, 1e4))],
            "s",
            id="a small space of codes",
        ),
    ],
)
def test_keys(columns: Sequence[ColumnFacts], expected: str | None) -> None:
    assert key_of(TableFacts(1000, tuple(columns))) == expected


@pytest.mark.parametrize(
    "names, expected",
    [
        (["a"], "a"),
        (["loaded", "created_at", "b"], "created_at"),
        (["start", "end"], "start"),
        ([], None),
    ],
)
def test_times(names: Sequence[str], expected: str | None) -> None:
    found = time_of(TableFacts(1000, tuple(facts_of(name, "timestamp") for name in names)))
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    "reference, taken, expected",
    [
        ("data/orders.csv.gz", (), "orders"),
        ("data/orders.csv", ("orders", "orders-2"), "orders-3"),
        ("data/2026-01.parquet", (), "data-2026-01"),
        ("orders/*.parquet", (), "orders"),
        ("data/part-*.parquet", (), "part"),
        ("*.csv", (), "data"),
        ("_.csv", (), "data"),
        ("Größe & Maß.csv", (), "Groe-Ma"),
        (f"{'x' * 300}.csv", (), "x" * 50),
    ],
)
def test_names_of_datasets(reference: str, taken: tuple[str, ...], expected: str) -> None:
    assert dataset_name(reference, taken) == expected


def test_the_budget_is_split_over_all_columns() -> None:
    few, many = (TableFacts(1000, tuple(facts_of(f"c{n}") for n in range(count))) for count in (1, 50))
    assert terms_for([many], private=False).alpha == pytest.approx(terms_for([few], private=False).alpha / 50)


def test_a_column_whose_name_is_no_key_of_yaml_is_counted() -> None:
    facts = TableFacts(1000, (facts_of("a", "string"), facts_of("\x01" * 400, "string")))
    found = draft("t", {"path": "t.csv"}, facts, terms=terms_for([facts], private=False))
    assert list(found.columns) == ["a"]
    assert "1 columns left out" in found.place.odd[0]


def test_a_column_that_could_not_be_measured_is_required_and_says_why() -> None:
    facts = TableFacts(1000, (), {"a": "too large"})
    found = draft("t", {"path": "t.csv"}, facts, terms=terms_for([facts], private=False))
    assert found.columns["a"] == Noted({"required": True}, "not measured: too large")


def test_limits_hold_the_room_that_is_written() -> None:
    facts = facts_of("a", "float", distinct=900, spread=DENSE, limits=Limits(0, 1000, taken=1))
    table = TableFacts(1000, (facts,))
    rules = draft("t", {"path": "t.csv"}, table, terms=terms_for([table], private=False)).columns["a"].value
    assert isinstance(rules, dict)
    # With none of 1,000 beyond, 5 or more of 500 new ones come with a chance of about 3 to the power of -5,
    # which is less than a quarter of the budget; as many may be null, so that it is 4 of 496.
    assert rules["allow"] == "0.81%"


def answer(asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
    """Answer for a table of ten rows in which every rule on `b` fails."""

    def one(ask: Ask[Any]) -> TableShape | int:
        if isinstance(ask, Shape):
            return TableShape((Column("a", "int", "BIGINT"), Column("b", "int", "BIGINT")), 10)
        assert isinstance(ask, Count)
        return 10 if not ask.of or "'b'" in repr(ask) or len(ask.of) == 1 else 0

    return {ask: one(ask) for ask in asks}


def test_what_the_data_breaks_is_left_out_and_said() -> None:
    rules = {"a": Noted({"min": 0}), "b": Noted({"min": 0, "allow": "1%"}, "0 to 9 observed")}
    drafted = DatasetDraft("t", Noted({"path": "t.csv"}), {"rows": Noted({"min": 5})}, rules)
    failed = broken(contract_text("c", [drafted]), answer)
    assert [one.measurement.path for one in failed] == [("columns", "b", "min")]
    kept = without(drafted, failed)
    assert kept.columns["a"] == drafted.columns["a"]
    assert kept.columns["b"] == Noted(
        {"required": True}, "0 to 9 observed; `min` left out: this data breaks it"
    )
    assert broken(contract_text("c", [kept]), answer) == []
