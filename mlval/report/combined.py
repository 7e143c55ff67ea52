"""The report of a call: that of its one contract, or a table of several with a section for each."""

from collections.abc import Iterable
from typing import Final

from mlval import __version__
from mlval.domain.errors import ExitCode
from mlval.domain.outcome import State
from mlval.domain.reports import NotAffected, NotJudged, Part, Reports, name_of, path_of
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.report import escape, sections
from mlval.report.ending import ending

MOST_NAMED: Final = 3
"""Contracts that the first line names."""

_LONGEST: Final = 400


def is_green(reports: Reports) -> bool:
    """Say whether all contracts let the merge through."""
    return reports.exit_code is ExitCode.PASSED and all(map(sections.is_green, reports.judged))


def state(reports: Reports) -> State:
    """Return the verdict over all contracts."""
    return State.PASSED if is_green(reports) else State.BLOCKED


def headline(reports: Reports) -> str:
    """Return the verdict in one short line, such as `blocked: 2 of 5 contracts: churn, fraud`."""
    if reports.alone is not None:
        return sections.headline(reports.alone)
    total = len(reports.parts)
    contracts = f"{total:,} contract{'' if total == 1 else 's'}"
    if is_green(reports):
        untouched = len(reports.not_affected)
        return f"passed: {contracts}" + (f", {untouched:,} not affected" if untouched else "")
    red = [name_of(part) for part in reports.parts if not _lets_pass(part)]
    named = ", ".join(red[:MOST_NAMED]) + (", …" if len(red) > MOST_NAMED else "")
    return f"blocked: {len(red):,} of {contracts}: {named}"


def verdict_of(part: Part) -> str:
    """Return what became of one contract, in one short line."""
    match part:
        case Report():
            return sections.headline(part)
        case NotAffected(reason=reason):
            return f"not affected: {reason}"
        case NotJudged(error=error):
            return f"not judged: {ending(error, version=__version__).sentence}"


def told(part: Part) -> tuple[str, ...]:
    """Return why a contract was not judged, in lines that are safe on a terminal; none where it was."""
    return ending(part.error, version=__version__).lines if isinstance(part, NotJudged) else ()


def terminal(reports: Reports, *, color: bool, width: int) -> str:
    """Return the report as lines of at most `width` characters: a line for each contract, then its report."""
    from mlval.report import terminal

    if reports.alone is not None:
        return terminal.render(reports.alone, color=color, width=width)
    style = "bold green" if is_green(reports) else "bold red"
    lines = [(style, f"mlval {headline(reports)} ({shown(reports.name)})")]
    for part in reports.parts:
        line = f"  {shown(name_of(part))}: {verdict_of(part)} [{shown(path_of(part))}]"
        lines.append(("green" if _lets_pass(part) else "red", line))
    texts = [terminal.laid_out(lines, color=color, width=width)]
    for part in reports.parts:
        if isinstance(part, Report):
            texts.append(terminal.render(part, color=color, width=width))
        elif isinstance(part, NotJudged):
            heading = ("bold red", f"mlval judged nothing ({shown(part.name)})")
            texts.append(
                terminal.laid_out([heading, *(("", line) for line in told(part))], color=color, width=width)
            )
    return "\n".join(texts)


def markdown(reports: Reports, *, level: str = "full") -> str:
    """Return the report as GitHub-flavoured Markdown that ends in a newline.

    Parameters
    ----------
    level : `failures` leaves out what passed, and so the sections of contracts that let the merge through
    """
    from mlval.report import markdown

    short: markdown.Level = "failures" if level == "failures" else "full"
    if reports.alone is not None:
        return markdown.render(reports.alone, level=short)
    shown_parts = (part for part in reports.parts if short == "full" or not _lets_pass(part))
    return "\n".join(
        (
            "\n".join(_table(reports)),
            *(
                markdown.render(part, level=short) if isinstance(part, Report) else _judged_nothing(part)
                for part in shown_parts
                if not isinstance(part, NotAffected)
            ),
        )
    )


def variants(reports: Reports) -> tuple[str, ...]:
    """Return the report as Markdown from full to short, for whoever has little room."""
    return markdown(reports), markdown(reports, level="failures")


def _table(reports: Reports) -> Iterable[str]:
    yield f"## {_mark(green=is_green(reports))} mlval {escape.markdown(headline(reports))}"
    yield ""
    yield "| | Contract | Verdict | File |"
    yield "|---|---|---|---|"
    for part in reports.parts:
        mark = "➖" if isinstance(part, NotAffected) else _mark(green=_lets_pass(part))
        verdict = escape.markdown(verdict_of(part), _LONGEST)
        yield f"| {mark} | {escape.code(name_of(part))} | {verdict} | {escape.code(path_of(part))} |"
    yield ""


def _judged_nothing(part: NotJudged) -> str:
    from mlval.report import ending as endings

    whole = endings.markdown(ending(part.error, version=__version__))
    return whole.replace("judged nothing", f"judged nothing ({escape.code(part.name)})", 1)


def _mark(*, green: bool) -> str:
    return "✅" if green else "❌"


def _lets_pass(part: Part) -> bool:
    match part:
        case Report():
            return sections.is_green(part)
        case NotAffected():
            return True
        case NotJudged():
            return False
