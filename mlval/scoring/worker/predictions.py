"""What a model returned, as rows × outputs of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray


def numeric(values: Any, rows: int) -> NDArray[np.float64]:  # noqa: ANN401 - whatever the model returned
    """Return predictions as rows × outputs.

    Raises
    ------
    Refused
        If they are no numbers, or not one a row.
    """
    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Refused("broken", "the model predicts something that is no number") from error
    if found.ndim not in {1, 2} or found.shape[0] != rows:
        raise Refused("broken", f"the model gives predictions of the shape {found.shape} for {rows} rows")
    return found.reshape(rows, -1)
