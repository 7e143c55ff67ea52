"""The functions, operators and types that a predicate may use; whatever is not named here is refused.

All of them look at one row, give the same answer each time, and grow no faster than their arguments.
"""

from dataclasses import dataclass
from typing import Literal

Gives = Literal["truth", "value", "null", "unknown"]

MANY = 1_000


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes, and what it gives: None means what its arguments are."""

    fewest: int
    most: int
    gives: Literal["truth", "value"] | None = "value"

    @property
    def takes(self) -> str:
        """The number of arguments in words."""
        if self.most == MANY:
            return f"{self.fewest} or more arguments"
        if self.fewest < self.most:
            return f"{self.fewest} or {self.most} arguments"
        return f"{self.fewest} argument{'s' if self.fewest > 1 else ''}"


def _all(names: str, function: Function) -> dict[str, Function]:
    return dict.fromkeys(names.split(), function)


FUNCTIONS = {
    **_all("lower upper length", Function(1, 1)),
    **_all("trim ltrim rtrim", Function(1, 2)),
    **_all("substring substr", Function(2, 3)),
    **_all("replace", Function(3, 3)),
    **_all("concat", Function(1, MANY)),
    **_all("starts_with ends_with contains", Function(2, 2, "truth")),
    **_all("regexp_matches regexp_full_match", Function(2, 3, "truth")),
    **_all("abs ceil ceiling floor sqrt ln log10 exp sign", Function(1, 1)),
    **_all("round trunc", Function(1, 2)),
    **_all("pow power mod", Function(2, 2)),
    **_all("isnan isfinite isinf", Function(1, 1, "truth")),
    **_all("greatest least", Function(1, MANY, None)),
    **_all("nullif", Function(2, 2, None)),
    **_all("year quarter month week day dayofyear dayofweek isodow hour minute second", Function(1, 1)),
    **_all("date_trunc date_part strftime", Function(2, 2)),
    **_all("date_diff datediff", Function(3, 3)),
    # What `interval 3 days` is to the engine.
    **_all("to_years to_quarters to_months to_weeks to_days to_hours to_minutes to_seconds", Function(1, 1)),
    **_all("to_milliseconds to_microseconds", Function(1, 1)),
}

SIGNS = frozenset({"+", "-"})
ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%", "**", "^", "||"})
LIKES = {"~~": "LIKE", "!~~": "NOT LIKE", "~~*": "ILIKE", "!~~*": "NOT ILIKE"}
ESCAPED_LIKES = {"like_escape": "LIKE", "ilike_escape": "ILIKE"}
COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}

_SPELLINGS = {
    "BOOLEAN": "boolean bool logical",
    "TINYINT": "tinyint int1",
    "SMALLINT": "smallint int2 int16 short",
    "INTEGER": "integer int int4 int32 signed",
    "BIGINT": "bigint int8 int64 long",
    "HUGEINT": "hugeint int128",
    "UTINYINT": "utinyint uint8",
    "USMALLINT": "usmallint uint16",
    "UINTEGER": "uinteger uint32",
    "UBIGINT": "ubigint uint64",
    "FLOAT": "float float4 real",
    "DOUBLE": "double float8",
    "DECIMAL": "decimal numeric dec",
    "VARCHAR": "varchar text string char bpchar",
    "DATE": "date",
    "TIMESTAMP": "timestamp datetime",
    "TIMESTAMPTZ": "timestamptz",
    "INTERVAL": "interval",
}
TYPES = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}

# Words that are the clock where no column has their name; the functions are refused like any other.
CLOCK_WORDS = frozenset({"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"})
_CLOCK = "the answer must not depend on when it is asked"
_ROW = "a predicate looks at one row"
HINTS = {
    **dict.fromkeys([*CLOCK_WORDS, "age", "get_current_timestamp", "now", "today"], _CLOCK),
    **dict.fromkeys(["avg", "count", "count_star", "max", "median", "min", "stddev", "sum"], _ROW),
    "row": "several values in brackets stand only behind IN",
}
KINDS_REFUSED = {
    "COLLATE": "a collation",
    "DEFAULT": "DEFAULT",
    "LAMBDA": "a lambda",
    "PARAMETER": "a parameter",
    "POSITIONAL_REFERENCE": "a column by position",
    "STAR": "a pattern of columns",
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
}
ADDITIONS_REFUSED = {
    "alias": "a name for a part",
    "catalog": "a name in front of a function or type",
    "distinct": "DISTINCT",
    "filter": "FILTER",
    "order_bys": "ORDER BY",
    "schema": "a name in front of a function or type",
}
