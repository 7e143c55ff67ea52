"""Keys that a schema knows at a path."""

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from mlval.config.keys import keys_at
from mlval.config.schema_parts import schema_of
from mlval.domain.measurement import Path


class One(BaseModel):
    first: int = Field(description="The first.")
    other: "One | None" = None


class Two(BaseModel):
    second: int


class Whole(BaseModel):
    kind: Literal["x"] = Field(alias="type")
    by_name: dict[str, One | tuple[Two, ...]] = {}
    listed: tuple[str | One | Two, ...] = ()


@pytest.mark.parametrize(
    "path, keys",
    [
        ((), ["type", "by_name", "listed"]),
        (("by_name",), []),
        (("by_name", "any"), ["first", "other"]),
        (("by_name", "any", 3), ["second"]),
        (("by_name", "any", "other", "other"), ["first", "other"]),
        (("listed", 0), ["first", "other", "second"]),
        (("nowhere", 0, "at all"), []),
    ],
)
def test_keys_follow_references_and_alternatives(path: Path, keys: list[str]) -> None:
    assert list(keys_at(schema_of(Whole), path)) == keys


def test_keys_have_their_descriptions() -> None:
    assert keys_at(schema_of(Whole), ("by_name", "any"))["first"] == "The first."
