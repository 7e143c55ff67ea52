"""What `mlval doctor` finds in a workflow, against the stand-in of GitHub and a work tree of files."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from mlval.domain.advice import Advice, Finding
from mlval.flows.doctor import Surroundings, examine
from mlval.github.client import Client
from mlval.github.event import Event
from mlval.scoring.cage.layer import Layer
from mlval.sources.mlflow import Artifacts
from tests.github import world
from tests.github.forge import REPOSITORY, Holder
from tests.github.stand_in import StandIn, serving
from tests.github.world import BOT, HEAD, JOB, OLDER, PULL, READER, Timeline

CONTRACT = "version: 1\ndatasets: {d: {path: d.csv}}\nvalidations: [{type: data, rows: {min: 1}}]\n"
WORKFLOW = """
on: {pull_request: , merge_group: }
jobs: {gate: {name: mlval, steps: [{uses: mlval/mlval@v1}]}}
"""
OWNERS = "* @mona\n"
Look = Callable[..., dict[str, list[Advice]]]


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn(forge=world.forge())) as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def look(tmp_path: Path, github: StandIn) -> Look:
    root = tmp_path / "workspace"
    (root / ".github" / "workflows").mkdir(parents=True)
    (root / "mlval.yml").write_text(CONTRACT)
    (root / ".github" / "workflows" / "gate.yml").write_text(WORKFLOW)
    (root / "CODEOWNERS").write_text(OWNERS)
    for name in ("output", "summary"):
        (tmp_path / name).touch()

    def connect(found: Event, token: str) -> Client:
        session = requests.Session()
        session.trust_env = False
        return Client(session, found, token=token, clock=Timeline().clock())

    def looked(
        *, token: str = JOB, fork: bool = False, name: str = "pull_request", **environ: str
    ) -> dict[str, list[Advice]]:
        pull = {
            "number": PULL,
            "head": {"sha": HEAD, "repo": {"id": 2 if fork else 1}},
            "base": {"sha": OLDER, "ref": "main", "repo": {"id": 1}},
        }
        (tmp_path / "event.json").write_text(json.dumps({"number": PULL, "pull_request": pull}))
        around = Surroundings(
            environ={
                "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_NAME": name,
                "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_API_URL": github.url,
                "GITHUB_RUN_ID": "20",
                "GITHUB_OUTPUT": str(tmp_path / "output"),
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
                **environ,
            },
            root=root,
            contract="mlval.yml",
            artifacts=Artifacts({}, tmp_path),
            token=token,
            connect=connect,
            layers=lambda: (Layer("seccomp", holds=False, detail="not Linux"),),
        )
        found: dict[str, list[Advice]] = {}
        for one in examine(around):
            found.setdefault(one.topic, []).append(one)
        return found

    return looked


@pytest.fixture
def workflow(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / ".github" / "workflows" / "gate.yml"


def missing(found: dict[str, list[Advice]]) -> list[str]:
    """Return what is missing, but for the cage, which depends on the machine."""
    advice = [one for topic, all_of_it in found.items() if topic != "cage" for one in all_of_it]
    assert all(one.remedy for one in advice if one.finding is Finding.MISSING)
    return [f"{one.topic}: {one.sentence}" for one in advice if one.finding is Finding.MISSING]


def test_where_all_is_well_nothing_is_missing(look: Look, github: StandIn) -> None:
    found = look()
    assert missing(found) == []
    assert [one.sentence for one in found["check"]] == [
        ".github/workflows/gate.yml, job gate: require the check 'mlval'"
    ]
    assert [one.sentence for one in found["token"]] == ["statuses: write", "pull-requests: write"]
    assert (github.forge.comments, github.forge.statuses) == ({}, [])


@pytest.mark.parametrize(
    "scopes, lacks",
    [
        ({"pull_requests": "write", "statuses": "read"}, "statuses"),
        ({"pull_requests": "read", "statuses": "write"}, "pull-requests"),
    ],
)
def test_a_scope_that_is_missing_is_named_with_the_whole_block(
    look: Look, github: StandIn, scopes: dict[str, str], lacks: str
) -> None:
    github.forge.holders[READER] = Holder(BOT, scopes)
    found = look(token=READER)
    assert missing(found) == [f"token: {lacks}: write is not granted"]
    assert "pull-requests: write" in "".join(one.remedy for one in found["token"])


def test_without_a_token_nobody_is_asked(look: Look) -> None:
    assert missing(look(token="")) == ["token: there is no token"]


def test_a_wrong_token_is_no_bug(look: Look) -> None:
    (one,) = missing(look(token="ghs_wrong"))
    assert one.startswith("token: GitHub could not be asked")


def test_a_fork_is_led_to_the_second_phase(look: Look) -> None:
    found = look(fork=True)
    assert missing(found) == []
    assert found["event"][0].sentence == "pull_request from a fork"
    assert "mlval publish" in found["token"][0].remedy


def test_an_event_that_is_refused_is_named(look: Look) -> None:
    assert "event: pull_request_target: the gate does not start here" in missing(
        look(name="pull_request_target")
    )


def test_an_output_that_cannot_be_written_is_named(look: Look) -> None:
    assert missing(look(GITHUB_OUTPUT="")) == ["runner: GITHUB_OUTPUT cannot be written"]


@pytest.mark.parametrize(
    "change, told",
    [
        (("merge_group: ", "schedule: "), "does not start in a merge queue"),
        (
            ("pull_request: ,", "pull_request: {paths: [data]},"),
            "`paths:` keeps the check from coming at all",
        ),
        (("name: mlval,", "strategy: {matrix: {m: [a]}},"), "has a name of its own in every leg of a matrix"),
        (("mlval/mlval@v1", "actions/checkout@v1"), "no workflow judges pull requests"),
    ],
)
def test_a_workflow_that_would_hang_the_merge_is_seen(
    look: Look, workflow: Path, change: tuple[str, str], told: str
) -> None:
    workflow.write_text(WORKFLOW.replace(*change), encoding="utf-8")
    (one,) = missing(look())
    assert one.endswith(told)


@pytest.mark.parametrize(
    "server, lacks", [("https://github.example.org", True), ("https://github.com", False)]
)
def test_what_an_enterprise_server_lacks_is_named(
    look: Look, workflow: Path, server: str, lacks: bool
) -> None:
    lines = ["on: [pull_request, merge_group]", "jobs:", "  gate:", "    name: mlval", "    steps:"]
    steps = ["      - uses: mlval/mlval@v1", "      - uses: actions/upload-artifact@v4", ""]
    workflow.write_text("\n".join([*lines, *steps]), encoding="utf-8")
    found = missing(look(GITHUB_SERVER_URL=server))
    assert any("actions/upload-artifact" in one for one in found) is lacks


def test_two_checks_of_one_name_are_seen(look: Look, workflow: Path) -> None:
    workflow.with_name("other.yml").write_text(WORKFLOW)
    assert missing(look()) == ["check: several jobs are called mlval"]


@pytest.mark.parametrize("content", ["on: [", "\x00"])
def test_a_workflow_that_cannot_be_read_is_noted(look: Look, workflow: Path, content: str) -> None:
    workflow.with_name("broken.yml").write_text(content)
    found = look()
    assert missing(found) == []
    assert any("broken.yml cannot be read" in one.sentence for one in found.get("workflow", []))


@pytest.mark.parametrize(
    "owners, told",
    [
        ("", ["the contract", "the workflows"]),
        ("/mlval.yml @mona\n", ["the workflows"]),
        ("/.github/ @mona\n", ["the contract"]),
    ],
)
def test_files_that_nobody_owns_are_named(look: Look, workflow: Path, owners: str, told: list[str]) -> None:
    (workflow.parents[2] / "CODEOWNERS").write_text(owners)
    assert missing(look()) == [f"owners: CODEOWNERS names nobody for {what}" for what in told]


def test_a_broken_contract_is_named(look: Look, workflow: Path) -> None:
    (workflow.parents[2] / "mlval.yml").write_text("version: 2\n")
    (one,) = missing(look())
    assert one.startswith("contract: ")


def test_mlflow_is_asked_where_the_contract_names_it(look: Look, workflow: Path) -> None:
    contract = CONTRACT.replace("validations", "models: {m: {uri: models:/churn/1}}\nvalidations")
    (workflow.parents[2] / "mlval.yml").write_text(contract)
    assert missing(look()) == ["mlflow: MLFLOW_TRACKING_URI is not set"]


def test_outside_of_a_workflow_only_files_and_cage_are_looked_at(look: Look) -> None:
    found = look(GITHUB_ACTIONS="")
    assert found["event"][0].finding is Finding.NOTE
    assert "token" not in found
    assert {"contract", "check", "owners", "cage"} <= set(found)


@pytest.mark.parametrize(
    "model, finding",
    [
        ("path: model.skops", Finding.MISSING),
        ("from: input", Finding.MISSING),
        ("predictions: {path: p.csv, label: p}", Finding.NOTE),
    ],
)
def test_a_missing_layer_of_the_cage_matters_where_a_model_is_loaded(
    look: Look, tmp_path: Path, model: str, finding: Finding
) -> None:
    (tmp_path / "workspace" / "mlval.yml").write_text(f"{CONTRACT}models: {{m: {{{model}}}}}\n")
    (one,) = look()["cage"]
    assert (one.finding, one.sentence) == (finding, "seccomp: not Linux")
    assert ("seccomp" in one.remedy) == (finding is Finding.MISSING)


def test_the_cage_is_looked_at_where_the_contract_cannot_be_read(look: Look, tmp_path: Path) -> None:
    (tmp_path / "workspace" / "mlval.yml").write_text("version: 2\n")
    (one,) = look()["cage"]
    assert one.finding is Finding.MISSING
