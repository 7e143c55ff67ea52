"""The image as a step of a job, started as the runner starts it."""

import re
from pathlib import Path

import pytest

from tests.docker.job import OWNER, Job

PASSING = "examples/passing/mlval.yml"
BLOCKED = "examples/blocked/mlval.yml"
FILES = ("result-file", "report-file", "junit-file")
IMPOSTOR = "import pathlib; pathlib.Path('/github/workspace/imported').touch(); raise SystemExit(0)\n"


@pytest.fixture
def checked_out(job: Job, examples: Path) -> Job:
    job.check_out(root=examples)
    return job


def test_a_kept_contract_passes(checked_out: Job, measured: list[str]) -> None:
    ran = checked_out.step(contract=PASSING)
    measured.append(f"examples/passing as a step: {ran.seconds:.2f} s")
    assert ran.code == 0, ran.log
    assert ran.outputs["verdict"] == "passed"
    assert ran.summary.startswith("## ✅ mlval passed (`churn`)")
    assert "::error" not in ran.log


def test_a_broken_contract_blocks_and_marks_its_lines(checked_out: Job, measured: list[str]) -> None:
    ran = checked_out.step(contract=BLOCKED)
    measured.append(f"examples/blocked as a step: {ran.seconds:.2f} s")
    assert ran.code == 1, ran.log
    assert ran.outputs["verdict"] == "blocked"
    assert int(ran.outputs["blocking"]) > 0
    assert "mlval blocked" in ran.summary
    assert re.search(rf"^::error file={BLOCKED},line=\d+", ran.log, re.MULTILINE)


def test_outputs_belong_to_the_runner_and_can_be_read_and_removed(checked_out: Job) -> None:
    ran = checked_out.step(contract=PASSING, output="out/of/the/gate")
    owner = checked_out.workspace.stat().st_uid
    assert owner == OWNER
    for name in FILES:
        assert ran.outputs[name].startswith("out/of/the/gate/")
        assert checked_out.later_step("cat", ran.outputs[name])
    found = [checked_out.workspace / "out", *(checked_out.workspace / "out").rglob("*")]
    assert {path.stat().st_uid for path in found} == {owner}
    checked_out.later_step("rm", "-r", "out")


def test_nothing_in_the_workspace_is_imported(checked_out: Job) -> None:
    for name in (
        "yaml",
        "duckdb",
        "json",
        "sitecustomize",
        "usercustomize",
        "entrypoint",
        "mlval/__init__",
        "mlval/action",
    ):
        path = checked_out.workspace / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(IMPOSTOR, "utf-8")
    (checked_out.workspace / "pyvenv.cfg").write_text("home = /github/workspace\n", "utf-8")
    checked_out.environ["PYTHONPATH"] = "/github/workspace"
    checked_out.environ["PYTHONSTARTUP"] = "/github/workspace/yaml.py"
    ran = checked_out.step(contract=BLOCKED)
    assert ran.code == 1, ran.log
    assert not (checked_out.workspace / "imported").exists()


@pytest.mark.parametrize("name", ["pull_request_target", "workflow_run", "issue_comment"])
def test_events_that_hold_secrets_are_refused(checked_out: Job, name: str) -> None:
    checked_out.environ["GITHUB_EVENT_NAME"] = name
    ran = checked_out.step(contract=PASSING)
    assert ran.code == 2
    assert f"does not start under `{name}`" in ran.log
    assert ran.outputs["verdict"] == "error"
    assert not (checked_out.workspace / "mlval-report").exists()


@pytest.mark.parametrize("options", [("--read-only", "--tmpfs", "/tmp"), ("--read-only",)])
def test_a_read_only_image_is_enough_and_the_workspace_stays_clean(
    checked_out: Job, options: tuple[str, ...]
) -> None:
    before = {path.name for path in checked_out.workspace.iterdir()}
    ran = checked_out.step(contract=PASSING, options=options)
    assert ran.code == 0, ran.log
    assert {path.name for path in checked_out.workspace.iterdir()} == before | {"mlval-report"}


def test_a_workspace_that_cannot_be_written_is_said_clearly(checked_out: Job) -> None:
    ran = checked_out.step(contract=PASSING, workspace="ro")
    assert ran.code == 2, ran.log
    assert "cannot write to the output folder mlval-report: Read-only file system" in ran.log
    assert "Traceback" not in ran.log


def test_an_empty_workspace_asks_for_a_check_out(job: Job) -> None:
    ran = job.step()
    assert ran.code == 2
    assert "actions/checkout" in ran.log


def test_no_secret_is_seen(checked_out: Job) -> None:
    secrets = {
        "MLVAL_WAREHOUSE": "postgresql://gate:hunter22-of-the-gate@db.invalid/churn",
        "MLFLOW_TRACKING_PASSWORD": "tracking-password-of-the-gate",
        "MLFLOW_TRACKING_TOKEN": "tracking-token-of-the-gate",
        "AWS_SECRET_ACCESS_KEY": "access-key-of-the-gate",
        "GITHUB_TOKEN": "ghs_variable-of-the-gate",
    }
    checked_out.environ.update(secrets)
    checked_out.token = "ghs_input-of-the-gate"
    (checked_out.workspace / "mlval.yml").write_text(
        "version: 1\ndatasets: {a: {path: '${MLVAL_WAREHOUSE}'}}\n"
    )
    for contract in (PASSING, BLOCKED, "mlval.yml", "missing.yml"):
        ran = checked_out.step(contract=contract, comment="false", status="false")
        log = "\n".join(line for line in ran.log.splitlines() if not line.startswith("::add-mask::"))
        written = [path.read_text("utf-8") for path in checked_out.workspace.glob("mlval-report/*")]
        seen = "".join([log, ran.summary, *ran.outputs.values(), *written])
        assert "of-the-gate" not in seen
        assert ran.log.count("::add-mask::") >= len(secrets) + 2
