"""The value of a column as a double."""

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.literals import identifier
from mlval.measure.scores import LABEL, SCORE

_PREDICTED = {LABEL: "the predicted label", SCORE: "the score"}


def as_number(column: Column) -> str:
    """Return the SQL of a value as a double; times become seconds since 1970."""
    name = identifier(column.name)
    if column.kind in {"int", "float", "bool"}:
        return f"{name}::DOUBLE"
    if column.kind in {"date", "timestamp"}:
        return f"epoch({name}::TIMESTAMP)::DOUBLE"
    told = _PREDICTED.get(column.name) or repr(shown(column.name))
    message = f"{told} holds {column.kind} values, not numbers"
    raise Unmeasurable(message)
