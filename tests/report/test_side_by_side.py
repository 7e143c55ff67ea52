"""Bars on one scale, in whatever width there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.report.moved_parts import Part
from mlval.report.side_by_side import NARROWEST, side_by_side

shares = st.floats(0, 1)
some_parts = st.lists(st.builds(Part, st.text(max_size=40), shares, shares), min_size=1, max_size=6)


def test_bars_have_one_scale() -> None:
    moved = [Part("card", 0.6, 0.3), Part("null", 0.0, 0.001)]
    assert side_by_side(moved, width=60, blocks=False) == (
        "      reference                   current",
        "card  ################# 60%       ######## 30%",
        "null  0%                          # 0.1%",
    )


def test_blocks_are_finer() -> None:
    (_, line) = side_by_side([Part("a", 0.5, 0.26)], width=50, blocks=True)
    assert line == "a  ██████████████ 50%       ███████▎ 26%"


@given(some_parts, st.integers(NARROWEST, 120), st.booleans())
def test_no_line_is_too_wide(moved: list[Part], width: int, blocks: bool) -> None:
    lines = side_by_side(moved, width=width, blocks=blocks)
    assert len(lines) == len(moved) + 1
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize("label", ["漢字漢字", "e\u0301" * 3, "x"])
def test_wide_letters_keep_the_columns(label: str) -> None:
    lines = side_by_side([Part(label, 0.5, 0.5), Part("漢" * 30, 0.5, 0.5)], width=70, blocks=False)
    assert lines[2].startswith("漢" * 9 + "…")
    wide = sum(2 if letter in "漢字" else letter != "\u0301" for letter in lines[1].split("#")[0])
    assert wide == len(lines[0].split("reference", maxsplit=1)[0])


def test_nothing_is_drawn_where_there_is_nothing_or_no_room() -> None:
    assert side_by_side([], width=100, blocks=True) == ()
    assert side_by_side([Part("a", 0.5, 0.5)], width=NARROWEST - 1, blocks=True) == ()
    assert side_by_side([Part("a", 0.0, 0.0)], width=60, blocks=True)[1].split() == ["a", "0%", "0%"]
