"""The report in a terminal, and in a log."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mlval.domain.verdict import Report
from mlval.report import terminal

NAMES = ("passed", "undecided", "blocked", "drifted", "inconclusive", "unavailable", "crashed", "hostile")
DRAWING = re.compile("[▁▂▃▄▅▆▇█]+ -> [▁▂▃▄▅▆▇█]+ ")
DRAWING_ALONE = re.compile("^ +[▁▂▃▄▅▆▇█]+ -> [▁▂▃▄▅▆▇█]+\n", re.MULTILINE)
BAR = re.compile("[▏▎▍▌▋▊▉█]+|(?<= )#+(?= [0-9])")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("name", NAMES)
def test_plain_text_has_no_codes(reports: Mapping[str, Report], name: str) -> None:
    text = terminal.render(reports[name], color=False, width=100)
    assert all(line.isprintable() for line in text.splitlines())
    assert text.encode("ascii", "ignore").decode() == text.replace("…", "")


@pytest.mark.parametrize("name", NAMES)
def test_colour_adds_styles_and_drawings_alone(reports: Mapping[str, Report], name: str) -> None:
    coloured = terminal.render(reports[name], color=True, width=1000)
    assert STYLE.search(coloured)
    undrawn = DRAWING.sub("", DRAWING_ALONE.sub("", STYLE.sub("", coloured)))
    assert without_bars(undrawn) == without_bars(terminal.render(reports[name], color=False, width=1000))


def without_bars(text: str) -> list[str]:
    return BAR.sub("", text).split()


@pytest.mark.parametrize("width", [0, 40, 72, 200])
@pytest.mark.parametrize("color", [False, True])
def test_no_line_is_wider_than_the_terminal(reports: Mapping[str, Report], width: int, color: bool) -> None:
    for report in reports.values():
        lines = STYLE.sub("", terminal.render(report, color=color, width=width)).splitlines()
        assert max(map(len, lines)) <= max(width, 40)


def test_a_break_makes_no_command(reports: Mapping[str, Report]) -> None:
    report = reports["blocked"]
    result = report.verdict.results[1]
    for padding in range(60):
        measurement = replace(result.measurement, subject=f"{'x' * padding} ::error::stop")
        verdict = replace(report.verdict, results=(replace(result, measurement=measurement),))
        lines = terminal.render(replace(report, verdict=verdict), color=False, width=40).splitlines()
        assert not any(line.lstrip().startswith("::") for line in lines)


def test_sections_are_bounded(reports: Mapping[str, Report]) -> None:
    report = reports["blocked"]
    verdict = replace(report.verdict, results=(report.verdict.results[2],) * 1_060)
    text = terminal.render(replace(report, verdict=verdict), color=False, width=80)
    assert text.count("passenger_count") == 50
    assert "1,010 more in result.json" in text
