"""Whoever reads of `level 1` is told what it is, and nobody else."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mlval.domain.verdict import Report
from mlval.report import markdown, terminal
from mlval.report.hidden_levels import EXPLAINED, explained


@pytest.mark.parametrize(
    "reason, is_told",
    [
        ("plan=level 1 0.4 against plan=level 3 0.1", True),
        ("moved to level 12", True),
        ("plan=free 0.4", False),
        ("level 0, levels 1 and sea-level 1", False),
    ],
)
def test_a_rank_is_known_by_its_words(reports: Mapping[str, Report], reason: str, *, is_told: bool) -> None:
    report = reports["passed"]
    result = replace(report.verdict.results[0], reason=reason)
    assert explained([result], report) == (EXPLAINED if is_told else "")


@pytest.mark.parametrize("name, is_told", [("blocked", True), ("passed", False)])
def test_it_is_said_once_in_every_text(reports: Mapping[str, Report], name: str, *, is_told: bool) -> None:
    texts = (
        markdown.render(reports[name]),
        markdown.render(reports[name], level="failures"),
        terminal.render(reports[name], color=False, width=100),
    )
    assert [text.count("stand for values of the data") for text in texts] == [int(is_told)] * 3
