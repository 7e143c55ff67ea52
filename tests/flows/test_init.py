"""A suggested contract: what it says of small tables, and that the data it came from always keeps it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlval.config.load import load
from mlval.config.yaml_nodes import document
from mlval.domain.contract import Contract
from mlval.domain.errors import SourceBroken, SourceUnavailable, UsageError
from mlval.flows.contract_file import read_contract
from mlval.flows.init import InitRequest, Suggested, init
from mlval.flows.request import Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts

NOW = "2026-01-31T12:00:00+00:00"
ROWS = 2000

Suggest = Callable[..., Suggested]
Table = Mapping[str, Sequence[object]]


@pytest.fixture(scope="module")
def writer() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@pytest.fixture
def suggest(tmp_path: Path) -> Suggest:
    """Return a function that suggests a contract from files of a workspace."""
    (tmp_path / "scratch").mkdir()
    folder = tmp_path / "workspace"
    folder.mkdir()

    def suggested(*files: str, private: bool = False, delimiter: str | None = None) -> Suggested:
        return init(asked(folder, files, private=private, delimiter=delimiter), Quiet())

    return suggested


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def asked(
    folder: Path, files: Sequence[str], *, private: bool = False, delimiter: str | None = None
) -> InitRequest:
    return InitRequest(
        files=tuple(files),
        folder=folder,
        start=folder,
        boundary=Boundary(folder),
        resources=Resources(folder.parent / "scratch", threads=2),
        private=private,
        delimiter=delimiter,
    )


def csv(path: Path, table: Table) -> None:
    rows = zip(*table.values(), strict=True)
    lines = [",".join(table), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(suggested: Suggested) -> dict[str, Any]:
    """Return the contract as plain values."""
    value = document(suggested.text.encode()).value
    assert isinstance(value, dict)
    return value


def columns(suggested: Suggested) -> dict[str, Any]:
    (validation,) = read(suggested)["validations"]
    found: dict[str, Any] = validation["columns"]
    return found


def line(suggested: Suggested, beginning: str) -> str:
    return next(one for one in suggested.text.splitlines() if one.strip().startswith(beginning))


def outcomes(folder: Path) -> list[str]:
    """Run the contract of a workspace and return what was not passed."""
    request = Request(
        contract=read_contract(folder / "mlval.yml", "mlval.yml"),
        base=folder,
        start=folder,
        boundary=Boundary(folder),
        now=NOW,
        resources=Resources(folder.parent / "scratch", threads=2),
        artifacts=Artifacts({}, folder),
    )
    return [
        f"{one.measurement.metric} of {one.measurement.subject!r}: {one.reason}"
        for one in run(request, Quiet()).verdict.results
        if one.outcome.value != "passed"
    ]


def test_an_ordinary_table(suggest: Suggest, workspace: Path) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    table = {
        "order_id": range(ROWS),
        "at": [start + timedelta(minutes=10 * row) for row in range(ROWS)],
        "plan": [("free", "pro", "team")[row % 3] for row in range(ROWS)],
        "sku": [f"SKU-{row % 700:05}" for row in range(ROWS)],
        "amount": [round(row % 997 / 7, 2) for row in range(ROWS)],
        "paid": [("true", "false")[row % 2] for row in range(ROWS)],
        "note": [None if row % 4 else f"text {'x' * (row % 5)}" for row in range(ROWS)],
    }
    csv(workspace / "orders.csv", table)
    found = suggest("orders.csv")
    contract = read(found)
    assert contract["datasets"] == {"orders": {"path": "orders.csv", "key": "order_id", "time": "at"}}
    (validation,) = contract["validations"]
    assert (validation["rows"], validation["unique"]) == ({"min": ROWS // 2}, "order_id")
    rules = validation["columns"]
    assert rules["order_id"] == {"type": "int", "nulls": 0}
    assert rules["at"]["min"] == "2026-01-01"
    assert rules["plan"]["in"] == ("free", "pro", "team")
    assert rules["sku"]["regex"] == "^SKU-[0-9]{5}$"
    assert (rules["amount"]["type"], rules["amount"]["range"]) == ("float", (0, 170))
    assert set(rules["paid"]) == {"type", "nulls"}
    assert float(rules["note"]["nulls"].rstrip("%")) == pytest.approx(80, abs=3)
    assert "0 to 142.29 observed" in line(found, "amount")
    (workspace / "mlval.yml").write_text(found.text)
    assert outcomes(workspace) == []


def test_every_line_of_a_rule_says_why(suggest: Suggest, workspace: Path) -> None:
    csv(workspace / "t.csv", {"a": range(ROWS), "b": [row % 7 for row in range(ROWS)]})
    lines = suggest("t.csv").text.splitlines()
    assert all(
        "  # " in one for one in lines if one.startswith("      ") and not one.lstrip().startswith("#")
    )


@pytest.mark.parametrize(
    "name, values, told",
    [
        pytest.param("fare", [-5 if row == 7 else row for row in range(ROWS)], "negative", id="refunds"),
        pytest.param("status_code", [row % 5 for row in range(ROWS)], "look like codes", id="codes"),
        pytest.param("at", ["2026-01-01 10:00:00"] * ROWS, "no time zone", id="naive times"),
        pytest.param("age", [row % 90 if row % 50 else 999 for row in range(ROWS)], "999 stands", id="999"),
        pytest.param("age", [-1 if row % 50 == 0 else row % 9 for row in range(ROWS)], "-1 stands", id="-1"),
        pytest.param("a", ["x"] * ROWS, "one value only", id="constant"),
        pytest.param("a", [("Paris", "paris")[row % 2] for row in range(ROWS)], "case", id="case"),
        pytest.param("user_id", [*range(ROWS - 1), 0], "almost unique", id="almost unique"),
        pytest.param("a", [f"0{row}" for row in range(ROWS)], "stored as text", id="numbers as text"),
        pytest.param("a", [f"{row}.0" for row in range(ROWS)], "stored as floats", id="whole floats"),
        pytest.param("a", [("x", "n/a")[row % 2] for row in range(ROWS)], "mean missing", id="n/a"),
        pytest.param("a", ["x" if row else "y" for row in range(ROWS)], "only once", id="a slip"),
        pytest.param("a", [None] * ROWS, "no values at all", id="empty"),
        pytest.param(
            "on", ["1900-01-01" if row == 3 else f"2026-01-{row % 28 + 1:02}" for row in range(ROWS)],
            "far before", id="a date outside",
        ),
    ],
)  # fmt: skip
def test_what_looks_odd_is_marked(
    suggest: Suggest, workspace: Path, name: str, values: Sequence[object], told: str
) -> None:
    csv(workspace / "t.csv", {name: values, "other": range(len(values))})
    marked = [one for one in suggest("t.csv").text.splitlines() if "# odd: " in one]
    assert any(told in one for one in marked), marked


def test_ordinary_columns_are_not_odd(suggest: Suggest, workspace: Path) -> None:
    csv(workspace / "t.csv", {"id": range(ROWS), "amount": [row % 997 / 8 for row in range(ROWS)]})
    assert "# odd" not in suggest("t.csv").text


def test_room_grows_as_rows_become_few(suggest: Suggest, workspace: Path) -> None:
    limits = []
    for rows in (200, 2000, 20_000):
        csv(workspace / f"t{rows}.csv", {"a": [row % 90 for row in range(rows)]})
        limits.append(float(columns(suggest(f"t{rows}.csv"))["a"]["allow"].rstrip("%")))
    assert limits == sorted(limits, reverse=True)
    assert limits[0] < 15
    assert limits[2] < 0.2


def test_a_handful_of_rows_gives_types_and_says_why_no_more(suggest: Suggest, workspace: Path) -> None:
    csv(workspace / "t.csv", {"a": [1, 5, 9], "b": ["x", "y", "z"]})
    found = suggest("t.csv")
    assert columns(found) == {"a": {"type": "int"}, "b": {"type": "string"}}
    assert "3 values are too few for limits" in line(found, "a:")


def test_a_column_that_is_nearly_empty_has_no_rule_on_values(suggest: Suggest, workspace: Path) -> None:
    # New data may have none of them, and a rule on no values is an error.
    csv(workspace / "t.csv", {"a": [1 if row == 5 else None for row in range(ROWS)], "b": range(ROWS)})
    assert columns(suggest("t.csv"))["a"].keys() <= {"nulls", "required"}


def test_private_contracts_hold_no_value_of_the_data(suggest: Suggest, workspace: Path) -> None:
    table: dict[str, list[object]] = {
        "plan": [("secret-a", "secret-b")[row % 2] for row in range(ROWS)],
        "sku": [f"SECRET-{row % 700:04}" for row in range(ROWS)],
        "pay": [round(1234.57 + row % 800 * 3.1, 2) for row in range(ROWS)],
    }
    csv(workspace / "t.csv", table)
    found = suggest("t.csv", private=True)
    assert "secret" not in found.text.lower()
    assert columns(found)["pay"]["range"] == (0, 5000)
    assert not any(str(value) in found.text for value in table["pay"])


def test_patterns_are_one_dataset_and_names_are_made_unique(suggest: Suggest, workspace: Path) -> None:
    for folder, name in (("jan", "a"), ("jan", "b"), ("feb", "a")):
        (workspace / folder).mkdir(exist_ok=True)
        csv(workspace / folder / f"{name}.csv", {"x": range(300)})
    found = read(suggest("jan/*.csv", "jan/a.csv", "feb/a.csv"))
    assert {name: one["path"] for name, one in found["datasets"].items()} == {
        "jan": "jan/*.csv",
        "a": "jan/a.csv",
        "a-2": "feb/a.csv",
    }
    assert found["validations"][0]["rows"] == {"min": 300}


def test_data_outside_of_the_workspace_is_named_when_the_gate_runs(suggest: Suggest, workspace: Path) -> None:
    csv(workspace.parent / "outside.csv", {"x": range(300)})
    assert read(suggest("../outside.csv"))["datasets"]["outside"] == {"from": "input", "key": "x"}


def test_another_delimiter_is_written_down(suggest: Suggest, workspace: Path) -> None:
    (workspace / "t.csv").write_text("a;b\n" + "1;2\n" * 200)
    dataset = read(suggest("t.csv", delimiter=";"))["datasets"]["t"]
    assert dataset["format"] == {"delimiter": ";"}


@pytest.mark.parametrize(
    "content, told",
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("a,b\n", "no rows", id="header only"),
        pytest.param("a,b\n1\n", "fields", id="ragged"),
    ],
)
def test_files_without_data_are_refused(suggest: Suggest, workspace: Path, content: str, told: str) -> None:
    (workspace / "t.csv").write_text(content)
    with pytest.raises(SourceBroken, match=told):
        suggest("t.csv")


def test_a_file_that_is_not_there_is_named(suggest: Suggest) -> None:
    with pytest.raises(SourceUnavailable, match=r"nowhere\.csv"):
        suggest("nowhere.csv")


def test_no_file_is_refused(suggest: Suggest) -> None:
    with pytest.raises(UsageError, match="0 files"):
        suggest()


def test_lists_and_structs_get_a_limit_on_nulls_only(
    suggest: Suggest, workspace: Path, writer: duckdb.DuckDBPyConnection
) -> None:
    query = f"SELECT [i] AS listed, {{'a': i}} AS nested, i AS plain FROM range({ROWS}) t(i)"
    writer.execute(f"COPY ({query}) TO '{workspace}/t.parquet' (FORMAT parquet)")
    found = columns(suggest("t.parquet"))
    assert (found["listed"].keys(), found["nested"].keys()) == ({"nulls"}, {"nulls"})


def test_nan_has_a_limit_of_its_own(
    suggest: Suggest, workspace: Path, writer: duckdb.DuckDBPyConnection
) -> None:
    query = f"SELECT CASE WHEN i % 20 = 0 THEN 'nan'::DOUBLE ELSE i * 1.5 END AS a FROM range({ROWS}) t(i)"
    writer.execute(f"COPY ({query}) TO '{workspace}/t.parquet' (FORMAT parquet)")
    found = suggest("t.parquet")
    assert 5 < float(columns(found)["a"]["nans"].rstrip("%")) < 9
    assert "5% NaN" in line(found, "# odd:")


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
) | st.sampled_from(
    ["no", "<<", "~", "1", "1e3", "- a", "a: b", "a #b", "'", '"', "a\nb", "\u202e", "\ufeff", "&a", "*a",
     "> 1", "${{ x }}", "\x85", "x" * 250, "{a}", "[a]", "?", "%", "@", "`", "|", "true", "2026-01-01"]
)  # fmt: skip
CELLS = {
    "VARCHAR": HOSTILE | st.just(""),
    "BIGINT": st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3),
    "HUGEINT": st.integers(-(2**126), 2**126),
    "DOUBLE": st.floats() | st.sampled_from([0.0, -1.0, 0.1]),
    "FLOAT": st.floats(width=32),
    "DECIMAL(9,2)": st.decimals(-(10**6), 10**6, places=2),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "TIMESTAMPTZ": st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1)),  # noqa: DTZ001 - hypothesis wants it naive
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, str], list[tuple[object, ...]], int]:
    """Draw the types of columns by name, rows, and how often these are repeated."""
    names = draw(st.lists(HOSTILE, min_size=1, max_size=4, unique_by=str.casefold))
    kinds = {name: draw(st.sampled_from(sorted(CELLS))) for name in names}
    row = st.tuples(*(st.none() | CELLS[kind] for kind in kinds.values()))
    return kinds, draw(st.lists(row, min_size=1, max_size=12)), draw(st.sampled_from([1, 3, 200]))


@given(drawn=tables(), private=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_table_keeps_its_own_contract(
    drawn: tuple[dict[str, str], list[tuple[object, ...]], int],
    private: bool,
    tmp_path_factory: pytest.TempPathFactory,
    writer: duckdb.DuckDBPyConnection,
) -> None:
    folder = tmp_path_factory.mktemp("any") / "workspace"
    folder.mkdir()
    (folder.parent / "scratch").mkdir()
    write(writer, folder / "t.parquet", drawn)
    found = init(asked(folder, ("t.parquet",), private=private), Quiet())
    assert list(columns(found)) == list(drawn[0])
    (folder / "mlval.yml").write_text(found.text, encoding="utf-8")
    assert outcomes(folder) == []
    assert found.left_out == ()


def write(
    writer: duckdb.DuckDBPyConnection,
    path: Path,
    drawn: tuple[Mapping[str, str], Sequence[Sequence[object]], int],
) -> None:
    kinds, rows, repeats = drawn
    quoted = ['"' + name.replace('"', '""') + '"' for name in kinds]
    fields = ", ".join(f"{name} {kind}" for name, kind in zip(quoted, kinds.values(), strict=True))
    writer.execute(f"CREATE OR REPLACE TABLE drawn ({fields})")
    one = f"({', '.join('?' * len(kinds))})"
    cells = [cell for row in rows for cell in row]
    writer.execute(f"INSERT INTO drawn VALUES {', '.join([one] * len(rows))}", cells)
    writer.execute(f"COPY (SELECT drawn.* FROM drawn, range({repeats})) TO '{path}' (FORMAT parquet)")


def test_loading_gives_a_contract(suggest: Suggest, workspace: Path) -> None:
    csv(workspace / "t.csv", {"x": range(300)})
    contract = load(suggest("t.csv").text.encode(), file="mlval.yml", default_name="other")
    assert isinstance(contract, Contract)
    assert contract.name == "workspace"
