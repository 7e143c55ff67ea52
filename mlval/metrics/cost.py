"""What the model's decisions cost: a number of each row, written as an expression.

What it measures
    The mean over the rows with a truth of `expression`, or with `total: true` their sum. It is SQL over
    `truth`, `prediction`, `score` and the columns of the dataset, by the rules of `where`: one row at a
    time, from an allow-list of functions.

Why it matters
    A miss may cost a thousand times as much as a false alarm, and by row: no metric of counts knows the
    amount that was lost.

When it misleads
    The expression is as good as its prices. A row whose cost is null or NaN makes it an error, not 0: say
    `coalesce(amount, 0)` if that is meant. A column called `truth`, `prediction` or `score` is meant by its
    quoted name; the bare word is refused where it could be either.

Example
    metrics:
      cost:
        expression: "case when truth = 1 and prediction = 0 then amount when prediction = 1 then 5 else 0 end"
        max: 2.5

References
    Elkan (2001), The foundations of cost-sensitive learning.
"""

from dataclasses import dataclass

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from mlval.domain.metric import Estimated, Metric, RowValues
from mlval.stats.row_mean import row_mean


@dataclass(frozen=True, slots=True)
class _Total:
    """A sum over rows; the interval is that of the mean, times the rows."""

    value: float
    n: int
    interval: tuple[float, float] | None


class Cost(Metric):
    """The mean or total over the rows of an expression of the contract."""

    name = "cost"
    better = "lower"
    needs = "expression"

    expression: str = Field(
        min_length=1,
        description="SQL of one row: a number from `truth`, `prediction`, `score` and columns.",
    )
    total: bool = Field(default=False, description="Whether the bound is on the sum, not the mean.")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the keys: a plain number would have no expression."""
        return {**handler.resolve_ref_schema(handler(core_schema)), "description": cls.__doc__}

    @property
    def row_value(self) -> str:
        """The expression."""
        return self.expression

    def estimate(self, evidence: RowValues, *, confidence: float) -> Estimated:
        """Average the numbers of the rows."""
        found = row_mean(evidence.values, confidence=confidence)
        if not self.total:
            return found
        ends = None if found.interval is None else (found.interval[0] * found.n, found.interval[1] * found.n)
        return _Total(found.value * found.n, found.n, ends)
