"""What the types of PostgreSQL hold, by the number that each has in every database."""

from typing import Final

from mlval.domain.source import Declared

_DECLARED: Final[dict[int, Declared]] = {
    16: "bool",
    21: "int16",
    23: "int32",
    20: "int64",
    26: "int64",  # oid
    700: "float32",
    701: "float64",
    1700: "decimal",  # numeric
    1082: "date",
    1114: "timestamp",
    1184: "instant",  # timestamp with time zone
    25: "text",
    18: "text",  # "char"
    19: "text",  # name
    1042: "text",  # character(n)
    1043: "text",  # character varying
    114: "text",  # json
    3802: "text",  # jsonb
    2950: "text",  # uuid
    705: "text",  # a literal without a type
}
_FIRST_OF_USERS: Final = 16_384


def declared(oid: int) -> Declared | None:
    """Return what a type holds, `other` for built-in types that are none of ours; None for a user's own."""
    if oid in _DECLARED:
        return _DECLARED[oid]
    return "other" if oid < _FIRST_OF_USERS else None
