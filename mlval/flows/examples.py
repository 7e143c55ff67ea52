"""Rows that show a failure: asked for after judging, and masked where a column is sensitive."""

from dataclasses import replace

from mlval.domain.asks import Examples, Level
from mlval.domain.contract import Contract
from mlval.domain.errors import Failure
from mlval.domain.inputs import Dataset
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.measure.driver import Answer

MASKED = "(masked)"


def with_examples(result: Result, contract: Contract, answer: Answer, *, told: bool) -> Result:
    """Add rows that show a failure, where the contract asks for them.

    Parameters
    ----------
    told : whether whoever runs the gate lets reports show rows; without it they stay in `result.json`
    """
    failing = result.measurement.failing
    check = next(one for one in contract.validations if one.id == result.validation)
    if result.outcome != Outcome.FAILED or failing is None or check.examples == "off":
        return result
    dataset = contract.inputs.datasets.get(failing.rows.table)
    columns = tuple(dict.fromkeys((*(dataset.keys if dataset else ()), *failing.columns)))
    if not columns:
        return result
    ask = Examples(failing.rows, failing.of, columns)
    found = answer((ask,))[ask]
    if isinstance(found, Failure):
        return result
    rows = tuple(_masked(columns, row, dataset) for row in found)
    return replace(result, examples=rows, examples_told=told and check.examples == "comment")


def _masked(columns: tuple[str, ...], row: tuple[Level, ...], dataset: Dataset | None) -> dict[str, Level]:
    """Name the cells of a row, without the values of sensitive columns, not even whether there is one."""
    sensitive = dataset.sensitive if dataset else ()
    return {
        column: MASKED if column in sensitive else cell for column, cell in zip(columns, row, strict=True)
    }
