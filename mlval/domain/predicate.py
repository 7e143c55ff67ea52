"""What can be true of a row, said without SQL: the vocabulary that rules use.

Every condition is about values that are there. A null satisfies `IsNull` and nothing else, since
nulls fail only null rules.
"""

from dataclasses import dataclass
from datetime import date, datetime

Scalar = bool | int | float | str | date | datetime


@dataclass(frozen=True, slots=True)
class IsNull:
    """The value is missing (null; in CSV an empty field)."""

    column: str


@dataclass(frozen=True, slots=True)
class NotNull:
    """All of these columns hold a value."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """The value is smaller than the limit, or not a number."""

    column: str
    limit: Scalar


@dataclass(frozen=True, slots=True)
class Above:
    """The value is larger than the limit, or not a number."""

    column: str
    limit: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """The value is one of these."""

    column: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class NotIn:
    """The value is none of these."""

    column: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class NotMatching:
    """The text does not match the regular expression (RE2, found anywhere unless anchored)."""

    column: str
    pattern: str


@dataclass(frozen=True, slots=True)
class NotOfType:
    """The value cannot be read as this type without loss."""

    column: str
    type: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The row shares its values in these columns with another row."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A predicate of the contract is true of the row."""

    text: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """A predicate of the contract is false of the row (where it is null it is not broken)."""

    text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A predicate of the contract is true or false of the row, not null."""

    text: str


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these is true of the row."""

    of: "tuple[Predicate, ...]"


Predicate = (
    IsNull
    | NotNull
    | Below
    | Above
    | In
    | NotIn
    | NotMatching
    | NotOfType
    | Repeated
    | Holds
    | Breaks
    | Decided
    | Either
)
