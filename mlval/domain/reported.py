"""Metrics that somebody reported of a model: where they are, and the ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from mlval.domain.asks import Ask

BASE: Final = "base"
"""The result of the branch that a change is to be merged into."""

ReportedBy = Annotated[str, Field(pattern=r"^(base|runs:/[0-9a-f]{32}|[^:]+\.json)$", max_length=1000)]
"""A run of MLflow, an earlier result.json, or the result of the base branch."""


@dataclass(frozen=True, slots=True)
class Reported(Ask[Mapping[str, float]]):
    """The metrics of a model by name, as they stand where the contract says."""

    model: str
