"""The result of the branch that a change is to be merged into, as its own runs left it."""

import hashlib
from typing import Final

from mlval.domain.text import shown
from mlval.domain.verdict import BaseResult, InputRecord
from mlval.github.base_runs import member, newest
from mlval.github.client import Client
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.report.result_reading import read_report
from mlval.report.strict_json import ReportRefused

ARTIFACT: Final = "mlval-report"
MEMBERS: Final = ("result.json", "{name}/result.json")
"""Where the result of a contract lies in an artifact: alone, or in a folder of its name."""
LARGEST: Final = 5_000_000


def base_result(client: Client, event: Event, name: str, *, artifact: str = ARTIFACT) -> BaseResult | str:
    """Return the newest result of the contract of this name on the base branch, or why there is none.

    Nothing is raised: without a result of the base every failure is new, which is the strict reading.
    """
    if event.base_branch is None:
        return "this event has no base branch"
    try:
        for run in newest(client, branch=event.base_branch, artifact=artifact):
            for place in MEMBERS:
                try:
                    text = member(run.archive, place.format(name=name), most=LARGEST)
                    report = read_report(text)
                except (PublishError, ReportRefused):
                    continue
                if report.contract_name == name:
                    uri = f"run {run.run_id} at {run.head_sha[:12]}"
                    return BaseResult(
                        report, InputRecord("base", "result", uri, hashlib.sha256(text).hexdigest())
                    )
    except PublishError as error:
        return f"GitHub was asked for it, and {error}"
    return f"no run of {shown(event.base_branch)} has left one"
