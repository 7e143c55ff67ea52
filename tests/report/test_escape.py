"""Nothing of a hostile string stays active, and a reader still sees every character of it."""

import html
import re
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlval.domain.text import shown
from mlval.report import escape

GAP = "\u200b"
VISIBLE = r"""
    @org/team &#64;user &commat;user a@b.co #1 o/r#22 GH-3 gh-4 JIRA-5 http://x.y ftp://x https://
    www.x.y WWW.x :+1: <img> </details> <!-- --> &lt; &amp; | || \| \\ ` `` * ** _ __ ~~ [a](b)
    [^1] ![ $x$ $$ {{ }}
    - + = --- === 1. 2) deadbeef1 DEADBEEF 1234567 ::error:: ##[error] ###[ > # x name é
"""
INVISIBLE = (
    " ",
    "    ",
    "\n",
    "\r",
    "\t",
    "\0",
    "\x1b[31m",
    "\u202e",
    "\u200b",
    "\ud800",
    "\ufffe",
    "\u2028",
)
FRAGMENTS = (*re.findall(r"\S+", VISIBLE), *INVISIBLE)
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=12).map("".join)

LINKED = re.compile(
    r"@\w|\#\d|[A-Za-z]-\d|://|www\.|:[\w+-]+:|(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])", re.IGNORECASE
)
OURS = {"<code>", "</code>", "<span>", "</span>"}
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def paragraph(source: str) -> tuple[str, str]:
    """Parse Markdown that must be one paragraph; return what is seen as prose, and as code."""
    opening, inline, closing = PARSER.parse(source)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    prose, code = "", ""
    for token in inline.children or []:
        assert token.type in {"text", "code_inline", "html_inline"}, token
        if token.type == "html_inline":
            assert token.content in OURS
        elif token.type == "code_inline":
            code += token.content
        else:
            prose += token.content
    return prose, code


@given(hostile)
def test_prose_is_inert_and_complete(text: str) -> None:
    prose, code = paragraph(escape.markdown(text) or "x")
    assert code == ""
    assert prose.replace(GAP, "").strip() == (shown(text) or "x").strip()
    assert not LINKED.search(prose)


@given(hostile)
def test_code_is_inert_and_complete(text: str) -> None:
    prose, code = paragraph(escape.code(text))
    assert (prose + code).replace(GAP, "").strip() == (shown(text) or '""').strip()
    assert not LINKED.search(prose)
    assert not re.search(r"@\w|#\d|://", code)


@given(hostile, st.sampled_from([escape.markdown, escape.code]))
def test_a_table_keeps_its_cells(text: str, made_inert: Callable[[str], str]) -> None:
    tokens = PARSER.parse(f"| a | b |\n|---|---|\n| {made_inert(text)} | y |\n")
    assert [token.type for token in tokens].count("td_open") == 2
    assert tokens[0].type == "table_open"
    assert tokens[-1].type == "table_close"


@given(hostile)
def test_prose_is_complete_inside_of_an_html_block(text: str) -> None:
    source = escape.markdown(text)
    without_tags = source.replace("<span>", "").replace("</span>", "")
    assert "<" not in without_tags
    assert html.unescape(without_tags).replace(GAP, "") == shown(text)


@given(hostile, st.sampled_from([escape.markdown, escape.code, escape.terminal]))
def test_no_runner_reads_a_command(text: str, made_inert: Callable[[str], str]) -> None:
    source = made_inert(text)
    assert "::" not in source
    assert "##[" not in source
    assert not {unicodedata.category(character) for character in source} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(source.splitlines()) <= 1


@given(hostile)
def test_xml_comes_back_as_it_was_shown(text: str) -> None:
    element = ET.Element("x", name=escape.xml(text))
    element.text = escape.xml(text)
    back = ET.fromstring(ET.tostring(element, encoding="unicode"))
    assert back.get("name") == element.text == (back.text or "")
    assert element.text.replace("\\ufffe", "\ufffe") == shown(text).replace("\\ufffe", "\ufffe")


@pytest.mark.parametrize(
    "name", ["fare_amount", "plan = pro", "data/2020-04.csv", "mlval.yml:31", "a_b 95%", "Größe (kg)"]
)
def test_a_plain_name_stays_readable(name: str) -> None:
    assert escape.code(name) == f"`{name}`"


@pytest.mark.parametrize("sentence", ["802 of 10,000 rows (8.02%), at most 1%", "total_variation: 'x' is 3"])
def test_a_plain_sentence_stays_readable(sentence: str) -> None:
    assert escape.markdown(sentence) == sentence


@pytest.mark.parametrize("made_inert", [escape.markdown, escape.code, escape.xml, escape.terminal])
def test_long_text_is_cut(made_inert: Callable[[str], str]) -> None:
    assert "y" * 200 not in made_inert("y" * 1000)
    assert "y" * 199 in made_inert("y" * 1000)
