"""How far a metric may rise or fall: every spelling, and what is none."""

import doctest
import math

import pytest
from pydantic import TypeAdapter

from mlval.domain import shift
from mlval.domain.shift import DecreaseSpec, IncreaseSpec, Scale, Shift, decrease, increase

BOTH: list[tuple[object, Shift]] = [
    ("5%", Shift(0.05, "share")),
    (" 5 % ", Shift(0.05, "share")),
    (0, Shift(0, "difference")),
    (0.02, Shift(0.02, "difference")),
    ("1x", Shift(1.0, "factor")),
]


@pytest.mark.parametrize("raw, expected", BOTH)
def test_spellings(raw: object, expected: Shift) -> None:
    assert increase(raw) == decrease(raw) == increase(expected) == expected


@pytest.mark.parametrize(
    "raw", ["x", "-1x", "1.5 times", "1e3x", -0.1, math.nan, math.inf, True, None, [1], "0.5"]
)
def test_what_is_none_is_refused(raw: object) -> None:
    for read in (increase, decrease):
        with pytest.raises(ValueError, match=r"expected a factor|not negative"):
            read(raw)


@pytest.mark.parametrize(
    "read, raw", [(increase, "0.9x"), (decrease, "1.1x"), (decrease, "0x"), (decrease, "101%")]
)
def test_which_way_a_factor_goes(read: object, raw: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"found"):
        read(raw)


@pytest.mark.parametrize(
    "amount, scale, spelled", [(1.5, "factor", "1.5x"), (0.05, "share", "5%"), (0.02, "difference", 0.02)]
)
def test_it_is_spelled_as_it_is_read(amount: float, scale: Scale, spelled: object) -> None:
    adapter: TypeAdapter[Shift] = TypeAdapter(IncreaseSpec)
    assert adapter.dump_python(Shift(amount, scale)) == spelled
    assert adapter.validate_python(spelled) == Shift(amount, scale)


def test_the_schema_describes_the_spellings() -> None:
    for spec in (IncreaseSpec, DecreaseSpec):
        assert len(TypeAdapter(spec).json_schema()["anyOf"]) == 3


def test_examples_run() -> None:
    assert doctest.testmod(shift).failed == 0
