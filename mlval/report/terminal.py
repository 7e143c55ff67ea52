"""The report for a terminal: plain lines when piped, colour where somebody looks."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from mlval.domain.outcome import Outcome
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.report import escape
from mlval.report.change_words import is_change
from mlval.report.hidden_levels import explained
from mlval.report.moved_parts import parts
from mlval.report.quiet_columns import quiet_columns
from mlval.report.sections import WORDS, headline, is_green, sections, tally
from mlval.report.side_by_side import side_by_side
from mlval.report.sparkline import shapes, sparklines
from mlval.report.wording import SENTENCE_LIMIT, words

MOST_ROWS: Final = 50
NARROWEST: Final = 40
_INDENT: Final = " " * 13
_LONGEST: Final = 3 * SENTENCE_LIMIT

_STYLES: Final = {
    Outcome.FAILED: "red",
    Outcome.ERRORED: "magenta",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.SKIPPED: "cyan",
    Outcome.PASSED: "green",
}

Line = tuple[str, str]
"""A style, and the text that it is for."""


def render(report: Report, *, color: bool, width: int) -> str:
    """Return the report as lines of at most `width` characters (at least 40), and a newline at the end.

    Parameters
    ----------
    report : the verdict with everything that it rests on
    color : whether a terminal is there that wants colour; without it there is not one escape code
    width : of the terminal, in characters
    """
    return _written(_lines(report, max(width, NARROWEST), drawn=color), color=color, width=width)


def laid_out(lines: Iterable[Line], *, color: bool, width: int) -> str:
    """Return lines of any length, made inert and broken at `width`, as `render` does it."""
    widest = max(width, NARROWEST)
    pieces = (piece for style, text in lines for piece in _wrapped(style, text, width=widest))
    return _written(pieces, color=color, width=width)


def _written(lines: Iterable[Line], *, color: bool, width: int) -> str:
    return _coloured(lines, max(width, NARROWEST)) if color else "".join(f"{text}\n" for _, text in lines)


def _lines(report: Report, width: int, *, drawn: bool) -> Iterator[Line]:
    found = sections(report)
    verdict = "bold green" if is_green(report) else "bold red"
    yield from _wrapped(verdict, f"mlval {headline(report)} ({shown(report.contract_name)})", width=width)
    for caution in report.cautions:
        yield from _wrapped("bold yellow", shown(caution, SENTENCE_LIMIT), width=width)
    for title, results in (
        ("Blocks the merge", found.blocking),
        ("Warnings", found.warnings),
        ("Undecided", found.undecided),
        ("Not judged yet", found.deferred),
    ):
        if results:
            yield ("", "")
            yield ("bold", title)
            yield from _section(results, report, width=width, drawn=drawn)
    if told := explained([*found.blocking, *found.warnings, *found.undecided], report):
        yield ("", "")
        yield from _wrapped("", told, width=width)
    for drift in quiet_columns(report):
        yield ("", "")
        yield from _wrapped("bold", drift.validation, width=width)
        for line in (drift.columns(shown), drift.how):
            yield from _wrapped("", line, width=width, label=" ") if line else ()
    yield ("", "")
    yield from _wrapped("", tally(report), width=width)


def _section(results: tuple[Result, ...], report: Report, *, width: int, drawn: bool) -> Iterator[Line]:
    for result in results[:MOST_ROWS]:
        yield from _result(result, report, width=width, drawn=drawn)
    if len(results) > MOST_ROWS:
        yield ("", f"  {len(results) - MOST_ROWS:,} more in result.json")


def _result(result: Result, report: Report, *, width: int, drawn: bool) -> Iterator[Line]:
    said = words(result, report)
    yield from _wrapped(
        _STYLES[result.outcome], f"{said.name}: {said.sentence}", width=width, label=WORDS[result.outcome]
    )
    pair = shapes(result.measurement.details)
    drawing = " -> ".join(sparklines(pair)) if pair is not None and drawn else ""
    picture = _picture(result, width - len(_INDENT), drawn=drawn)
    moved = "" if picture else said.moved
    if drawing or moved:
        yield from _wrapped("", f"{drawing} {moved}".strip(), width=width, label=" ")
    yield from (("", f"{_INDENT}{line}") for line in picture)
    if said.why:
        yield from _wrapped("", f"why: {said.why}", width=width, label=" ")
    for row in result.examples if result.examples_told else ():
        cells = ", ".join(
            f"{column} {'null' if cell is None else shown(cell)}" for column, cell in row.items()
        )
        yield from _wrapped("", f"row: {cells}", width=width, label=" ")
    where = ", ".join(part for part in (said.validation, said.place) if part)
    yield from _wrapped("dim", where, width=width, label=" ")


def _picture(result: Result, width: int, *, drawn: bool) -> tuple[str, ...]:
    """Return the parts of a column that drifted side by side; none where that is not known, or too wide."""
    if result.outcome is not Outcome.FAILED or not is_change(result.measurement):
        return ()
    lines = side_by_side(parts(result.measurement.details), width=width, blocks=drawn)
    return tuple(escape.terminal(line) for line in lines)


def _wrapped(style: str, text: str, *, width: int, label: str = "") -> Iterator[Line]:
    """Break one line of text, made inert as a whole: no break can put a command at the start of a line."""
    first, rest = (f"  {label:<11}", _INDENT) if label else ("", "  ")
    safe = escape.terminal(text, _LONGEST)
    for line in textwrap.wrap(
        safe, width=width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ):
        yield (style, line)


def _coloured(lines: Iterable[Line], width: int) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    target = StringIO()
    console = Console(
        file=target,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        width=width,
        legacy_windows=False,
        _environ={},
    )
    for style, text in lines:
        console.print(Text(text, style=style), soft_wrap=True)
    return target.getvalue()
