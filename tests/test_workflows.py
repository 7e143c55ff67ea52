"""The workflows that users run: clean, pinned, and in step with action.yml."""

import json
import re
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from mlval.commands.publish import command
from mlval.commands.watch import LABEL, TITLE
from mlval.commands.watch import command as watch_command
from tests.workflow_files import (
    ACTION,
    CALLED,
    FOR_USERS,
    GATE,
    OURS,
    PUBLISH,
    PUBLISHED,
    PUBLISHER,
    ROOT,
    TEMPLATES,
    WATCH,
    WATCHED,
    WATCHER,
    checked,
    complaints,
    load,
)

JOB: Final = load(GATE)["jobs"]["mlval"]
ALL: Final = [*sorted(GATE.parent.glob("*.yml")), *TEMPLATES]
SECOND: Final = ROOT / "workflow-templates" / "fork-safe-publish.yml"
DRIFT_WATCH: Final = SECOND.with_name("drift-watch.yml")
JUDGING: Final = [path for path in TEMPLATES if path not in {SECOND, DRIFT_WATCH}]
PARALLEL: Final = [SECOND.with_name(f"{name}-gate.yml") for name in ("parallel", "models")]
FIXED_BY_THE_GATE: Final = {"doctor", "output", "token", "allow-connections"}
"""No variable of the caller reaches a reusable workflow, so there is no connection that could be allowed."""
ONLY_IN_THE_JOB: Final = {"result-file", "report-file", "junit-file"}

ACTIONS: Final = [ROOT / "action.yml", *(ROOT / name / "action.yml" for name in ("publish", "watch"))]

every_workflow = pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
every_one_for_users = pytest.mark.parametrize("path", FOR_USERS, ids=lambda path: path.stem)
every_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)


@pytest.mark.process
def test_zizmor_finds_nothing_even_when_pedantic() -> None:
    files = [str(path) for path in (*ALL, *ACTIONS)]
    assert checked("zizmor", "--offline", "--pedantic", "--quiet", "--no-progress", *files) == ""


@pytest.mark.process
def test_workflows_and_action_fit_their_schemas() -> None:
    files = [str(path) for path in ALL]
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files) == ""
    actions = [str(path) for path in ACTIONS]
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-actions", *actions) == ""


@every_workflow
def test_our_own_action_is_used_as_it_is_released(path: Path) -> None:
    assert list(complaints(load(path))) == []


def test_an_input_that_is_not_there_and_another_release_are_noticed() -> None:
    assert len(list(complaints([{"uses": "mlval/mlval@v0", "with": {"contracts": "a.yml"}}]))) == 2


def test_actions_of_others_are_pinned_once_by_commit_with_the_version_beside_it() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ALL)
    used = set(re.findall(r"^ *(?:- )?uses: (.*)$", text, re.MULTILINE))
    pins = {pin for pin in used if OURS not in pin and not pin.startswith("./")}
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", pin) for pin in pins), pins
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


@every_one_for_users
def test_tokens_may_do_no_more_than_they_must(path: Path) -> None:
    workflow = load(path)
    usual = {"actions": "read", "contents": "read", "pull-requests": "write", "statuses": "write"}
    joining = {name: right for name, right in usual.items() if name != "actions"}
    others = {
        "fork-safe-gate": {"contents": "read"},
        "parallel-gate": joining,
        "models-gate": joining,
        "drift-watch": {"contents": "read"},
        "watch": {"contents": "read"},
    }
    of_jobs = {
        "leg": {"actions": "read", "contents": "read", "pull-requests": "read"},
        "issue": {"issues": "write"},
    }
    allowed = others.get(path.stem, usual)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["permissions"] == of_jobs.get(name, allowed)


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


@pytest.mark.parametrize("path", JUDGING, ids=lambda path: path.stem)
def test_a_template_runs_where_a_change_is_compared_with_its_base(path: Path) -> None:
    events = load(path)["on"]
    assert {"pull_request", "merge_group"} <= set(events)
    assert "workflow_dispatch" not in events
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
        "publish": ["publish"],
        "watch": ["mlval", "issue"],
        "drift-watch": ["mlval", "issue"],
        "parallel-gate": ["leg ${{ matrix.only }}", "mlval"],
        "models-gate": ["leg ${{ matrix.model }}", "mlval"],
        "fork-safe-gate": ["mlval"],
        "fork-safe-publish": ["publish"],
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


def test_the_workflow_that_publishes_passes_on_every_input() -> None:
    (step,) = load(PUBLISH)["jobs"]["publish"]["steps"]
    # No variable of the caller reaches a reusable workflow, so there are no credentials to judge with.
    judging = {"judge", "predictions", "allow-sources", "allow-connections"}
    names = set(PUBLISHER["inputs"]) - {"token", *judging}
    assert step["with"] == {name: f"${{{{ inputs.{name} }}}}" for name in names}
    for name in names - {"workflow"}:
        assert PUBLISHED["inputs"][name]["default"] == PUBLISHER["inputs"][name]["default"]


def test_the_action_that_publishes_hands_every_input_to_the_command() -> None:
    runs = PUBLISHER["runs"]
    handed = " ".join([*runs["args"], *runs["env"].values()])
    assert set(re.findall(r"inputs\.([a-z-]+)", handed)) == set(PUBLISHER["inputs"])
    given = [one.removeprefix("--") for one in runs["args"] if one.startswith("--")]
    known = {one.removeprefix("--") for parameter in command.params for one in parameter.opts}
    assert set(given) == known - {"help"}
    assert runs["args"][:4] == ["-I", "-m", "mlval", "publish"]
    assert (ROOT / "publish" / runs["image"]).resolve() == ROOT / ACTION["runs"]["image"]


def test_the_second_half_starts_after_the_first_and_reads_what_that_uploads() -> None:
    first = load(SECOND.with_name("fork-safe-gate.yml"))
    second = load(SECOND)
    (started,) = second["on"].values()
    assert started == {"workflows": [first["name"]], "types": ["completed"]}
    (job,) = second["jobs"].values()
    assert job["with"]["workflow"] == ".github/workflows/fork-safe-gate.yml"
    uploaded = first["jobs"]["mlval"]["steps"][-1]
    assert uploaded["if"] == "always()"
    assert uploaded["with"]["name"] == PUBLISHED["inputs"]["artifact"]["default"]
    assert uploaded["with"]["path"] == f"{ACTION['inputs']['output']['default']}/result.json"
    judged = first["jobs"]["mlval"]["steps"][1]["with"]
    assert (judged["comment"], judged["status"]) == ("false", "false")


def test_a_watch_starts_on_a_schedule_and_on_demand() -> None:
    assert set(load(DRIFT_WATCH)["on"]) == {"schedule", "workflow_dispatch"}


@pytest.mark.parametrize("path", [WATCH, DRIFT_WATCH], ids=lambda path: path.stem)
def test_the_issue_is_kept_however_the_gate_ends(path: Path) -> None:
    judging, keeping = load(path)["jobs"].values()
    assert (keeping["needs"], keeping["if"]) == ("mlval", "always()")
    uploaded, fetched = judging["steps"][-1], keeping["steps"][0]
    assert uploaded["if"] == "always()"
    assert uploaded["with"]["name"] == fetched["with"]["pattern"]
    assert uploaded["with"]["path"] == f"{fetched['with']['path']}/"
    assert WATCHER["inputs"]["results"]["default"].startswith(uploaded["with"]["path"])
    judged = _step_of_ours(judging)["with"]
    assert (judged["comment"], judged["status"]) == ("false", "false")


def test_the_workflow_that_watches_passes_on_what_it_takes() -> None:
    judging, keeping = load(WATCH)["jobs"].values()
    judged = _step_of_ours(judging)["with"]
    for name, value in {**judged, **keeping["steps"][-1]["with"]}.items():
        assert value in {"false", f"${{{{ inputs.{name} }}}}"}
    for name in ("label", "issue-title"):
        assert WATCHED["inputs"][name]["default"] == WATCHER["inputs"][name]["default"]
    for name in judged.keys() & WATCHED["inputs"].keys():
        assert WATCHED["inputs"][name]["default"] == ACTION["inputs"][name]["default"]


def test_the_action_that_watches_hands_every_input_to_the_command() -> None:
    runs = WATCHER["runs"]
    handed = " ".join([*runs["args"], *runs["env"].values()])
    assert set(re.findall(r"inputs\.([a-z-]+)", handed)) == set(WATCHER["inputs"])
    given = {one.partition("=")[0] for one in runs["args"] if one.startswith("--")} - {"--"}
    assert given | {"results"} == {option for one in watch_command.params for option in one.opts} - {"--help"}
    assert runs["args"][:4] == ["-I", "-m", "mlval", "watch"]
    assert (ROOT / "watch" / runs["image"]).resolve() == ROOT / ACTION["runs"]["image"]
    defaults = {name: WATCHER["inputs"][name]["default"] for name in ("label", "issue-title")}
    assert defaults == {"label": LABEL, "issue-title": TITLE}


@pytest.mark.parametrize("path", PARALLEL, ids=lambda path: path.stem)
def test_parallel_jobs_are_joined_by_one_that_always_runs(path: Path) -> None:
    leg, joined = load(path)["jobs"].values()
    assert leg["strategy"]["fail-fast"] == "false"
    assert (joined["name"], joined["needs"], joined["if"]) == ("mlval", "leg", "always()")
    judged, kept = (step["with"] for step in leg["steps"][-2:])
    fetched, joining = (step["with"] for step in joined["steps"][-2:])
    assert (judged["comment"], judged["status"]) == ("false", "false")
    (axis,) = leg["strategy"]["matrix"]
    value = f"${{{{ matrix.{axis} }}}}"
    assert kept["name"] == judged["base-report"] == f"leg-{value}"
    assert (fetched["pattern"], joining["merge"]) == ("leg-*", f"{fetched['path']}/**/result.json")
    assert judged.get("contract", "").replace(value, "*") == joining.get("contract", "")


def _step_of_ours(job: dict[str, Any]) -> dict[str, Any]:
    """Return the step of a job that judges."""
    found: dict[str, Any]
    (found,) = (step for step in job["steps"] if step["uses"].startswith(f"{OURS}@"))
    return found
