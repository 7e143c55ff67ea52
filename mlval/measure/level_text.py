"""The value of a column as the text of a level, in which 1, 1.0 and '1' are the same."""

from mlval.domain.asks import Column
from mlval.measure.literals import identifier


def as_text(column: Column) -> str:
    """Return the SQL of a value as text, in which 1, 1.0 and '1' are the same level."""
    name = identifier(column.name)
    if column.kind == "float":
        number = f"{name}::DOUBLE" if column.stored.startswith("DECIMAL") else name
        whole = f"{name} = trunc({name}) AND abs({name}) < 1e37"
        return f"CASE WHEN {whole} THEN {name}::HUGEINT::VARCHAR ELSE {number}::VARCHAR END"
    return f"{name}::VARCHAR"
