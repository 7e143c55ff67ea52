"""What a model is shown of a dataset, and what it answers: columns of values, one a row."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FeatureKind = Literal["float", "int", "bool", "text", "time"]


@dataclass(frozen=True, slots=True)
class Feature:
    """Values of one feature, one a row.

    `text` has codes into `levels` (int32, −1 where null); `time` is datetime64. `nulls` is True where there
    is no value, None where every row has one.
    """

    name: str
    kind: FeatureKind
    values: "NDArray[np.generic]"
    nulls: "NDArray[np.bool_] | None" = None
    levels: tuple[str, ...] | None = None
