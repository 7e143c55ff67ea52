"""What is cut still is Markdown: within the limit, on whole lines, with nothing left open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlval.github import budget, marker
from mlval.github.marker import Marker
from tests.github import forge

LINK = "https://github.com/octo/churn/actions/runs/20/attempts/1"
NOTICE = f"\n\n_The report was cut to fit: the whole is at <{LINK}>._\n"


def cut(text: str, room: int) -> str:
    """Cut to `room` characters beyond the notice, and leave the notice out."""
    whole = budget.cut(text, link=LINK, limit=room + len(NOTICE))
    assert whole.endswith(NOTICE)
    return whole.removesuffix(NOTICE)


def test_the_first_variant_that_fits_is_taken() -> None:
    variants = ["x" * 40, "failures only", "short"]
    assert budget.choose(variants, link=LINK, limit=20) == "failures only"
    assert budget.choose(variants, link=LINK, limit=40) == "x" * 40


def test_what_never_fits_is_cut_from_the_last() -> None:
    chosen = budget.choose(["x" * 1000, "kept\n" + "y" * 1000], link=LINK, limit=200)
    assert chosen == f"kept{NOTICE}"


@pytest.mark.parametrize("character", ["x", "é", "█", "🌈", "\n"])
def test_a_comment_within_the_budget_is_taken_by_github(character: str) -> None:
    text = budget.choose([character * 70_000], link=LINK)
    longest = Marker("a" + "-" * 39, 10**18, 10**18, "a" * 64)
    assert forge.comment_problem(marker.write(longest, text)) == ""


@pytest.mark.parametrize(
    "text, room, expected",
    [
        pytest.param("one\ntwo\nthree\n", 8, "one\ntwo", id="whole lines"),
        pytest.param("one\n" + "x" * 99, 50, "one", id="a long line is left out"),
        pytest.param("x" * 99, 50, "", id="one line alone"),
        pytest.param("```\na\nb\nc\n```\n", 10, "```\na\n```", id="a fence"),
        pytest.param(
            "~~~~ sql\na\n~~~\nb\n" + "x" * 99, 30, "~~~~ sql\na\n~~~\nb\n~~~~", id="a longer fence"
        ),
        pytest.param("```\na\n```\n" + "x" * 99, 30, "```\na\n```", id="a closed fence"),
        pytest.param("```x```\na\n" + "x" * 99, 30, "```x```\na", id="code in a line"),
        pytest.param("```\n<details>\n" + "x" * 99, 40, "```\n<details>\n```", id="a tag in a fence"),
        pytest.param("`<b>` <i>a\n" + "x" * 99, 40, "`<b>` <i>a\n\n</i>", id="a tag in code"),
        pytest.param("\\<b> a\n" + "x" * 99, 40, "\\<b> a", id="an escaped tag"),
        pytest.param("a<br>b<br/>\n" + "x" * 99, 40, "a<br>b<br/>", id="tags that close themselves"),
        pytest.param("<b><i>a</b>\n" + "x" * 99, 40, "<b><i>a</b>", id="a tag that closes others"),
        pytest.param("<!-- a\n<b>\n" + "x" * 99, 40, "<!-- a\n<b>\n-->", id="an HTML comment"),
        pytest.param(
            "<details>\n<summary>s</summary>\n\ntext\n" + "x" * 99,
            60,
            "<details>\n<summary>s</summary>\n\ntext\n\n</details>",
            id="details",
        ),
        pytest.param(
            "<details><summary>s\n\n```\ncode\n" + "x" * 99,
            90,
            "<details><summary>s\n\n```\ncode\n```\n\n</summary></details>",
            id="code in details",
        ),
    ],
)
def test_a_cut_closes_what_is_open(text: str, room: int, expected: str) -> None:
    assert cut(text, room) == expected


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "```",
            "~~~",
            "````sql",
            "<details>",
            "</details>",
            "<summary>s",
            "</b>",
            "<b>",
            "<!--",
            "-->",
            "`<i>`",
            "text",
        ]
    )
).map("\n".join)


@given(MARKDOWN, st.integers(0, 80))
def test_a_cut_fits_and_leaves_nothing_open(text: str, room: int) -> None:
    whole = budget.cut(text, link=LINK, limit=room + len(NOTICE))
    assert budget.characters(whole) <= room + len(NOTICE)
    state = budget._Open()
    for line in whole.split("\n"):
        state.read(line)
    assert state.closing() == ""


@given(MARKDOWN, st.integers(0, 80))
def test_the_notice_is_read_as_text_whatever_was_cut(text: str, room: int) -> None:
    html = MarkdownIt("commonmark").render(budget.cut(text, link=LINK, limit=room + len(NOTICE)))
    assert html.rstrip().splitlines()[-1].startswith("<p><em>The report was cut to fit")


@given(st.text(), st.integers(0, 100))
def test_any_text_is_cut_within_bytes(text: str, room: int) -> None:
    limit = room + len(NOTICE)
    assert budget.size(budget.cut(text, link=LINK, limit=limit, measure=budget.size)) <= limit
