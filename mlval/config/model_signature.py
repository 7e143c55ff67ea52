"""The signature of an MLflow model: JSON in the text of `MLmodel`, read as columns."""

import json
from dataclasses import dataclass
from typing import get_args

from mlval.domain.model_description import ColumnType, SignatureColumn
from mlval.domain.text import shown

MOST_COLUMNS = 10_000
_TYPES: dict[str, ColumnType] = {one: one for one in get_args(ColumnType) if one != "unsupported"}


@dataclass(frozen=True, slots=True)
class Signature:
    """Columns, None where there are none to name; `tensors` where the model is made for tensors."""

    columns: tuple[SignatureColumn, ...] | None = None
    tensors: bool = False


def signature(text: str | None) -> Signature:
    """Read the JSON of one side of a signature.

    Raises
    ------
    ValueError
        With a short reason, if it is not what MLflow writes.
    """
    if text is None:
        return Signature()
    try:
        columns = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS:
        message = f"no list of at most {MOST_COLUMNS:,} columns"
        raise ValueError(message)
    if any(isinstance(one, dict) and one.get("type") == "tensor" for one in columns):
        return Signature(tensors=True)
    read = tuple(_column(one) for one in columns)
    if len(read) > 1 and any(not one.name for one in read):
        raise ValueError("a column without a name")
    if len({one.name for one in read}) != len(read):
        raise ValueError("two columns of one name")
    return Signature(read)


def _column(raw: object) -> SignatureColumn:
    if not isinstance(raw, dict):
        raise ValueError("a column that is no mapping")
    name, spelled, required = raw.get("name", ""), raw.get("type"), raw.get("required", True)
    if not (isinstance(name, str) and isinstance(spelled, str) and isinstance(required, bool)):
        raise ValueError("a column without `name`, `type` and `required` as MLflow writes them")
    return SignatureColumn(name, _TYPES.get(spelled, "unsupported"), required, shown(spelled, 40))
