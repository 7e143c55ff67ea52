"""What a reviewer sees, as a Markdown parser reads it."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlval.domain.bound import Bound
from mlval.domain.errors import ExitCode, Place
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import InputRecord, Report, Result, Verdict
from mlval.report import markdown

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TAGS = re.compile("</?(details|summary|sub|code|span|pre)>|<details open>|<br>")


def many(count: int, outcome: Outcome, *, blocks: bool = False) -> tuple[Result, ...]:
    return tuple(
        Result(
            validation=f"v{index % 3}",
            type="data",
            outcome=outcome,
            severity=Severity.WARN,
            measurement=Measurement(
                subject=f"c{index}", metric="nulls", limit=Bound(max=0, unit="rows"), value=1
            ),
            blocks=blocks,
        )
        for index in range(count)
    )


def of(report: Report, *results: Result) -> Report:
    return replace(report, verdict=replace(report.verdict, results=results))


def rows(text: str) -> int:
    return sum(token.type == "tr_open" for token in PARSER.parse(text))


@given(st.text(max_size=40) | st.text(alphabet="`|<>@#*_\\\n[]()$:~&-=+ 1.x!", max_size=40))
def test_a_hostile_string_changes_no_structure(text: str) -> None:
    def written(word: str) -> list[str]:
        result = Result(
            validation=word,
            type=word,
            outcome=Outcome.FAILED,
            severity=Severity.BLOCK,
            measurement=Measurement(subject=word, metric="m", limit=Bound(max=0), value=1),
            blocks=True,
            reason=f"x{word}",
            why=f"x{word}",
            place=Place(1, 1),
        )
        passed = replace(result, outcome=Outcome.PASSED, blocks=False)
        verdict = Verdict(
            state=State.BLOCKED, exit_code=ExitCode.BLOCKED, reason=word, results=(result, passed)
        )
        report = Report(
            tool_version=word,
            contract_name=word,
            contract_path=word,
            contract_sha256=word,
            now=word,
            verdict=verdict,
            inputs=(InputRecord(word, word, word, word, 1),),
        )
        assert "<" not in TAGS.sub("", markdown.render(report))
        return [token.type for token in PARSER.parse(markdown.render(report))]

    assert written(text) == written("name")


def test_the_verdict_comes_first(reports: Mapping[str, Report]) -> None:
    firsts = {
        name: markdown.render(report).splitlines()[0] for name, report in reports.items() if name != "hostile"
    }
    assert firsts == {
        "passed": "## ✅ mlval passed (`taxi`)",
        "undecided": "## ✅ mlval passed, 1 warning, 1 undecided (`taxi`)",
        "blocked": "## ❌ mlval blocked: 7 failed, 1 errored, 1 undecided (`taxi`)",
        "drifted": "## ❌ mlval blocked: 5 failed (`taxi`)",
        "inconclusive": "## ❌ mlval blocked by too little data: 1 undecided (`taxi`)",
        "unavailable": "## ❌ mlval blocked by unavailable data: 1 errored (`taxi`)",
        "crashed": "## ❌ mlval blocked by a bug in mlval: 1 errored (`taxi`)",
    }


def test_a_block_without_a_result_says_why(reports: Mapping[str, Report]) -> None:
    assert "blocked: 9 of 15 results block." in markdown.render(of(reports["blocked"]))


@pytest.mark.parametrize("count, shown", [(50, 50), (51, 50), (3_000, 50)])
def test_what_blocks_is_bounded(reports: Mapping[str, Report], count: int, shown: int) -> None:
    text = markdown.render(
        of(reports["blocked"], *many(count, Outcome.FAILED, blocks=True)), level="failures"
    )
    assert rows(text) == 1 + shown
    assert (f"{count - shown} more in `result.json`." in text) == (count > shown)


def test_what_passed_is_bounded_over_all_validations(reports: Mapping[str, Report]) -> None:
    text = markdown.render(of(reports["passed"], *many(900, Outcome.PASSED)))
    results = rows(text) - 3 - text.count("| What |")
    assert results == 200
    assert text.count("v0: 300 passed") == text.count("v2: 300 passed") == 1
    assert "300 more in `result.json`." in text


def test_failures_leave_out_what_needs_no_attention(reports: Mapping[str, Report]) -> None:
    short = markdown.render(reports["blocked"], level="failures")
    assert "<details>" not in short
    assert "passenger_count" in short
    assert "trip_id" not in short


def test_every_fold_is_closed(reports: Mapping[str, Report]) -> None:
    for report in reports.values():
        text = markdown.render(report)
        assert text.count("<details") == text.count("\n\n</details>\n") == text.count("</summary>\n\n")


def test_examples_stay_out_of_comments(reports: Mapping[str, Report]) -> None:
    assert "-52" not in markdown.render(reports["blocked"])


def test_a_command_to_paste_is_quoted(reports: Mapping[str, Report]) -> None:
    report = replace(reports["passed"], contract_path="a; rm b.yml")
    assert "mlval run 'a; rm b.yml' --now" in markdown.render(report)


def test_why_is_said_only_of_what_did_not_pass(reports: Mapping[str, Report]) -> None:
    passed, failed = (
        replace(many(1, outcome)[0], why="Because.") for outcome in (Outcome.PASSED, Outcome.FAILED)
    )
    assert markdown.render(of(reports["passed"], passed, failed)).count("*Why:* Because.") == 1
