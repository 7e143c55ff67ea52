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
    """The value is smaller than the limit (or equal to it, if `or_equal`), or not a number."""

    column: str
    limit: Scalar
    or_equal: bool = False


@dataclass(frozen=True, slots=True)
class Above:
    """The value is larger than the limit (or equal to it, if `or_equal`), or not a number."""

    column: str
    limit: Scalar
    or_equal: bool = False


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
class Sentinel:
    """The value is one of those that stand for a missing one; a value of another kind never is."""

    column: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class IsNaN:
    """The value is a float, and not a number."""

    column: str


@dataclass(frozen=True, slots=True)
class IsInfinite:
    """The value is a float without end, or a time without one."""

    column: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The text matches the regular expression (RE2, found anywhere unless anchored)."""

    column: str
    pattern: str


@dataclass(frozen=True, slots=True)
class NotFormatted:
    """The text is not written in a format: the name of one, or a pattern of strptime with `%`."""

    column: str
    format: str


@dataclass(frozen=True, slots=True)
class LengthOutside:
    """The text has fewer or more characters (Unicode code points) than it may."""

    column: str
    min: int | None
    max: int | None


@dataclass(frozen=True, slots=True)
class MoreDecimals:
    """The number has more digits after the point than it may."""

    column: str
    places: int


@dataclass(frozen=True, slots=True)
class NotMultiple:
    """The number is no whole multiple of another, or not a number."""

    column: str
    divisor: float


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """The value is smaller than the one before it (larger, if `falling`); equal is broken too if `strict`.

    Rows stand in the order of the file, or of the column `by`; with `per`, each combination of values has a
    sequence of its own. Only rows `among` which all predicates hold are looked at, and only values
    that are there.
    """

    column: str
    falling: bool = False
    strict: bool = False
    by: str | None = None
    per: tuple[str, ...] = ()
    among: "tuple[Predicate, ...]" = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """The row shares its values in these columns with another row `among` which all predicates hold.

    Nulls are equal to one another, as in a comparison of whole rows.
    """

    columns: tuple[str, ...]
    among: "tuple[Predicate, ...]" = ()


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Another row has the same values in these columns, and another value in `label`.

    Nulls among the columns are equal to one another; a row without a label contradicts nobody.
    """

    columns: tuple[str, ...]
    label: str
    among: "tuple[Predicate, ...]" = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A row of another table has the same values in `others`, pair by pair, as this row in `columns`.

    A null equals nothing, unless `nulls` says that nulls are equal to one another.
    """

    columns: tuple[str, ...]
    table: str
    others: tuple[str, ...]
    among: "tuple[Predicate, ...]" = ()
    nulls: bool = False


@dataclass(frozen=True, slots=True)
class NotAfter:
    """The time lies at or before the last one in the column `last` of another table.

    The last is that of the rows `among` which all predicates hold; where they have none, nothing does.
    """

    column: str
    table: str
    last: str
    among: "tuple[Predicate, ...]" = ()


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


@dataclass(frozen=True, slots=True)
class Not:
    """The predicate is not true of the row: it is false or null."""

    of: "Predicate"


Predicate = (
    IsNull
    | NotNull
    | Below
    | Above
    | In
    | NotIn
    | NotMatching
    | NotOfType
    | Sentinel
    | IsNaN
    | IsInfinite
    | Matching
    | NotFormatted
    | LengthOutside
    | MoreDecimals
    | NotMultiple
    | OutOfOrder
    | Repeated
    | Contradicted
    | Found
    | NotAfter
    | Holds
    | Breaks
    | Decided
    | Either
    | Not
)
