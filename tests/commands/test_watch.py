"""`mlval watch` against the stand-in: from result.json to issues, and what it refuses."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import requests

from mlval.commands._github import World
from mlval.commands.watch import EVENTS, LABEL, TITLE, command, main
from mlval.domain.errors import ExitCode, UsageError
from mlval.domain.verdict import Report
from mlval.flows.watch import Watching
from mlval.github.client import Client
from mlval.github.event import Event
from mlval.report.result_json import render
from tests.commands.conftest import Call
from tests.commands.handed_over import FAILED, PASSED, report
from tests.github import world
from tests.github.faults import Fault
from tests.github.forge import REPOSITORY, Holder
from tests.github.stand_in import StandIn, serving
from tests.github.world import BOT, HEAD, Timeline
from tests.test_snippets import copies
from tests.workflow_files import ROOT, WATCHER

TOKEN = "ghs_watch"


@dataclass
class Watch:
    """A repository whose scheduled gate has ended."""

    github: StandIn
    folder: Path
    log: list[str] = field(default_factory=list)

    def leave(self, told: Report | bytes, path: str = "mlval-report/result.json") -> None:
        """Write what the gate has left."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(told if isinstance(told, bytes) else render(told).encode())

    def run(
        self,
        *results: str,
        run: int = 20,
        watching: Watching = Watching(LABEL, TITLE),  # noqa: B008 - it is frozen
        **changes: str,
    ) -> ExitCode:
        """Run the command as the runner does."""
        environ = {
            "GITHUB_EVENT_NAME": "schedule",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SHA": HEAD,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": f"{self.github.url}/graphql",
            "GITHUB_RUN_ID": str(run),
            "GITHUB_WORKSPACE": str(self.folder),
            "GITHUB_TOKEN": TOKEN,
            **changes,
        }
        outside = World(environ=environ, write=self.log.append, word=lambda: "0" * 32, connect=_connect)
        return main(outside, results or ("mlval-report/**/result.json",), watching)

    @property
    def issues(self) -> dict[int, tuple[str, str]]:
        """Title and state of every issue."""
        known = self.github.forge.tracker.issues
        return {number: (str(one["title"]), str(one["state"])) for number, one in known.items()}

    @property
    def said(self) -> str:
        """The log."""
        return "".join(self.log)


def _connect(found: Event, token: str) -> Client:
    session = requests.Session()
    session.trust_env = False
    return Client(session, found, token=token, clock=Timeline().clock())


@contextmanager
def watched(folder: Path) -> Iterator[Watch]:
    """Give a repository whose token may write issues."""
    forge = world.forge()
    forge.holders[TOKEN] = Holder(BOT, {"contents": "read", "issues": "write"})
    with serving(StandIn(forge=forge)) as github:
        yield Watch(github, folder)
    assert github.violations == []


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with watched(tmp_path) as found:
        yield found


def named(name: str, told: Report) -> Report:
    return replace(told, contract_name=name)


def test_a_failure_opens_an_issue_and_recovery_closes_it(watch: Watch) -> None:
    watch.leave(report(FAILED))
    assert watch.run() is ExitCode.PASSED
    assert watch.issues == {8: ("mlval watch: churn", "open")}
    assert "Issue 8 was opened for churn." in watch.said
    watch.leave(report(PASSED))
    assert watch.run(run=21) is ExitCode.PASSED
    assert watch.issues == {8: ("mlval watch: churn", "closed")}
    watch.leave(report(FAILED))
    assert watch.run(run=22) is ExitCode.PASSED
    assert watch.issues == {8: ("mlval watch: churn", "open")}


def test_it_follows_the_gate_itself(watch: Watch, folder: Path, call: Call) -> None:
    watch.folder = folder
    for run, (fare, code) in enumerate([("-1", 1), ("1", 0), ("-2", 1)], start=20):
        (folder / "trips.csv").write_text(f"fare,plan\n{fare},a\n", encoding="utf-8")
        assert call("run", "--output", "mlval-report").code == code
        assert watch.run(run=run) is ExitCode.PASSED
        assert watch.issues == {8: ("mlval watch: trips", "open" if code else "closed")}
    assert "fare" in str(watch.github.forge.tracker.issues[8]["body"])


def test_nothing_is_opened_while_it_passes(watch: Watch) -> None:
    watch.leave(report(PASSED))
    assert watch.run() is ExitCode.PASSED
    assert watch.issues == {}


def test_the_same_result_writes_nothing_twice(watch: Watch) -> None:
    watch.leave(report(FAILED))
    watch.run()
    watch.github.asked.clear()
    assert watch.run(GITHUB_RUN_ATTEMPT="2") is ExitCode.PASSED
    assert not {"issues/create", "issues/update", "issues/create-comment"} & set(watch.github.asked)


def test_several_contracts_have_an_issue_each(watch: Watch) -> None:
    watch.leave(named("churn", report(FAILED)), "mlval-report/churn/result.json")
    watch.leave(named("fraud", report(FAILED)), "mlval-report/fraud/result.json")
    watch.leave(named("quiet", report(PASSED)), "mlval-report/quiet/result.json")
    assert watch.run(watching=Watching("drift", "Drift of {name}")) is ExitCode.PASSED
    assert watch.issues == {8: ("Drift of churn", "open"), 9: ("Drift of fraud", "open")}


def test_of_two_results_of_one_contract_none_is_believed(watch: Watch) -> None:
    watch.leave(report(FAILED), "mlval-report/a/result.json")
    watch.leave(report(PASSED), "mlval-report/b/result.json")
    watch.leave(named("fraud", report(FAILED)), "mlval-report/c/result.json")
    assert watch.run() is ExitCode.UNPUBLISHED
    assert [title for title, _ in watch.issues.values()] == ["mlval watch: fraud"]
    assert "mlval merge" in watch.said


@pytest.mark.parametrize("results", [(), ("result.json",), ("*.json", "none/result.json")])
def test_a_gate_that_left_nothing_is_no_success(watch: Watch, results: tuple[str, ...]) -> None:
    assert watch.run(*results) is ExitCode.UNPUBLISHED
    assert watch.issues == {}


def test_a_file_that_is_no_result_does_not_keep_the_others_from_being_told(watch: Watch) -> None:
    watch.leave(b"{}", "mlval-report/a/result.json")
    watch.leave(report(FAILED), "mlval-report/b/result.json")
    assert watch.run() is ExitCode.UNPUBLISHED
    assert watch.issues == {8: ("mlval watch: churn", "open")}


def test_a_forged_verdict_closes_nothing(watch: Watch) -> None:
    watch.leave(report(FAILED))
    watch.run()
    forged = replace(report(FAILED), verdict=replace(report(PASSED).verdict, results=(FAILED,)))
    watch.leave(forged)
    assert watch.run(run=21) is ExitCode.UNPUBLISHED
    assert watch.issues == {8: ("mlval watch: churn", "open")}


@pytest.mark.parametrize("name", EVENTS)
def test_it_starts_under_events_of_the_repository(watch: Watch, name: str) -> None:
    watch.leave(report(PASSED))
    assert watch.run(GITHUB_EVENT_NAME=name) is ExitCode.PASSED


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "workflow_run", "issues", ""])
def test_it_refuses_every_other_event(watch: Watch, name: str) -> None:
    watch.leave(report(FAILED))
    with pytest.raises(UsageError, match="does not start under"):
        watch.run(GITHUB_EVENT_NAME=name)
    assert watch.github.asked == []


def test_without_a_token_it_does_not_start(watch: Watch) -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN is not set"):
        watch.run(GITHUB_TOKEN="")


@pytest.mark.parametrize("label", ["", "a,b", "x" * 51, " drift"])
def test_what_cannot_be_a_label_is_refused(watch: Watch, label: str) -> None:
    with pytest.raises(UsageError, match="no label"):
        watch.run(watching=Watching(label, TITLE))


@pytest.mark.parametrize("title", ["", " ", "x" * 201, "a\nb"])
def test_what_cannot_be_a_title_is_refused(watch: Watch, title: str) -> None:
    with pytest.raises(UsageError, match="title"):
        watch.run(watching=Watching(LABEL, title))


def test_a_missing_permission_is_named(watch: Watch) -> None:
    watch.github.forge.holders[TOKEN] = Holder(BOT, {"contents": "read"})
    watch.leave(report(FAILED))
    assert watch.run() is ExitCode.UNPUBLISHED
    assert "issues: write" in watch.said


def test_a_repository_without_issues_is_named(watch: Watch) -> None:
    watch.github.forge.tracker.is_off = True
    watch.leave(report(FAILED))
    assert watch.run() is ExitCode.UNPUBLISHED
    assert "switch issues on" in watch.said


def test_an_outage_of_github_is_told(watch: Watch) -> None:
    watch.github.faults.append(Fault("issues/create", 500, left=100))
    watch.leave(report(FAILED))
    assert watch.run() is ExitCode.UNPUBLISHED


def test_a_link_out_of_the_workspace_is_not_followed(
    watch: Watch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "result.json"
    outside.write_text(render(report(FAILED)), encoding="utf-8")
    (watch.folder / "result.json").symlink_to(outside)
    with pytest.raises(UsageError):
        watch.run("result.json")
    assert watch.issues == {}


def test_help_teaches_with_examples(call: Call) -> None:
    shown = call("watch", "--help")
    assert shown.code == 0
    assert "mlval watch 'mlval-report/**/result.json'" in shown.out


def test_on_a_machine_it_says_where_it_belongs(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    ended = call("watch", "result.json")
    assert ended.code == ExitCode.USAGE
    assert "schedule" in ended.err


def test_the_action_calls_it_as_the_command_is_meant() -> None:
    defaults = {name: value["default"] for name, value in WATCHER["inputs"].items()}
    words = [
        re.sub(r"\$\{\{ inputs\.([a-z-]+) }}", lambda found: defaults[found[1]], one)
        for one in WATCHER["runs"]["args"][4:]
    ]
    assert command.make_context("watch", words).params == {
        "results": ("mlval-report/**/result.json",),
        "label": LABEL,
        "title": TITLE,
    }


def test_the_page_shows_the_template_and_commands_that_are_understood() -> None:
    page = (ROOT / "docs" / "watch.md").read_text(encoding="utf-8")
    assert {name for name, _ in copies(page)} == {"drift-watch"}
    lines = [line for line in page.splitlines() if line.startswith("mlval watch ")]
    assert lines
    for line in lines:
        assert command.make_context("watch", shlex.split(line)[2:]).params["results"]
