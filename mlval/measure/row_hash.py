"""The hash of a row as SQL: of its key, or of its position."""

from collections.abc import Sequence

from mlval.domain.asks import Column
from mlval.measure.literals import identifier
from mlval.measure.tables import ROW


def row_hash(keys: Sequence[Column]) -> str:
    """Return the hash of a row's key; of its position, where there are no keys or one of them is null."""
    position = f"hash({identifier(ROW)})"
    if not keys:
        return position
    missing = " OR ".join(f"{identifier(key.name)} IS NULL" for key in keys)
    return f"CASE WHEN {missing} THEN {position} ELSE hash({', '.join(map(hashable, keys))}) END"


def hashable(column: Column) -> str:
    """Return a value as the type that holds all of its kind: files differ in how wide their numbers are."""
    name = identifier(column.name)
    if column.kind == "int" and column.stored != "UHUGEINT":
        return f"{name}::HUGEINT"
    if column.kind in {"int", "float"}:
        return f"{name}::DOUBLE"
    if column.kind in {"date", "timestamp"}:
        return f"{name}::TIMESTAMP"
    return f"{name}::VARCHAR"
