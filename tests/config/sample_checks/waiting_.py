"""Whether nothing happens, with a short form."""

from typing import Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from mlval.domain.check import Check


def _describe_short_form(schema: JsonDict) -> None:
    properties = schema["properties"]
    assert isinstance(properties, dict)
    properties["day"] = {"type": "integer", "description": "The only day."}


class Waiting(Check):
    """Nothing happens for a while."""

    model_config = ConfigDict(json_schema_extra=_describe_short_form)
    name = "waiting"

    type: Literal["waiting"] = Field(description="The kind of validation.")
    days: tuple[int, ...] = Field(default=(), description="For how long.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: object) -> object:
        """Read `day: 3` as `days: [3]`."""
        if not isinstance(raw, dict) or "day" not in raw:
            return raw
        return {**{key: value for key, value in raw.items() if key != "day"}, "days": (raw["day"],)}
