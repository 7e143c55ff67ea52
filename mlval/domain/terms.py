"""The terms on which a contract is judged: who may loosen it, what is let pass until when, when it holds."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from mlval.domain.frozen import Frozen
from mlval.domain.tighter import ladder

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(raw: object) -> date:
    """Return a day that is written as `2026-12-31`.

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    if isinstance(raw, date):
        return raw
    message = f"expected a day such as 2026-12-31, found {raw!r:.80}"
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise ValueError(message)
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise ValueError(message) from error


Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"}),
]
"""A day, read from `2026-12-31`."""

Sentence = Annotated[str, Field(min_length=1, max_length=400)]


class Policy(Frozen):
    """What a change that loosens the contract itself means."""

    weakening: Annotated[Literal["warn", "block"], ladder("warn", "block")] = Field(
        default="warn",
        description="Whether a change that may loosen the contract blocks the merge. "
        "The base branch decides, not the pull request.",
    )


class Waiver(Frozen):
    """A failure that is let pass until a day, by somebody, for a reason."""

    rule: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        description="What is let pass: the id of a validation, or further parts of a result's `id` in "
        "result.json, such as `churn-data/amount/max`."
    )
    reason: Sentence = Field(description="Why, for whoever reads the report.")
    owner: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="Who answers for it.")
    until: Day = Field(description="The last day, in UTC, on which it holds.")


class Terms(Frozen):
    """The keys of a contract that measure nothing, and decide what results mean."""

    policy: Policy = Field(
        default_factory=Policy, description="What a change of the contract itself must satisfy."
    )
    waivers: tuple[Waiver, ...] = Field(
        default=(), max_length=100, description="Failures that are let pass for a while."
    )
    fail_on: Annotated[Literal["any", "new"], ladder("new", "any")] = Field(
        default="any",
        description="Whether every failure blocks, or only one that the base branch does not have as well.",
    )
    changed: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(
        default=(),
        max_length=100,
        description="Files that the contract is about, as patterns from the top of the repository; a change "
        "that touches none of them does not affect it.",
    )
