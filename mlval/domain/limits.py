"""Values that a rule of the contract may hold: what can be compared, and what can be equal."""

import math
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator


def _finite(value: float | str | bool) -> float | str | bool:  # noqa: FBT001 - a value, not a switch
    if isinstance(value, float) and not math.isfinite(value):
        message = f"{value} cannot be compared with; leave the end out to keep it open"
        raise ValueError(message)
    return value


def _ordered(value: float | str) -> float | str:
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError as error:
            message = f"expected a number or a time such as 2026-01-31T12:00:00, found {value[:80]!r}"
            raise ValueError(message) from error
    return _finite(value)


Comparable = Annotated[int | float | str, AfterValidator(_ordered)]
"""A finite number, or a date or time in ISO 8601."""

Value = Annotated[int | float | str | bool, AfterValidator(_finite)]
"""A number, a text or a boolean."""
