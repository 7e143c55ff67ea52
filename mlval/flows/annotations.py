"""What a reviewer sees beside the lines of the contract: results, or the contract's own mistakes."""

from collections.abc import Iterator

from mlval.domain.errors import ContractError
from mlval.domain.reports import NotJudged, Reports
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.github.runner import Annotation, Level
from mlval.report import combined
from mlval.report.sections import sections
from mlval.report.wording import words


def of_report(report: Report) -> tuple[Annotation, ...]:
    """Return an error for every result that blocks, and a warning for every one that warns."""
    found = sections(report)
    return (
        *(_result(result, report, Level.ERROR) for result in found.blocking),
        *(_result(result, report, Level.WARNING) for result in found.warnings),
    )


def of_reports(reports: Reports) -> tuple[Annotation, ...]:
    """Return the annotations of all contracts; one that was not judged is an error at its file."""
    found: list[Annotation] = []
    for part in reports.parts:
        match part:
            case Report():
                found += of_report(part)
            case NotJudged(mistakes=ContractError() as error):
                found += of_mistakes(error)
            case NotJudged(name=name):
                sentence = combined.verdict_of(part)
                found.append(Annotation(Level.ERROR, sentence, title=f"mlval: {shown(name)}", file=part.path))
    return tuple(found)


def of_mistakes(error: ContractError) -> Iterator[Annotation]:
    """Yield an error for every mistake in a contract."""
    for problem in error.problems:
        path = f"{problem.path}: " if problem.path else ""
        hint = f" ({problem.hint})" if problem.hint else ""
        yield Annotation(
            Level.ERROR,
            f"{path}{problem.message}{hint}",
            title="mlval: the contract is not valid",
            file=error.file,
            line=problem.place.line if problem.place else None,
            column=problem.place.column if problem.place else None,
        )


def _result(result: Result, report: Report, level: Level) -> Annotation:
    said = words(result, report)
    return Annotation(
        level,
        "\n".join(line for line in (said.sentence, said.moved, said.why and f"why: {said.why}") if line),
        title=f"mlval {said.validation}: {said.name}",
        file=report.contract_path if result.place else "",
        line=result.place.line if result.place else None,
        column=result.place.column if result.place else None,
    )
