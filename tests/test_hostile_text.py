"""Hostile text in data and contract, followed through everything that the Action writes."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.github import world
from tests.github.stand_in import StandIn, serving
from tests.test_action import Job, Ran
from tests.test_action_publishing import Runner

SECRET = "hunter2-hunter2"
NAMES = (
    "a|b",
    "</td><img src=x onerror=alert(1)>",
    "@octocat &#64;octocat &commat;octocat",
    "[click](https://evil.example) https://evil.example",
    "::error::owned",
    "##[error]owned",
    "\u202egnp.exe\u2066",
    "`code` **bold** #1 acme/repo#2",
    "\x1b[31mred\x07",
    "plain",
)
LEVELS = ("::add-mask::x", "<script>alert(1)</script>", "@everyone", "x" * 5_000_000, "a|b\n::error::y")
ALLOWED_TAGS = {"details", "summary", "sub", "br", "code", "span"}
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def write_table(job: Job, path: str, *, shift: int) -> None:
    """Write a table whose column names and values are all hostile; `shift` moves the levels."""
    rows = [
        [LEVELS[(index + shift) % len(LEVELS)] if index < len(LEVELS) else f"v{index % 3}"]
        for index in range(60)
    ]
    target = job.workspace / path
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(NAMES)
        writer.writerows(row * len(NAMES) for row in rows)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Runner, Ran]]:
    """Run the Action on a pull request where nothing is meant well."""
    job = Job(tmp_path_factory.mktemp("job"))
    job.workspace.mkdir()
    write_table(job, "reference.csv", shift=0)
    write_table(job, "current.csv", shift=1)
    columns = {name: {"in": ["v1"], "regex": "^@octocat", "nulls": 0} for name in NAMES}
    contract = {
        "version": 1,
        "name": "churn",
        "datasets": {"reference": {"path": "reference.csv"}, "current": {"path": "current.csv"}},
        "validations": [
            {
                "type": "data",
                "dataset": "current",
                "why": "<b>why</b> @octocat ::error::why | [x](https://evil.example)",
                "examples": "artifact",
                "columns": columns,
                "extra_columns": "forbid",
                "expect": ["plain = '<i>@octocat</i> ::error::z'"],
            },
            {"type": "drift"},
        ],
    }
    job.write("mlval.yml", json.dumps(contract, ensure_ascii=True))
    with serving(StandIn(forge=world.forge())) as github:
        runner = Runner(job, github)
        runner.environ = {"MLVAL_WAREHOUSE": f"postgres://u:{SECRET}@db/x"}
        yield runner, runner.step()


def rendered(text: str) -> tuple[set[str], set[str]]:
    """Return the tags and the link targets of Markdown, as a parser reads it."""
    html = PARSER.render(text)
    tags = {name.lower() for name in re.findall(r"</?([A-Za-z][A-Za-z0-9]*)", html)}
    return tags, set(re.findall(r'(?:href|src)="([^"]*)"', html))


MARKDOWN_TAGS = {
    "h2",
    "h3",
    "p",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "strong",
    "code",
    "ul",
    "li",
    "em",
}


def test_comment_and_summary_render_nothing_of_it(ran: tuple[Runner, Ran]) -> None:
    runner, step = ran
    (comment,) = runner.comments
    for text in (comment, step.summary):
        body = text.partition("\n")[2] if text.startswith("<!-- mlval") else text
        tags, links = rendered(body)
        assert tags <= MARKDOWN_TAGS | ALLOWED_TAGS
        assert all(link.startswith("https://github.com/") for link in links)
        outside_code = re.sub(r"`[^`]*`", "", body)
        assert not re.search(r"(?<![\w\u200b])@[A-Za-z]", outside_code)
        assert "\u202e" not in body
        assert "\x1b" not in body
        assert len(body) < 65_536


def test_the_log_holds_no_command_that_we_did_not_send(ran: tuple[Runner, Ran]) -> None:
    _, step = ran
    assert {name for name, _, _ in step.commands} <= {"add-mask", "error", "warning"}
    for properties, data in [*step.of("error"), *step.of("warning")]:
        assert "title=mlval" in properties or data.endswith("more: see the step summary.")
        assert "\n" not in data
        assert "\u202e" not in data
    assert "\x1b" not in step.log
    assert len(step.log) < 200_000


def test_junit_outputs_and_result_hold_it_as_data(ran: tuple[Runner, Ran]) -> None:
    runner, step = ran
    assert set(step.outputs) >= {"verdict", "exit-code", "result-file"}
    assert step.outputs["verdict"] == "blocked"
    folder = runner.job.workspace / "mlval-report"
    suite = ET.parse(folder / "junit.xml").getroot()
    assert suite.tag in {"testsuite", "testsuites"}
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["verdict"]["state"] == "blocked"
    assert all(len(one["subject"]) <= 200 for one in result["results"])
    assert (folder / "result.json").stat().st_size < 2_000_000


def test_no_secret_and_no_value_of_the_data_gets_out(ran: tuple[Runner, Ran]) -> None:
    runner, step = ran
    (comment,) = runner.comments
    files = [path.read_text(encoding="utf-8") for path in (runner.job.workspace / "mlval-report").iterdir()]
    for text in (comment, step.summary, *files):
        assert SECRET not in text
    masked = "\n".join(f"::add-mask::{data}" for _, data in step.of("add-mask"))
    assert SECRET not in step.log.replace(masked, "").replace(f"::add-mask::{SECRET}", "")
    for text in (comment, step.summary, step.log):
        assert "<script>" not in text
        assert "everyone" not in text
        assert "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" not in text


def test_files_are_found_where_the_outputs_say(ran: tuple[Runner, Ran]) -> None:
    runner, step = ran
    for name in ("result-file", "report-file", "junit-file"):
        assert (runner.job.workspace / Path(step.outputs[name])).is_file()
