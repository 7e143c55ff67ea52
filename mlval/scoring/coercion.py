"""Giving a model the types of its signature, where nothing is lost; what would be lost is refused by name.

MLflow refuses an integer where its signature says double, and whoever scores by hand casts all the same. Here
a value may change its type only if it keeps its value, and every change of a column is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature, FeatureKind
from mlval.domain.model_description import ColumnType, SignatureColumn
from mlval.domain.text import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPELT: Final[Mapping[FeatureKind, str]] = {
    "float": "double",
    "int": "long",
    "bool": "boolean",
    "text": "string",
    "time": "datetime",
}
_EXACT: Final = 2**53
"""Whole numbers up to here are doubles too."""
_INTEGER: Final = 2**31


@dataclass(frozen=True, slots=True)
class Coerced:
    """Features as the signature wants them, and a sentence for each column whose type was changed."""

    features: tuple[Feature, ...]
    notes: tuple[str, ...] = ()


def coerced(features: Sequence[Feature], signature: Sequence[SignatureColumn]) -> Coerced:
    """Return features in the types of a signature.

    Raises
    ------
    Unmeasurable
        If a column would lose something: digits, missing values, its meaning.
    """
    wanted = {column.name: column for column in signature}
    found, notes = [], []
    for feature in features:
        column = wanted.get(feature.name)
        if column is None:
            found.append(feature)
            continue
        one = _one(feature, column)
        found.append(one)
        if _SPELT[feature.kind] != column.type:
            notes.append(f"{shown(feature.name, 60)}: {_SPELT[feature.kind]} to {column.type}")
    return Coerced(tuple(found), tuple(notes))


def _one(feature: Feature, column: SignatureColumn) -> Feature:
    if _SPELT[feature.kind] == column.type:
        return feature
    convert = _CONVERSIONS.get((feature.kind, column.type))
    values = None if convert is None else convert(feature)
    if values is None:
        message = (
            f"the column {shown(feature.name, 60)!r} holds {_SPELT[feature.kind]} values, and the model's"
            f" signature wants {shown(column.spelled or column.type, 40)}: not all of them keep their value"
        )
        raise Unmeasurable(message, remedy="store the column in the type of the signature")
    kind: FeatureKind = "int" if column.type in {"integer", "long"} else "float"
    nulls = None if kind == "float" else feature.nulls
    return Feature(feature.name, kind, values, nulls=nulls)


def _int_to_double(feature: Feature) -> "NDArray[np.generic] | None":
    import numpy as np

    known = feature.values if feature.nulls is None else feature.values[~feature.nulls]
    if known.size and (int(known.max()) > _EXACT or int(known.min()) < -_EXACT):
        return None
    values = feature.values.astype(np.float64)
    if feature.nulls is not None:
        values[feature.nulls] = np.nan
    return values


def _int_to_float(feature: Feature) -> "NDArray[np.generic] | None":
    values = _int_to_double(feature)
    return None if values is None else _single(values)


def _double_to_float(feature: Feature) -> "NDArray[np.generic] | None":
    return _single(feature.values)


def _single(values: "NDArray[np.generic]") -> "NDArray[np.generic] | None":
    import numpy as np

    with np.errstate(over="ignore"):
        narrow = values.astype(np.float32).astype(np.float64)
    return values if np.array_equal(narrow, values, equal_nan=True) else None


def _double_to_long(feature: Feature) -> "NDArray[np.generic] | None":
    import numpy as np

    values = feature.values.astype(np.float64)
    whole = (
        np.isfinite(values).all() and (np.abs(values) <= _EXACT).all() and (values == np.trunc(values)).all()
    )
    return values.astype(np.int64) if whole else None


def _double_to_integer(feature: Feature) -> "NDArray[np.generic] | None":
    values = _double_to_long(feature)
    return None if values is None else _narrow(values)


def _long_to_integer(feature: Feature) -> "NDArray[np.generic] | None":
    return None if feature.nulls is not None else _narrow(feature.values)


def _narrow(values: "NDArray[np.generic]") -> "NDArray[np.generic] | None":
    fits = not values.size or (values.max() < _INTEGER and values.min() >= -_INTEGER)
    return values if fits else None


_CONVERSIONS: Final[
    Mapping[tuple[FeatureKind, ColumnType], "Callable[[Feature], NDArray[np.generic] | None]"]
] = {
    ("int", "double"): _int_to_double,
    ("int", "float"): _int_to_float,
    ("int", "integer"): _long_to_integer,
    ("float", "float"): _double_to_float,
    ("float", "long"): _double_to_long,
    ("float", "integer"): _double_to_integer,
    ("bool", "double"): _int_to_double,
    ("bool", "long"): lambda feature: None if feature.nulls is not None else feature.values.astype("int64"),
}
