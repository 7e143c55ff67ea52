"""Annotations: an error beside what blocks, a warning beside what warns, nothing beside the rest."""

from collections.abc import Callable

from mlval.domain.errors import ContractError, Place, Problem
from mlval.domain.verdict import Report
from mlval.flows import annotations
from mlval.github.runner import Annotation, Level

CONTRACT = """\
version: 1
datasets: {sales: {path: sales.csv}}
validations:
  - type: data
    why: Refunds have a table of their own.
    columns:
      amount: [{min: 0}, {max: 5, severity: warn}, {type: float}]
"""
SALES = "amount\n-1\n7\n"


def test_results_are_marked_at_their_demand(gate: Callable[..., Report]) -> None:
    error, warning = annotations.of_report(gate(CONTRACT, {"sales.csv": SALES}))
    assert error == Annotation(
        Level.ERROR,
        "1 of 2 rows (50%), none allowed\nwhy: Refunds have a table of their own.",
        title="mlval data: amount min 0",
        file="mlval.yml",
        line=7,
        column=17,
    )
    assert (warning.level, warning.title) == (Level.WARNING, "mlval data: amount max 5")


def test_a_mistake_without_a_place_marks_the_file() -> None:
    (mark,) = annotations.of_mistakes(ContractError("mlval.yml", (Problem("too large"),)))
    assert (mark.message, mark.file, mark.line) == ("too large", "mlval.yml", None)


def test_a_mistake_says_where_what_and_the_way_out() -> None:
    problem = Problem("unknown key", "validations.0.nuls", Place(8, 16), "did you mean `nulls`?")
    (mark,) = annotations.of_mistakes(ContractError("mlval.yml", (problem,)))
    assert mark.message == "validations.0.nuls: unknown key (did you mean `nulls`?)"
    assert (mark.line, mark.column) == (8, 16)
