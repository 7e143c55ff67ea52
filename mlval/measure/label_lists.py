"""Which columns hold lists of labels: a row may then have several, or none."""

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown

_ELEMENTS = frozenset(
    {
        *("VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    }
)


def is_list(column: Column) -> bool:
    """Say whether a column holds lists of text, whole numbers or truth values."""
    return column.stored.endswith("[]") and column.stored.removesuffix("[]") in _ELEMENTS


def are_lists(target: Column | None, label: Column | None) -> bool:
    """Say whether truth and prediction are lists of labels; where one of them is absent they are not.

    Raises
    ------
    Unmeasurable
        If only one of the two is: a label cannot be held against a list.
    """
    if target is None or label is None or is_list(target) == is_list(label):
        return target is not None and label is not None and is_list(target)
    held = [f"{'lists of labels' if is_list(column) else 'one label a row'}" for column in (target, label)]
    message = f"the target {shown(target.name)!r} holds {held[0]}, and the predictions {held[1]}"
    raise Unmeasurable(message, remedy="write both as lists of labels, or neither")
