"""What is to be judged yet stands where a reviewer sees it, and is not folded among what was skipped."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.judge.verdict import verdict
from mlval.report import markdown, terminal
from mlval.report.sections import sections, tally


@pytest.fixture
def waiting(reports: Mapping[str, Report]) -> Report:
    """Return a report that passed but for one result, which was left to a later run."""
    first, *rest = reports["passed"].verdict.results
    later = replace(first, outcome=Outcome.SKIPPED, deferred=True, reason="needs credentials")
    return replace(reports["passed"], verdict=verdict([later, *rest]))


def test_it_is_a_section_of_its_own(waiting: Report) -> None:
    found = sections(waiting)
    assert [one.deferred for one in (*found.deferred, *found.quiet)] == [
        True,
        *[False] * (len(waiting.verdict.results) - 1),
    ]
    assert "1 deferred" in tally(waiting)


@pytest.mark.parametrize("level", ["full", "failures"])
def test_every_text_shows_it_before_what_passed(waiting: Report, level: markdown.Level) -> None:
    text = markdown.render(waiting, level=level)
    assert "### Not judged yet" in text.partition("<details>")[0]
    assert "Not judged yet" in terminal.render(waiting, color=False, width=80)
