"""How a contract spells slices, and what they are called."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate, Crossed, Split
from mlval.domain.slices import SliceSpec, split_of, title

READER: TypeAdapter[SliceSpec] = TypeAdapter(SliceSpec)

SPELLED: list[tuple[Any, Split, str]] = [
    ("plan", ByColumn("plan", nulls="(null)"), "plan="),
    ({"by": "age", "bins": (25, 40.5)}, ByBins("age", (25.0, 40.5)), "age="),
    ({"by": "at", "every": "month"}, ByPeriod("at", "month"), "at="),
    ({"name": "airport", "where": "zone = 'EWR'"}, ByPredicate("airport", "zone = 'EWR'"), ""),
]


@pytest.mark.parametrize("raw, split, called", SPELLED)
def test_spellings(raw: object, split: Split, called: str) -> None:
    assert split_of(READER.validate_python(raw)) == split
    assert not isinstance(split, Crossed)
    assert title(split) == called


@pytest.mark.parametrize(
    "raw",
    [
        7,
        {"by": "age"},
        {"by": "age", "bins": ()},
        {"by": "age", "bins": (40, 25)},
        {"by": "age", "bins": (25, 25)},
        {"by": "age", "bins": (float("nan"),)},
        {"by": "age", "bins": (float("inf"),)},
        {"by": "age", "bins": ("25",)},
        {"by": "age", "bins": tuple(range(101))},
        {"by": "at", "every": "hour"},
        {"name": "", "where": "true"},
        {"name": "n" * 65, "where": "true"},
        {"by": "at", "every": "day", "bins": (1,)},
    ],
)
def test_what_is_no_slice_is_refused(raw: object) -> None:
    with pytest.raises(ValidationError):
        READER.validate_python(raw)
