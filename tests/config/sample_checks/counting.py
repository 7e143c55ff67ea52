"""Whether a table has as many rows as it should."""

from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import BoundSpec, Share, ToleranceSpec
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Path
from mlval.domain.slices import SliceSpec


class Rules(Frozen):
    """What is asked of a column."""

    type: Literal["int", "text"] | None = Field(default=None, description="What the column holds.")
    min: float | None = Field(default=None, description="The smallest value.")
    values: Annotated[tuple[str | int, ...], Field(min_length=1)] | None = Field(
        default=None, description="All values."
    )
    allow: ToleranceSpec = Field(default=Bound(max=0, unit="rows"), description="How many may break a rule.")


class Counting(Check):
    """A table has as many rows as it should."""

    name = "counting"

    type: Literal["counting"] = Field(description="The kind of validation.")
    dataset: str = Field(description="Which table is counted.")
    rows: BoundSpec | None = Field(default=None, description="How many rows.")
    size: Literal["small", "large"] | Share = Field(default="small", description="A word, or a share.")
    columns: dict[str, Rules | tuple[Rules, ...]] = Field(default={}, description="Rules by column.")
    by: tuple[SliceSpec, ...] = Field(default=(), description="How rows are split.")

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name a dataset that does not exist or has no target."""
        if self.dataset not in inputs.datasets:
            return ((("dataset",), "there is no such dataset"),)
        if inputs.datasets[self.dataset].target is None:
            return ((("dataset",), "the dataset needs a target"),)
        return ()
