"""Names of types across engines."""

import pytest

from mlval.interchange.demand import Unmappable
from mlval.interchange.gx_types import type_of

NAMES = {
    "int": (
        "int64",
        "Int64",
        "INTEGER",
        "BIGINT",
        "LongType",
        "LongType()",
        "UInt8",
        "NUMBER(10,0)",
        "DECIMAL(5)",
    ),
    "float": ("float64", "DOUBLE", "DOUBLE PRECISION", "DoubleType", "NUMERIC(10, 2)", "DecimalType(10,2)"),
    "string": ("str", "object", "O", "VARCHAR(20)", "StringType", "TEXT", "character varying(5)"),
    "bool": ("bool", "BOOLEAN", "BooleanType"),
    "date": ("DATE", "DateType"),
    "timestamp": (
        "datetime64[ns]",
        "datetime64[ns, UTC]",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP_NTZ",
        "TimestampType",
    ),
}


@pytest.mark.parametrize("name", [(kind, name) for kind, names in NAMES.items() for name in names])
def test_one_name(name: tuple[str, str]) -> None:
    kind, spelling = name
    assert type_of((spelling,))[0] == kind


@pytest.mark.parametrize("names", [("ARRAY<INT>",), ("StructType",), ("int", "str"), ("date", "int"), ("",)])
def test_no_single_type(names: tuple[str, ...]) -> None:
    with pytest.raises(Unmappable):
        type_of(names)
