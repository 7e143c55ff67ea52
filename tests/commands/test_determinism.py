"""Same inputs, same bytes out: whatever the threads, the folder, the locale, the time zone, the hash seed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.__main__ import cli
from mlval.commands._errors import guarded
from mlval.domain.errors import ExitCode
from tests.commands import payments
from tests.commands.conftest import NOW, Call

ROWS = 30_000

ELSEWHERE = {
    "csv": {"LC_ALL": "C", "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "1"},
    "parquet": {"LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "2"},
}

Outputs = tuple[str, str]
Judge = Callable[..., Outputs]


def outputs(folder: Path) -> Outputs:
    return (folder / "result.json").read_text("utf-8"), (folder / "report.md").read_text("utf-8")


@pytest.fixture(scope="module", params=ELSEWHERE)
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a contract and its data in one format."""
    folder = tmp_path_factory.mktemp(request.param, numbered=False)
    payments.write(folder, extension=request.param, rows=ROWS)
    return folder


@pytest.fixture(scope="module")
def judge(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Return a function that judges the contract in this process and returns result.json and report.md."""

    def judged(*options: str) -> Outputs:
        output = tmp_path_factory.mktemp("report")
        call = ["run", str(data / "mlval.yml"), "--quiet", "--now", NOW, "--output", str(output), *options]
        assert guarded(lambda: cli(call, standalone_mode=False)) == ExitCode.BLOCKED
        return outputs(output)

    return judged


@pytest.fixture(scope="module")
def expected(judge: Judge) -> Outputs:
    """Return what one thread finds."""
    return judge("--threads", "1")


def test_the_contract_has_something_to_judge(expected: Outputs) -> None:
    assert expected[0].count('"outcome": "failed"') > 3
    assert '"outcome": "errored"' not in expected[0]


@pytest.mark.parametrize("threads", ["2", "8"])
def test_threads_change_nothing(judge: Judge, expected: Outputs, threads: str) -> None:
    assert judge("--threads", threads) == expected


@pytest.mark.process
def test_folder_locale_time_zone_and_hash_seed_change_nothing(
    process: Call, data: Path, expected: Outputs, tmp_path: Path
) -> None:
    output = tmp_path / "report"
    call = ("run", str(data / "mlval.yml"), "--quiet", "--now", NOW, "--output", str(output))
    ended = process(*call, **ELSEWHERE[data.name])
    assert (ended.code, ended.err) == (ExitCode.BLOCKED, "")
    assert outputs(output) == expected
