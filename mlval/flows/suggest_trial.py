"""Trying a suggested contract on the data that it came from, and leaving out what that data breaks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, UsageError
from mlval.domain.measurement import Path
from mlval.domain.outcome import Outcome
from mlval.domain.text import shown
from mlval.domain.verdict import Result
from mlval.flows.suggest_yaml import DatasetDraft, Noted
from mlval.judge.outcome import judge
from mlval.measure.driver import Answer, drive

_FINE: Final = {Outcome.PASSED, Outcome.SKIPPED}


def broken(text: str, answer: Answer) -> list[Result]:
    """Judge data by the text of a contract, and return what does not pass.

    Raises
    ------
    UsageError
        If the text is too much for one contract.
    """
    contract = _loaded(text)
    checks = contract.validations
    measured = drive({str(index): check.steps(contract.inputs) for index, check in enumerate(checks)}, answer)
    judged = (
        result for index in range(len(checks)) for result in judge(contract, index, measured[str(index)])
    )
    return [result for result in judged if result.outcome not in _FINE]


def _loaded(text: str) -> Contract:
    try:
        return load(text.encode(), file="the suggested contract", default_name="contract")
    except ContractError as error:
        problem = error.problems[0]
        message = f"the suggestions do not fit into one contract: {shown(problem.message)}"
        raise UsageError(message, remedy="name fewer files, or tables with fewer columns") from error


def told(result: Result) -> str:
    """Return a sentence on a rule that the data breaks."""
    found = result.measurement
    return shown(
        f"{result.validation}: {found.metric} of {found.subject}: {result.reason or result.outcome.value}"
    )


def without(drafted: DatasetDraft, results: Sequence[Result]) -> DatasetDraft:
    """Leave out the rules that the data breaks, and say so in their place."""
    for path in [one.measurement.path for one in results if one.validation == drafted.name]:
        drafted = _less(drafted, path)
    return drafted


def _less(drafted: DatasetDraft, path: Path) -> DatasetDraft:
    match path:
        case ("columns", str(column), str(rule)) if column in drafted.columns:
            noted = drafted.columns[column]
            rules = noted.value if isinstance(noted.value, dict) else {}
            kept = {key: value for key, value in rules.items() if key != rule}
            if set(kept) <= {"allow"}:
                kept = {"required": True}
            why = "; ".join(filter(None, (noted.why, f"`{rule}` left out: this data breaks it")))
            return replace(drafted, columns={**drafted.columns, column: Noted(kept, why, noted.odd)})
        case (str(rule), *_):
            table = {key: value for key, value in drafted.table.items() if key != rule}
            return replace(drafted, table=table)
    return drafted
