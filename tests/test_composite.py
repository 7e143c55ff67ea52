"""The composite twin: the inputs and outputs of action.yml, and on the same event the same in every byte."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlval.github.inputs import variable
from tests.composite_job import TWIN, Ended, Runner
from tests.github import world
from tests.github.forge import REPOSITORY
from tests.github.stand_in import StandIn, serving
from tests.test_action import CONTRACT
from tests.workflow_files import ACTION, ROOT, checked
from tools import composite

NOW = "2026-01-31T12:00:00+00:00"
PASSING, BLOCKED = "id,amount,plan\n1,5,free\n", "id,amount,plan\n1,,free\n2,-7,gold\n3,0,free\n"
STEPS = {step["name"]: step for step in TWIN["runs"]["steps"]}


def test_it_is_written_from_the_action() -> None:
    metadata = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert (ROOT / "composite" / "action.yml").read_text(encoding="utf-8") == composite.render(metadata)


def test_inputs_and_outputs_are_those_of_the_action() -> None:
    assert TWIN["inputs"] == ACTION["inputs"]
    told = {name: value["description"] for name, value in TWIN["outputs"].items()}
    assert told == {name: value["description"] for name, value in ACTION["outputs"].items()}
    for name, value in TWIN["outputs"].items():
        assert value["value"] == f"${{{{ steps.mlval.outputs.{name} }}}}"


def test_metadata_without_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="no inputs"):
        composite.render("name: x\noutputs:\n  a:\n    description: b\n")


def test_no_input_reaches_a_script() -> None:
    assert not [step["run"] for step in STEPS.values() if "${{" in step.get("run", "")]


def test_python_is_the_python_of_the_image() -> None:
    (image,) = re.findall(
        r"^ARG PYTHON=python:([\d.]+)-slim$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    assert STEPS["Find Python"]["with"]["python-version"] == image


@pytest.mark.process
def test_the_linters_find_nothing() -> None:
    file = "composite/action.yml"
    assert checked("zizmor", "--offline", "--pedantic", "--quiet", "--no-progress", file) == ""
    assert checked("check-jsonschema", "--builtin-schema", "vendor.github-actions", file) == ""


@dataclass
class Pull:
    """A pull request on a GitHub of its own, and a runner with its checkout."""

    runner: Runner
    github: StandIn

    def container(self, **inputs: str) -> Ended:
        """Run the door of the container, with inputs as the runner hands them to one."""
        given = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
        given["token"] = world.JOB
        command = [sys.executable, "-I", str(ROOT / "entrypoint.py")]
        return self.runner.run(command, "mlval", {variable(name): text for name, text in given.items()})

    def twin(self, **inputs: str) -> Ended:
        """Run the step of the composite action that judges, in this environment instead of its own."""
        given = {name: one["default"] for name, one in TWIN["inputs"].items()} | inputs
        self.runner.values = {f"inputs.{name}": text for name, text in given.items()} | {
            "inputs.token": world.JOB,
            "github.action_path": str(ROOT / "composite"),
            "steps.install.outputs.python": sys.executable,
        }
        return self.runner.step("Judge")

    @property
    def written(self) -> object:
        comments = [(one["id"], one["body"]) for one in self.github.forge.on(world.PULL)]
        folder = Path(self.runner.environ["GITHUB_WORKSPACE"]) / "reports"
        return (
            comments,
            self.github.forge.statuses,
            {path.name: path.read_bytes() for path in folder.iterdir()},
        )


@pytest.fixture
def pulls(tmp_path: Path) -> Iterator[tuple[Pull, Pull]]:
    with serving(StandIn(forge=world.forge())) as one, serving(StandIn(forge=world.forge())) as other:
        yield pull(tmp_path / "one", one), pull(tmp_path / "other", other)
    assert (one.violations, other.violations) == ([], [])


def pull(folder: Path, github: StandIn) -> Pull:
    (folder / "work").mkdir(parents=True)
    contract = CONTRACT.replace("path: sales.csv", "from: input")
    (folder / "work" / "gate.yml").write_text(contract, encoding="utf-8")
    github.forge.files.commits |= {key: {"gate.yml": contract.encode()} for key in (world.OLDER, world.HEAD)}
    own = {"id": 1, "fork": False}
    ends = {"head": {"sha": world.HEAD, "repo": own}, "base": {"sha": world.OLDER, "repo": own}}
    event = {"number": world.PULL, "pull_request": {"number": world.PULL, **ends}}
    (folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
    environ = {
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_GRAPHQL_URL": f"{github.url}/graphql",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "20",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_WORKSPACE": str(folder / "work"),
        "NO_PROXY": "127.0.0.1",
    }
    return Pull(Runner(folder, environ), github)


@pytest.mark.process
@pytest.mark.parametrize("data, code", [(PASSING, 0), (BLOCKED, 1)])
def test_container_and_twin_tell_the_same(pulls: tuple[Pull, Pull], data: str, code: int) -> None:
    inputs = {
        "contract": "gate.yml",
        "data": "sales=sales.csv",
        "now": NOW,
        "output": "reports",
        "allow-degraded-sandbox": "false",
        "model-memory": "2GB",
    }
    container, twin = pulls
    for one in pulls:
        (Path(one.runner.environ["GITHUB_WORKSPACE"]) / "sales.csv").write_text(data, encoding="utf-8")
    ended, also = container.container(**inputs), twin.twin(**inputs)
    assert (ended.code, also.code) == (code, code), ended.log + also.log
    assert also.outputs == ended.outputs
    assert set(also.outputs) == set(TWIN["outputs"])
    assert also.summary == ended.summary != ""
    assert twin.written == container.written
    assert len(twin.github.forge.statuses) == len(twin.github.forge.on(world.PULL)) == 1


@pytest.mark.process
def test_an_input_with_hyphens_reaches_the_gate(pulls: tuple[Pull, Pull]) -> None:
    _, twin = pulls
    (Path(twin.runner.environ["GITHUB_WORKSPACE"]) / "sales.csv").write_text(PASSING, encoding="utf-8")
    ended = twin.twin(
        **{"contract": "gate.yml", "data": "sales=sales.csv", "allow-degraded-sandbox": "perhaps"}
    )
    assert ended.code == 2
    assert "input `allow-degraded-sandbox`" in ended.log
