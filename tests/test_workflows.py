"""The workflows that users run: clean, pinned, and in step with action.yml."""

import json
import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from tests.workflow_files import (
    ACTION,
    CALLED,
    FOR_USERS,
    GATE,
    OURS,
    ROOT,
    TEMPLATES,
    checked,
    complaints,
    load,
)

JOB: Final = load(GATE)["jobs"]["mlval"]
ALL: Final = [*sorted(GATE.parent.glob("*.yml")), *TEMPLATES]
FIXED_BY_THE_GATE: Final = {"output", "token", "allow-connections"}
"""No variable of the caller reaches a reusable workflow, so there is no connection that could be allowed."""
ONLY_IN_THE_JOB: Final = {"result-file", "report-file", "junit-file"}

every_workflow = pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
every_one_for_users = pytest.mark.parametrize("path", FOR_USERS, ids=lambda path: path.stem)
every_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)


@pytest.mark.process
def test_zizmor_finds_nothing_even_when_pedantic() -> None:
    files = [str(path) for path in (*ALL, ROOT / "action.yml")]
    assert checked("zizmor", "--offline", "--pedantic", "--quiet", "--no-progress", *files) == ""


@pytest.mark.process
def test_workflows_and_action_fit_their_schemas() -> None:
    files = [str(path) for path in ALL]
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files) == ""
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml") == ""


@every_workflow
def test_our_own_action_is_used_as_it_is_released(path: Path) -> None:
    assert list(complaints(load(path))) == []


def test_an_input_that_is_not_there_and_another_release_are_noticed() -> None:
    assert len(list(complaints([{"uses": "mlval/mlval@v0", "with": {"contracts": "a.yml"}}]))) == 2


def test_actions_of_others_are_pinned_once_by_commit_with_the_version_beside_it() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ALL)
    pins = {pin for pin in re.findall(r"^ *(?:- )?uses: (.*)$", text, re.MULTILINE) if OURS not in pin}
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", pin) for pin in pins), pins
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


@every_one_for_users
def test_tokens_may_do_no_more_than_they_must(path: Path) -> None:
    workflow = load(path)
    allowed = {"contents": "read", "pull-requests": "write", "statuses": "write"}
    assert workflow["permissions"] == {}
    assert all(job["permissions"] == allowed for job in workflow["jobs"].values())


@every_one_for_users
def test_what_is_called_by_name_is_there(path: Path) -> None:
    workflow, text = load(path), path.read_text(encoding="utf-8")
    declared = workflow["on"].get("workflow_call", {})
    for kind in ("inputs", "secrets"):
        assert set(re.findall(rf"\b{kind}\.([\w-]+)", text)) == set(declared.get(kind, {}))
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
    actions = {step["id"]: step["uses"].partition("@")[0] for step in steps if "id" in step}
    known = {OURS: set(ACTION["outputs"]), "actions/upload-artifact": {"artifact-url"}}
    for step, output in re.findall(r"\bsteps\.([\w-]+)\.outputs\.([\w-]+)", text):
        assert output in known[actions[step]]
    for job, output in re.findall(r"\bjobs\.([\w-]+)\.outputs\.([\w-]+)", text):
        assert output in workflow["jobs"][job]["outputs"]


@every_template
def test_a_template_runs_for_pull_requests_merge_queues_and_on_demand(path: Path) -> None:
    events = load(path)["on"]
    assert {"pull_request", "merge_group", "workflow_dispatch"} <= set(events)
    assert not any(key.startswith("paths") for event in events.values() if event for key in event)


@every_template
def test_a_template_is_described_and_has_an_icon(path: Path) -> None:
    described = json.loads(path.with_suffix(".properties.json").read_text(encoding="utf-8"))
    assert described["name"].startswith("mlval")
    assert described["description"]
    icon = path.with_name(f"{described['iconName']}.svg")
    assert {element.tag.rpartition("}")[2] for element in ET.parse(icon).iter()} == {"svg", "title", "path"}


def test_the_checks_to_require_have_names_that_stay() -> None:
    named = {path.stem: [job["name"] for job in load(path)["jobs"].values()] for path in FOR_USERS}
    assert named == {
        "gate": ["mlval"],
        "pull-request-gate": ["mlval"],
        "release-branch-gate": ["release"],
    }


def test_the_gate_passes_on_every_input_with_the_default_of_the_action() -> None:
    step = next(step for step in JOB["steps"] if step["uses"].startswith(f"{OURS}@"))
    names = set(ACTION["inputs"]) - FIXED_BY_THE_GATE
    assert step["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in names}
    defaults = {name: ACTION["inputs"][name]["default"] for name in names}
    assert {name: CALLED["inputs"][name]["default"] for name in names} == defaults


def test_the_gate_passes_on_every_output_that_means_something_after_its_job() -> None:
    names = set(ACTION["outputs"]) - ONLY_IN_THE_JOB
    assert set(CALLED["outputs"]) == set(JOB["outputs"]) == names | {"report-url"}
    assert all(JOB["outputs"][name] == f"${{{{ steps.mlval.outputs.{name} }}}}" for name in names)
    for name, output in CALLED["outputs"].items():
        assert output["value"] == f"${{{{ jobs.mlval.outputs.{name} }}}}"


@pytest.mark.parametrize("name", [".github/workflows/gate.yml", "workflow-templates/pull-request-gate.yml"])
def test_the_report_is_kept_however_the_gate_ends(name: str) -> None:
    step = load(ROOT / name)["jobs"]["mlval"]["steps"][-1]
    assert step["uses"].startswith("actions/upload-artifact@")
    assert step["if"] == "always()"
    assert step["with"]["path"] == f"{ACTION['inputs']['output']['default']}/"


def test_a_caller_grants_what_the_gate_asks_for() -> None:
    jobs = [job for path in TEMPLATES for job in load(path)["jobs"].values()]
    callers = [job for job in jobs if "/gate.yml@" in job.get("uses", "")]
    assert callers
    assert all(job["permissions"] == JOB["permissions"] for job in callers)
