"""The base of everything that is read from a contract."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Strict, closed and unchangeable: no coercion, no unknown keys, no edits."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
