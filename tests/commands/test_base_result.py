"""`mlval run --base-result`: what failed before is told apart from what is new, on a laptop as well."""

from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import Call

CONTRACT = """version: 1
name: sales
fail_on: new
datasets: {sales: {path: sales.csv}}
validations:
  - {type: data, id: sales, columns: {amount: {max: 5}}}
"""


@pytest.fixture
def written(folder: Path) -> Path:
    (folder / "mlval.yml").write_text(CONTRACT)
    (folder / "sales.csv").write_text("amount\n1\n2\n9\n")
    return folder


def test_an_old_failure_does_not_block_and_a_worse_one_does(written: Path, call: Call) -> None:
    assert call("run", "--output", "before").code == ExitCode.BLOCKED
    again = call("run", "--base-result", "before/result.json")
    assert again.code == ExitCode.PASSED
    assert "no worse than at the base branch" in again.out
    (written / "sales.csv").write_text("amount\n1\n8\n9\n")
    worse = call("run", "--base-result", "before/result.json")
    assert worse.code == ExitCode.BLOCKED
    assert "at the base branch" in worse.out


def test_a_result_of_another_contract_is_none_of_this_one(written: Path, call: Call) -> None:
    call("run", "--output", "before")
    (written / "mlval.yml").write_text(CONTRACT.replace("name: sales", "name: other"))
    assert call("run", "--base-result", "before/result.json").code == ExitCode.BLOCKED


@pytest.mark.parametrize("content", [None, "", "{}", '{"schema_version": 99}'])
def test_a_file_that_is_no_result_is_an_error_of_the_call(
    written: Path, call: Call, content: str | None
) -> None:
    if content is not None:
        (written / "before.json").write_text(content)
    ended = call("run", "--base-result", "before.json")
    assert ended.code == ExitCode.USAGE
    assert ended.err


@pytest.mark.usefixtures("written")
def test_without_a_result_of_the_base_it_is_said_that_every_failure_is_new(call: Call) -> None:
    told = "`fail_on: new` has nothing to compare with"
    assert told in " ".join(call("run", "--output", "before").out.split())
    assert told not in " ".join(call("run", "--base-result", "before/result.json").out.split())
