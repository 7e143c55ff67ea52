"""Distributions as blocks, and none where a measurement carries something else."""

import math
from collections.abc import Mapping

import pytest

from mlval.domain.measurement import Detail
from mlval.report.sparkline import WIDEST, Shapes, shapes, sparklines


def carried(reference: Detail, current: Detail, labels: Detail) -> Mapping[str, Detail]:
    return {"shape": {"reference": reference, "current": current, "labels": labels}}


def test_both_lines_have_one_scale() -> None:
    assert sparklines(Shapes((0.8, 0.2), (0.4, 0.6), ("a", "b"))) == ("█▃", "▅▆")


def test_only_an_empty_part_is_lowest() -> None:
    assert sparklines(Shapes((1.0, 0.0), (0.999, 0.001), ("a", "b"))) == ("█▁", "█▂")


def test_an_empty_distribution_is_flat() -> None:
    assert sparklines(Shapes((0.0, 0.0), (0.0, 0.0), ("a", "b"))) == ("▁▁", "▁▁")


@pytest.mark.parametrize("parts", [1, WIDEST, WIDEST + 1, 1000])
def test_a_line_is_short(parts: int) -> None:
    even = (1 / parts,) * parts
    first, second = sparklines(Shapes(even, even, ("",) * parts))
    assert first == second
    assert 1 <= len(first) <= WIDEST


def test_the_part_that_moved_most() -> None:
    assert Shapes((0.5, 0.3, 0.2), (0.5, 0.1, 0.4), ("a", "b", "c")).most_moved == 1


def test_a_measurement_carries_shapes() -> None:
    assert shapes(carried((1, 0.0), (0.5, 0.5), ("level 1", "null"))) == Shapes(
        (1.0, 0.0), (0.5, 0.5), ("level 1", "null")
    )


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"shape": "x"}, id="text"),
        pytest.param({"shape": {}}, id="an empty shape"),
        pytest.param(carried((), (), ()), id="no parts"),
        pytest.param(carried((1.0,), (0.5, 0.5), ("a",)), id="different lengths"),
        pytest.param(carried((1.0,), (1.0,), ("a", "b")), id="a label too many"),
        pytest.param(carried((math.nan,), (1.0,), ("a",)), id="NaN"),
        pytest.param(carried((math.inf,), (1.0,), ("a",)), id="infinity"),
        pytest.param(carried((-1.0,), (1.0,), ("a",)), id="a negative share"),
        pytest.param(carried(("1",), (1.0,), ("a",)), id="text for a share"),
        pytest.param(carried((1.0,), (1.0,), "a"), id="text for labels"),
    ],
)
def test_anything_else_is_no_shape(details: Mapping[str, Detail]) -> None:
    assert shapes(details) is None
