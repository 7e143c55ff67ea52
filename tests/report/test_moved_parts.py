"""Which way a distribution moved, and that a doubtful one is not said."""

import math
from collections.abc import Mapping

import pytest

from mlval.domain.measurement import Detail
from mlval.report.moved_parts import MOST_PARTS, Part, direction, parts, said
from tests.report.drifts import part


def levels(*triples: tuple[str, float, float]) -> Mapping[str, Detail]:
    labels, reference, current = zip(*triples, strict=True)
    return {"shape": {"labels": labels, "reference": reference, "current": current}}


def tenths(*current: float) -> Mapping[str, Detail]:
    even = (1 / len(current),) * len(current)
    return {"shape": {"reference": even, "current": current}}


@pytest.mark.parametrize(
    "details, words",
    [
        pytest.param(levels(("card", 0.7, 0.63), ("cash", 0.3, 0.37)), " from card to cash", id="two levels"),
        pytest.param(
            levels(("a", 0.5, 0.36), ("b", 0.3, 0.37), ("c", 0.2, 0.27)), " from a", id="one level lost all"
        ),
        pytest.param(
            levels(("a", 0.5, 0.36), ("b", 0.4, 0.38), ("c", 0.1, 0.21), ("d", 0.0, 0.05)),
            ", most from a to c",
            id="most of it",
        ),
        pytest.param(
            levels(("a", 0.5, 0.42), ("b", 0.5, 0.42), ("null", 0.0, 0.16)),
            " to null",
            id="one level won all",
        ),
        pytest.param(
            levels(("a", 0.4, 0.3), ("b", 0.4, 0.3), ("c", 0.1, 0.2), ("d", 0.1, 0.2)), "", id="many levels"
        ),
        pytest.param(levels(("a", 0.5, 0.5), ("b", 0.5, 0.5)), "", id="nothing moved"),
        pytest.param({"moved": (part("a", 0.2, 0.1), part("b", 0.1, 0.2))}, " from a to b", id="named parts"),
        pytest.param(
            {
                "moved": (part("a", 0.2, 0.1), part("b", 0.1, 0.2)),
                **levels(("a", 0.2, 0.1), ("b", 0.1, 0.2), ("c", 0.5, 0.2), ("d", 0.2, 0.5)),
            },
            "",
            id="named parts that are a small part of it",
        ),
        pytest.param({}, "", id="nothing is known"),
        pytest.param(tenths(0.1, 0.2, 0.3, 0.4), " up", id="up"),
        pytest.param(tenths(0.4, 0.3, 0.2, 0.1), " down", id="down"),
        pytest.param(tenths(0.4, 0.1, 0.1, 0.4), " outwards", id="outwards"),
        pytest.param(tenths(0.1, 0.4, 0.4, 0.1), " inwards", id="inwards"),
        pytest.param(tenths(0.3, 0.2, 0.3, 0.2, 0.0, 0.0), " down", id="nearly all of it down"),
        pytest.param(tenths(0.3, 0.05, 0.05, 0.3, 0.25, 0.05), "", id="to and fro"),
        pytest.param(tenths(0.25, 0.25, 0.25, 0.25), "", id="nowhere"),
        pytest.param(tenths(1.0), "", id="one bar"),
    ],
)
def test_direction(details: Mapping[str, Detail], words: str) -> None:
    assert direction(details, effect=0.0) == words


def test_two_levels_are_held_against_everything_that_moved() -> None:
    details = {"moved": (part("a", 0.2, 0.1), part("b", 0.1, 0.2))}
    assert direction(details, effect=0.3) == ""


def test_parts_are_those_that_moved_most() -> None:
    details = levels(*((f"l{index}", 0.1, 0.1 + 0.01 * index) for index in range(9)))
    assert [one.label for one in parts(details)] == [f"l{index}" for index in range(8, 8 - MOST_PARTS, -1)]


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param("x", id="text"),
        pytest.param(("x", 1, None), id="no parts"),
        pytest.param(({"label": 1, "reference": 0.1, "current": 0.1},), id="a label that is no text"),
        pytest.param((part("a", math.nan, 0.1),), id="NaN"),
        pytest.param((part("a", 0.1, -0.1),), id="a negative share"),
        pytest.param(({"label": "a"},), id="no shares"),
    ],
)
def test_what_is_no_part_is_left_out(moved: Detail) -> None:
    assert parts({"moved": moved}) == ()


def test_labels_are_cut() -> None:
    (one,) = parts({"moved": (part("x" * 1_000_000, 0.1, 0.2),)})
    assert len(one.label) == 40


def test_a_line_names_the_first_of_them() -> None:
    moved = [Part(label, 0.1, 0.2) for label in "abcd"]
    assert said(moved) == "a 10% to 20%, b 10% to 20%, c 10% to 20%"
