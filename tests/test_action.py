"""The Action, run in this process on a workspace of real files, read as the runner would read it."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from mlval.action import door, judging
from mlval.action.declared import FILES, OUTPUTS
from mlval.action.world import World
from mlval.commands import run as run_command
from mlval.github.client import Client
from mlval.github.event import Event

CONTRACT = """\
version: 1
datasets:
  sales: {path: sales.csv, key: id}
validations:
  - type: data
    dataset: sales
    columns:
      amount: {nulls: 10%, min: 0}
      plan: {in: [free, pro], severity: warn}
"""
BROKEN = CONTRACT.replace("nulls", "nuls").replace("version: 1", "version: 2")
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
_COMMAND = re.compile(r"::([a-z-]+)(?: ([^:]*))?::(.*)")


@dataclass
class Ran:
    """What a step left behind; `commands` are those that the runner obeys."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    commands: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, name: str) -> list[tuple[str, str]]:
        return [(properties, data) for command, properties, data in self.commands if command == name]


@dataclass
class Job:
    """A job of a workflow: its workspace, and the files through which runner and step talk."""

    root: Path
    owned: dict[Path, tuple[int, int]] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        return self.root / "workspace"

    def write(self, path: str, text: str) -> Path:
        file = self.workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def chown(self, path: Path, user: int, group: int) -> None:
        self.owned[path] = (user, group)

    def step(self, connect: Callable[[Event, str], Client] | None = None, /, **inputs: str) -> Ran:
        log: list[str] = []
        numbers = count()
        output, summary = self.root / "output", self.root / "summary"
        world = World(
            environ={
                "GITHUB_EVENT_NAME": "pull_request",
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_REPOSITORY": "acme/churn-model",
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "INPUT_GUARD": "false",
                "INPUT_COMMENT": "false",
                "INPUT_STATUS": "false",
                **self.environ,
                **{f"INPUT_{name.upper().replace('_', '-')}": value for name, value in inputs.items()},
            },
            write=log.append,
            clock=lambda: NOW,
            word=lambda: f"{next(numbers):032x}",
            chown=self.chown,
            connect=connect or nobody,
        )
        code = door.main(world)
        text = "".join(log)
        return Ran(code, text, read_outputs(output), read(summary), obeyed(text))


def nobody(event: Event, token: str) -> NoReturn:
    """Stand where GitHub would: these tests publish nothing."""
    raise AssertionError((event, token))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def read_outputs(path: Path) -> dict[str, str]:
    values = re.findall(r"^([\w-]+)<<(\w+)\n(.*?)\n\2\n", read(path), re.MULTILINE | re.DOTALL)
    return {name: value for name, _, value in values}


def obeyed(log: str) -> list[tuple[str, str, str]]:
    """Return the commands of a log, but for those between `stop-commands` and its end."""
    found, stopped = [], ""
    for line in log.splitlines():
        match = _COMMAND.match(line)
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif match and match[1] == "stop-commands":
            stopped = match[3]
        elif match:
            found.append((match[1], match[2] or "", match[3]))
    return found


@pytest.fixture
def job(tmp_path: Path) -> Job:
    job = Job(tmp_path)
    job.write("mlval.yml", CONTRACT)
    job.write("sales.csv", "id,amount,plan\n1,5,free\n2,7,pro\n3,0,free\n")
    return job


def test_a_kept_contract_passes(job: Job) -> None:
    ran = job.step()
    assert ran.code == 0
    assert ran.outputs == {
        "verdict": "passed",
        "exit-code": "0",
        "reason": "nothing blocks",
        "passed": "4",
        **dict.fromkeys(("failed", "inconclusive", "skipped", "errored", "blocking"), "0"),
        "result-file": "mlval-report/result.json",
        "report-file": "mlval-report/report.md",
        "junit-file": "mlval-report/junit.xml",
    }
    assert ran.summary.startswith("## ✅ mlval passed (`churn-model`)")
    assert ran.commands == []


def test_the_declared_outputs_are_those_that_are_set(job: Job) -> None:
    assert tuple(job.step().outputs) == OUTPUTS


def test_a_broken_contract_blocks_and_marks_its_lines(job: Job) -> None:
    job.write("sales.csv", "id,amount,plan\n1,,free\n2,-7,gold\n3,0,free\n")
    ran = job.step()
    assert ran.code == 1
    assert (ran.outputs["verdict"], ran.outputs["blocking"]) == ("blocked", "2")
    assert [properties for properties, _ in ran.of("error")] == [
        "file=mlval.yml,line=8,col=28,title=mlval data%3A amount min 0",
        "file=mlval.yml,line=8,col=16,title=mlval data%3A amount nulls",
    ]
    assert [properties for properties, _ in ran.of("warning")] == [
        'file=mlval.yml,line=9,col=14,title=mlval data%3A plan in ["free"%2C "pro"]'
    ]
    assert ran.summary.startswith("## ❌ mlval blocked: 2 failed")
    assert "mlval blocked: 2 failed" in ran.log


def test_at_most_ten_errors_are_marked(job: Job) -> None:
    columns = [f"c{number}" for number in range(30)]
    rules = "".join(f"      {name}: {{min: 1}}\n" for name in columns)
    head, _, _ = CONTRACT.partition("      amount")
    job.write("mlval.yml", head + rules)
    job.write("sales.csv", f"{','.join(columns)}\n{','.join('0' for _ in columns)}\n")
    ran = job.step()
    assert ran.outputs["blocking"] == "30"
    assert len(ran.of("error")) == 10
    assert ran.of("error")[-1][1] == "21 more: see the step summary."


def test_the_result_is_the_one_of_the_command_line(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job.write("mlval.yml", CONTRACT.replace("version: 1", "version: 1\nname: sales"))
    job.step(now="2026-01-31T12:00:00")
    monkeypatch.chdir(job.workspace)
    CliRunner().invoke(run_command.command, ["--output", "own", "--now", "2026-01-31T12:00:00"])
    theirs = (job.workspace / "mlval-report" / "result.json").read_bytes()
    assert theirs == (job.workspace / "own" / "result.json").read_bytes()


def test_the_clock_is_recorded(job: Job) -> None:
    job.step()
    assert '"now": "2026-01-31T12:00:00+00:00"' in read(job.workspace / "mlval-report" / "result.json")


# --- what is hostile ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pull_request_target", "workflow_run", "issue_comment", ""])
def test_privileged_and_unknown_events_are_refused(job: Job, name: str) -> None:
    job.environ["GITHUB_EVENT_NAME"] = name
    ran = job.step()
    assert (ran.code, ran.outputs["verdict"]) == (2, "error")
    assert not (job.workspace / "mlval-report").exists()


def test_secrets_are_masked_before_anything_is_written(job: Job) -> None:
    job.environ |= {
        "MLFLOW_TRACKING_PASSWORD": "s3cret word",
        "MLVAL_WAREHOUSE": "postgresql://me:hunter22@db/sales",
        "GITHUB_EVENT_NAME": "workflow_run",
    }
    lines = job.step().log.splitlines()
    masks = [line for line in lines if line.startswith("::add-mask::")]
    assert lines[: len(masks)] == masks
    assert {"::add-mask::s3cret word", "::add-mask::s3cret%2520word", "::add-mask::hunter22"} <= set(masks)
    assert not any("s3cret" in line or "hunter22" in line for line in lines[len(masks) :])


def test_text_of_the_contract_commands_nothing(job: Job) -> None:
    job.write("sales.csv", "id,amount,plan\n1,-1,free\n")
    hostile = '    why: "::error::owned\\n::set-output name=verdict::passed"\n    columns:'
    job.write("mlval.yml", CONTRACT.replace("    columns:", hostile))
    ran = job.step()
    assert {name for name, _, _ in ran.commands} == {"error"}
    assert len(ran.of("error")) == 1
    assert ran.outputs["verdict"] == "blocked"


def test_a_contract_that_links_out_of_the_workspace_is_not_read(job: Job) -> None:
    secret = job.root / "secret"
    secret.write_text("topsecret: 1", encoding="utf-8")
    (job.workspace / "mlval.yml").unlink()
    (job.workspace / "mlval.yml").symlink_to(secret)
    ran = job.step()
    assert ran.code == 2
    assert "topsecret" not in ran.log + ran.summary


@pytest.mark.parametrize(
    "name", ["/proc/self/environ", ".git/config", "../outside.yml", "folder", "mlval?yml"]
)
def test_a_contract_elsewhere_is_refused(job: Job, name: str) -> None:
    job.write(".git/config", CONTRACT)
    job.write("mlval-yml", CONTRACT)
    job.write("folder/mlval.yml", CONTRACT)
    job.write("../outside.yml", CONTRACT)
    ran = job.step(contract=name)
    assert (ran.code, ran.outputs["verdict"]) == (2, "error")


@pytest.mark.parametrize(
    "name", ["../report", "/var/report", ".git/report", "link", "link/report", "sales.csv"]
)
def test_outputs_go_nowhere_but_into_the_workspace(job: Job, name: str) -> None:
    elsewhere = job.root / "elsewhere"
    elsewhere.mkdir()
    (job.workspace / "link").symlink_to(elsewhere)
    ran = job.step(output=name)
    assert ran.code == 2
    assert list(elsewhere.iterdir()) == []
    assert not (job.root / "report").exists()


def test_a_result_that_the_checkout_brought_is_gone_when_nothing_was_judged(job: Job) -> None:
    forged = job.write("mlval-report/result.json", '{"verdict": "passed"}')
    job.write("mlval.yml", BROKEN)
    assert job.step().code == 2
    assert not forged.exists()


def test_a_link_in_the_place_of_an_output_is_replaced(job: Job) -> None:
    target = job.root / "target"
    target.write_text("mine", encoding="utf-8")
    (job.workspace / "mlval-report").mkdir()
    (job.workspace / "mlval-report" / "result.json").symlink_to(target)
    assert job.step().code == 0
    assert target.read_text(encoding="utf-8") == "mine"


# --- inputs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("threads", "many", "input `threads` many: expected a whole number from 1 to 256"),
        ("threads", "0", "input `threads` 0: expected a whole number from 1 to 256"),
        ("memory", "lots", "input `memory` lots: expected an amount of memory"),
        ("memory", "0GB", "input `memory` 0GB: expected an amount of memory"),
        ("now", "yesterday", "input `now` yesterday: not a time in ISO 8601"),
        ("data", "sales.csv", "input `data` sales.csv: expected NAME=PATH"),
        ("data", "sales=a\nsales=b", "input `data` sales is given twice"),
        ("only", "dta", "dta: no validation has this id or type"),
    ],
)
def test_a_wrong_input_is_a_sentence(job: Job, name: str, value: str, sentence: str) -> None:
    ran = job.step(**{name: value})
    assert (ran.code, ran.outputs["verdict"], ran.outputs["exit-code"]) == (2, "error", "2")
    assert sentence in ran.outputs["reason"]
    assert [data for _, data in ran.of("error")] == [ran.outputs["reason"]]


def test_an_input_that_is_empty_has_its_default(job: Job) -> None:
    assert job.step(contract="", output=" ", threads="").code == 0


def test_only_takes_lines_and_commas(job: Job) -> None:
    other = "  - {type: data, id: other, rows: {min: 100}}\n  - {type: data, id: third, rows: {min: 1}}\n"
    job.write("mlval.yml", CONTRACT + other)
    assert job.step(only="third").code == 0
    assert job.step(only="third, other").code == 1
    assert job.step(only="third\nother").code == 1


def test_a_name_is_bound_inside_the_workspace_only(job: Job) -> None:
    job.write("mlval.yml", CONTRACT.replace("path: sales.csv", "from: input"))
    outside = job.write("../vault/sales.csv", "id,amount,plan\n1,5,free\n")
    assert job.step(data="sales=sales.csv").code == 0
    assert job.step(data=f"sales={outside}").code == 2
    assert job.step(data=f"sales={outside}", allow_sources=str(outside.parent)).code == 0
    assert job.step().code == 2


def test_a_contract_in_a_folder_is_named_after_it(job: Job) -> None:
    job.write("gates/mlval.yml", CONTRACT.replace("sales.csv", "../sales.csv"))
    ran = job.step(contract="gates/mlval.yml")
    assert ran.code == 0
    assert "(`gates`)" in ran.summary


# --- what goes wrong ---------------------------------------------------------------------------------------


def test_every_mistake_in_a_contract_is_marked(job: Job) -> None:
    job.write("mlval.yml", BROKEN)
    ran = job.step()
    assert ran.code == 2
    assert [properties.rsplit(",", 1)[0] for properties, _ in ran.of("error")] == [
        "file=mlval.yml,line=1,col=1",
        "file=mlval.yml,line=8,col=16",
    ]
    assert "did you mean `nulls`?" in ran.log
    assert ran.summary.startswith("## ❌ mlval judged nothing")


def test_an_empty_workspace_says_what_is_missing(job: Job) -> None:
    for file in ("mlval.yml", "sales.csv"):
        (job.workspace / file).unlink()
    ran = job.step(output="")
    assert ran.code == 2
    assert "actions/checkout" in ran.log


def test_a_crash_is_no_verdict(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "run", lambda *_: 1 // 0)
    ran = job.step()
    assert (ran.code, ran.outputs["verdict"]) == (70, "error")
    assert "ZeroDivisionError" in ran.log
    assert "This is a bug of mlval" in ran.summary


def test_what_was_written_belongs_to_the_owner_of_the_workspace(job: Job) -> None:
    owner = job.workspace.stat()
    job.step(output="reports/churn")
    names = ["reports", "reports/churn", *(f"reports/churn/{name}" for name in FILES.values())]
    assert job.owned == {job.workspace / name: (owner.st_uid, owner.st_gid) for name in names}


def test_folders_that_were_there_keep_their_owner(job: Job) -> None:
    (job.workspace / "reports").mkdir()
    job.step(output="reports")
    assert job.workspace / "reports" not in job.owned


@pytest.mark.parametrize("variable", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_of_the_runner_that_cannot_be_written_changes_no_verdict(job: Job, variable: str) -> None:
    job.environ[variable] = str(job.root / "no" / "such" / "file")
    ran = job.step()
    assert ran.code == 0
    assert [data for _, data in ran.of("warning")] == [f"{variable} could not be written: {os.strerror(2)}"]


def test_a_report_that_cannot_be_given_away_changes_no_verdict(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(Job, "chown", refuse)
    ran = job.step()
    assert ran.code == 0
    assert "could not be given to the owner" in ran.of("warning")[0][1]
