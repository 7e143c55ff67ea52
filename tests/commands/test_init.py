"""`mlval init` as a user calls it: what it writes, what it says, what it refuses."""

from pathlib import Path

import pytest

from tests.commands.conftest import Call


@pytest.fixture
def data(folder: Path) -> Path:
    """Return a table of 500 rows in the working directory, which has a contract already."""
    rows = "".join(f"{row},{('a', 'b')[row % 2]}\n" for row in range(500))
    (folder / "orders.csv").write_text(f"n,plan\n{rows}", encoding="utf-8")
    return folder


def test_it_writes_a_contract_that_passes(data: Path, call: Call) -> None:
    (data / "mlval.yml").unlink()
    written = call("init", "orders.csv")
    assert (written.code, written.out) == (0, "")
    assert "mlval.yml: 2 columns" in written.err
    assert call("run").code == 0


def test_it_replaces_no_contract_unless_told(data: Path, call: Call) -> None:
    before = (data / "mlval.yml").read_bytes()
    refused = call("init", "orders.csv")
    assert refused.code == 2
    assert "--force" in refused.err
    assert (data / "mlval.yml").read_bytes() == before
    assert call("init", "orders.csv", "--force").code == 0
    assert (data / "mlval.yml").read_bytes() != before


@pytest.mark.usefixtures("data")
def test_it_prints_to_standard_output(call: Call) -> None:
    printed = call("init", "orders.csv", "-o", "-")
    assert printed.code == 0
    assert "plan: {type: string, in: [a, b]" in printed.out
    assert printed.err == ""


def test_paths_are_relative_to_the_contract(data: Path, call: Call) -> None:
    (data / "gates").mkdir()
    assert call("init", "orders.csv", "-o", "gates/orders.yml", "--quiet").err == ""
    assert "{path: '../orders.csv'" in (data / "gates/orders.yml").read_text()
    assert call("run", "gates/orders.yml").code == 0


@pytest.mark.parametrize(
    "arguments, told",
    [
        pytest.param(["nowhere.csv", "--force"], "nowhere.csv", id="a file that is not there"),
        pytest.param(["orders.csv", "-o", "."], "not a file", id="a folder for a contract"),
        pytest.param(["orders.csv", "-o", "no/such/mlval.yml"], "there is no folder", id="no folder"),
        pytest.param([], "FILES", id="no file"),
    ],
)
def test_what_cannot_work_is_said_in_one_screen(
    data: Path, call: Call, arguments: list[str], told: str
) -> None:
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    ended = call("init", *arguments)
    assert ended.code in {2, 4}
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


@pytest.mark.usefixtures("data")
def test_the_same_data_gives_the_same_bytes(call: Call) -> None:
    first, second = (call("init", "orders.csv", "-o", "-").out for _ in range(2))
    assert first == second


def test_it_names_the_call_that_judges_what_it_wrote(data: Path, call: Call) -> None:
    (data / "other.csv").write_bytes((data / "orders.csv").read_bytes())
    written = call("init", "orders.csv", "other.csv", "-o", "two.yml")
    assert "two.yml: 4 columns" in written.err
    assert "`mlval run two.yml`" in written.err
    assert "250 and 250 rows that is like" in (data / "two.yml").read_text()
