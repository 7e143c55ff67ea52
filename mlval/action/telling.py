"""What became of a step: told to GitHub, to the steps that follow, and in the log."""

from collections import Counter
from pathlib import Path

from mlval import __version__
from mlval.action.asking import GitHub, bug
from mlval.action.declared import COUNTS, FILES
from mlval.domain.errors import ContractError
from mlval.domain.reports import Reports
from mlval.flows import annotations
from mlval.flows.outputs import NAMES
from mlval.flows.publishing import Wanted, publish_report, tell
from mlval.github import runner
from mlval.github.errors import EventError, PublishError
from mlval.github.step import Step
from mlval.report import combined, escape
from mlval.report.ending import ending, markdown


def publish(step: Step, reports: Reports, github: GitHub, *, wanted: Wanted) -> None:
    """Tell GitHub; whatever goes wrong here is a warning and leaves the verdict as it is."""
    if not (wanted.comment or wanted.status):
        return
    if github.event is None:
        step.warn(f"Nothing was published: {github.trouble}")
        return
    client = None if github.event.token_is_read_only else github.client
    try:
        tell(step, publish_report(client, github.event, reports, wanted=wanted))
    except (EventError, PublishError, OSError) as error:
        step.warn(f"Nothing was published: {error}")
    except Exception as error:  # noqa: BLE001 - a bug in publishing must not look like a verdict either
        step.warn(f"Nothing was published: {bug(error)}")


def outputs(reports: Reports, folder: Path) -> dict[str, str]:
    """Return the outputs; of several contracts counts are summed, and each result has a line."""
    counts = Counter[str]()
    for report in reports.judged:
        counts.update(report.verdict.counts)
    alone = reports.alone
    results = (
        [folder / NAMES[0]]
        if alone
        else [folder / report.contract_name / NAMES[0] for report in reports.judged]
    )
    return {
        "verdict": combined.state(reports).value,
        "exit-code": str(int(reports.exit_code)),
        "reason": alone.verdict.reason if alone else escape.terminal(combined.headline(reports)),
        **{name: str(counts[name]) for name in COUNTS},
        "result-file": "\n".join(path.as_posix() for path in results),
        **{name: (folder / file).as_posix() for name, file in FILES.items() if file != NAMES[0]},
    }


def failed(step: Step, error: Exception) -> int:
    """Say why nothing was judged; later steps find that in the outputs as well."""
    end = ending(error, version=__version__)
    step.quote("\n".join(end.lines))
    if isinstance(error, ContractError):
        step.annotate(tuple(annotations.of_mistakes(error)))
    else:
        step.annotate((runner.Annotation(runner.Level.ERROR, end.sentence, title="mlval"),))
    step.summarise(markdown(end))
    step.put_out({"verdict": "error", "exit-code": str(int(end.exit_code)), "reason": end.sentence})
    return end.exit_code
