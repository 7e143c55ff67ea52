"""The result of the branch that a change is to be merged into, as its own runs or a file have it."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.domain.verdict import BaseResult, InputRecord, Report
from mlval.github.base_runs import newest
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.github.zip_member import one_of_many
from mlval.report.result_reading import read_report
from mlval.report.strict_json import MOST_BYTES, ReportRefused

if TYPE_CHECKING:
    from mlval.github.client import Client

ARTIFACT: Final = "mlval-report"
MEMBERS: Final = ("result.json", "{name}/result.json")
"""Where the result of a contract lies in an artifact: alone, or in a folder of its name."""


def base_result(client: "Client", event: Event, name: str, *, artifact: str = ARTIFACT) -> BaseResult | str:
    """Return the newest result of the contract of this name on the base branch, or why there is none.

    Nothing is raised: without a result of the base every failure is new, which is the strict reading.
    """
    if event.base_branch is None or event.base_sha is None:
        return "this event has no base branch"
    try:
        for run in newest(client, branch=event.base_branch, tip=event.base_sha, artifact=artifact):
            for place in MEMBERS:
                try:
                    text = one_of_many(run.archive, place.format(name=name), most=MOST_BYTES)
                    report = read_report(text)
                except (PublishError, ReportRefused):
                    continue
                if report.contract_name == name:
                    return _found(report, text, uri=f"run {run.run_id} at {run.head_sha[:12]}")
    except PublishError as error:
        return f"GitHub was asked for it, and {error}"
    return f"no run of {shown(event.base_branch)} has left one"


def stored_result(path: Path, shown_as: str) -> BaseResult:
    """Return the result that a file holds; whoever runs the gate has named it.

    Raises
    ------
    UsageError
        If it cannot be read, or is none.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"cannot read {shown(shown_as)}: {error.strerror}"
        raise UsageError(message, remedy="name a result.json that `mlval run` wrote") from error
    return _found(read_report(text), text, uri=shown(shown_as))


def _found(report: Report, text: bytes, *, uri: str) -> BaseResult:
    return BaseResult(report, InputRecord("base", "result", uri, hashlib.sha256(text).hexdigest()))
