"""The report as Markdown for a pull request: verdict, what blocks and why, warnings, the rest folded."""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import InputRecord, Report, Result
from mlval.report import escape, figures
from mlval.report.change_words import is_change
from mlval.report.hidden_levels import explained
from mlval.report.moved_parts import parts
from mlval.report.quiet_columns import Quiet, quiet_columns
from mlval.report.sections import WORDS, by_validation, headline, is_green, sections, tally
from mlval.report.side_by_side import side_by_side
from mlval.report.sparkline import shapes, sparklines
from mlval.report.wording import SENTENCE_LIMIT, words

Level = Literal["full", "failures"]

MOST_ROWS: Final = 50
MOST_FOLDED: Final = 200
MOST_INPUTS: Final = 50
MOST_NOTES: Final = 20
MOST_PICTURES: Final = 6
PICTURE_WIDTH: Final = 76
_DIGEST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One result as cells that are Markdown already."""

    validation: str
    name: str
    found: str
    demand: str
    place: str


@dataclass(frozen=True, slots=True)
class Picture:
    """How one column moved: its name, and lines for a block of preformatted text."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A section: its rows, how many more there are, and pictures of the columns that moved."""

    rows: tuple[Row, ...]
    left_out: int
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """What needs no attention of one validation."""

    title: str
    table: Table


def render(report: Report, *, level: Level = "full") -> str:
    """Return the report as GitHub-flavoured Markdown that ends in a newline.

    Parameters
    ----------
    report : the verdict with everything that it rests on
    level : `failures` leaves out what passed, what was skipped, and the table of inputs
    """
    found = sections(report)
    drifts = [one for one in quiet_columns(report) if level == "full" or one.loud]
    told = {id(result) for one in drifts for result in one.results}
    rest = [result for result in found.quiet if id(result) not in told]
    quiet = by_validation(rest) if level == "full" else {}
    return _template()(
        mark="✅" if is_green(report) else "❌",
        headline=escape.markdown(headline(report)),
        contract=escape.code(report.contract_name),
        cautions=[escape.markdown(one, SENTENCE_LIMIT) for one in report.cautions],
        tally=escape.markdown(tally(report)),
        blocking=_table(found.blocking, report),
        warnings=_table(found.warnings, report),
        undecided=_table(found.undecided, report),
        deferred=_table(found.deferred, report),
        levels=escape.markdown(explained([*found.blocking, *found.warnings, *found.undecided], report)),
        drifts=[_drift(one, level) for one in drifts],
        folds=_folds(quiet, report),
        folds_left_out=max(0, len(quiet) - MOST_ROWS),
        evidence=_evidence(report),
        inputs=[_input(record) for record in report.inputs[:MOST_INPUTS]] if level == "full" else (),
        notes=[_noted(record) for record in report.inputs[:MOST_INPUTS] if record.notes],
        inputs_left_out=max(0, len(report.inputs) - MOST_INPUTS),
        reproduce=_reproduce(report),
    )


@cache
def _template() -> Callable[..., str]:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mlval.report"),
        autoescape=False,  # noqa: S701 - the output is Markdown: `escape` made every string inert before
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.md.j2").render


def _table(results: Iterable[Result], report: Report, *, most: int = MOST_ROWS) -> Table:
    everything = tuple(results)
    moved = [one for one in everything[:most] if _picture(one)][:MOST_PICTURES]
    return Table(
        tuple(_row(one, report, pictured=one in moved) for one in everything[:most]),
        max(0, len(everything) - most),
        tuple(Picture(escape.code(words(one, report).name), _picture(one)) for one in moved),
    )


def _picture(result: Result) -> tuple[str, ...]:
    """Return the parts of a column that drifted side by side, as lines that HTML shows as they are."""
    if result.outcome is not Outcome.FAILED or not is_change(result.measurement):
        return ()
    lines = side_by_side(parts(result.measurement.details), width=PICTURE_WIDTH, blocks=True)
    return tuple(escape.markdown(line) for line in lines)


def _drift(drift: Quiet, level: Level) -> str:
    """Return what a drift validation says once, as one paragraph."""
    quiet = drift.columns(escape.code) if level == "full" else ""
    mark = "" if drift.loud else "✅ "
    how = f"<sub>{escape.markdown(drift.how, SENTENCE_LIMIT)}</sub>" if drift.how else ""
    name = escape.markdown(drift.validation)
    return "<br>\n".join(part for part in (f"{mark}{name}: {quiet}." if quiet else "", how) if part)


def _row(result: Result, report: Report, *, pictured: bool = False) -> Row:
    said = words(result, report)
    name = escape.code(said.subject) if said.subject else ""
    metric = escape.markdown(said.metric) if said.metric not in {"", said.subject} else ""
    return Row(
        validation=escape.markdown(said.validation),
        name=" ".join(part for part in (name, metric) if part),
        found="<br>".join(_found(result, report, pictured=pictured)),
        demand=escape.markdown(said.demand),
        place=escape.code(said.place) if said.place else "",
    )


def _found(result: Result, report: Report, *, pictured: bool) -> Iterable[str]:
    said = words(result, report)
    plain = result.outcome in {
        Outcome.PASSED,
        Outcome.FAILED,
        *(() if result.blocks else (Outcome.INCONCLUSIVE,)),
    }
    outcome = "" if plain else f"**{WORDS[result.outcome]}**: "
    yield outcome + escape.markdown(said.found, SENTENCE_LIMIT)
    pair = shapes(result.measurement.details)
    if pair is not None and result.outcome is not Outcome.PASSED:
        reference, current = sparklines(pair)
        moved = "" if pictured else escape.markdown(said.moved, SENTENCE_LIMIT)
        yield f"`{reference}` → `{current}` {moved}".rstrip()
    if said.note:
        yield escape.markdown(said.note, SENTENCE_LIMIT)
    if said.why and result.outcome is not Outcome.PASSED:
        yield f"*Why:* {escape.markdown(said.why)}"
    if result.examples_told:
        for row in result.examples:
            cells = (f"{escape.code(column)} {_cell(cell)}" for column, cell in row.items())
            yield f"*Row:* {', '.join(cells)}"


def _cell(cell: str | None) -> str:
    return "null" if cell is None else escape.code(cell)


def _folds(quiet: Mapping[str, Sequence[Result]], report: Report) -> list[Fold]:
    """Fold what passed or was skipped, one fold a validation, in all at most `MOST_FOLDED` rows."""
    folds: list[Fold] = []
    free = MOST_FOLDED
    for validation, results in list(quiet.items())[:MOST_ROWS]:
        passed = sum(result.outcome is Outcome.PASSED for result in results)
        skipped = len(results) - passed
        counts = [f"{passed:,} passed"] * bool(passed) + [f"{skipped:,} skipped"] * bool(skipped)
        mark = "✅" if passed else "➖"
        title = f"{mark} {escape.markdown(validation)}: {', '.join(counts)}"
        table = _table(results, report, most=free)
        free -= len(table.rows)
        folds.append(Fold(title, table))
    return folds


def _evidence(report: Report) -> str:
    digest = escape.code(report.contract_sha256[:_DIGEST_SHOWN])
    return (
        f"mlval {escape.markdown(report.tool_version)}, contract {escape.code(report.contract_path)} "
        f"(sha256 {digest}), judged at {escape.code(report.now)}"
    )


def _input(record: InputRecord) -> dict[str, str]:
    return {
        "name": escape.code(record.name),
        "kind": escape.markdown(record.kind),
        "uri": escape.code(record.uri),
        "sha256": escape.code(record.sha256[:_DIGEST_SHOWN]) if record.sha256 else "",
        "rows": "" if record.rows is None else figures.count(record.rows),
    }


def _noted(record: InputRecord) -> str:
    notes = [escape.markdown(note) for note in record.notes[:MOST_NOTES]]
    more = len(record.notes) - len(notes)
    return f"{escape.code(record.name)}: {', '.join(notes)}" + (f", and {more:,} more" if more else "")


def _reproduce(report: Report) -> str:
    """Return a command line that is safe to paste, whatever the contract's path is."""
    return escape.code(f"mlval run {shlex.quote(report.contract_path)} --now {shlex.quote(report.now)}")
