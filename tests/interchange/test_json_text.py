"""JSON read strictly: as the library reads it, or refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import Place
from mlval.interchange.json_text import DEPTH, JsonRefused, read_json

TEXT = st.characters(codec="utf-8", exclude_characters="\0")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(TEXT),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(TEXT), inner),
    max_leaves=20,
)


def plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value with lists for tuples."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


@given(values, st.sampled_from([None, 2]))
def test_what_the_library_writes_is_read(value: Any, indent: int | None) -> None:  # noqa: ANN401
    text = json.dumps(value, indent=indent)
    assert plain(read_json(text.encode(), name="s.json").value) == value


@given(st.text(st.sampled_from('[]{},:"a1 -.e\\\n0truefalsn'), max_size=30))
def test_no_text_is_read_that_the_library_refuses(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(JsonRefused):
            read_json(text.encode(), name="s.json")
        return
    try:
        found = read_json(text.encode(), name="s.json").value
    except JsonRefused as refused:
        told = refused.message
    else:
        assert plain(found) == expected
        return
    assert any(word in told for word in ("twice", "too long", "64 bits", "beyond all floats"))


REFUSED = {
    "a key twice": ('{"a": 1,\n "a": 2}', "s.json:2:2: the key 'a' stands here twice"),
    "NaN": ("[NaN]", "1:2"),
    "infinity": ("[-Infinity]", "1:2"),
    "beyond floats": ("[1e999]", "beyond all floats"),
    "beyond 64 bits": (f"[{2**64}]", "64 bits"),
    "half a character": ('["\\ud800"]', "half a character"),
    "too deep": ("[" * (DEPTH + 1), "levels deep"),
    "a trailing comma": ("[1,]", "comma"),
    "a comment": ("[1] // one", "no JSON"),
    "two values": ("1 2", "follows the end"),
    "nothing": ("", "expected a value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, told = REFUSED[name]
    with pytest.raises(JsonRefused) as raised:
        read_json(text.encode(), name="s.json")
    assert told in raised.value.message


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(JsonRefused, match="UTF-8"):
        read_json(b'"\xff"', name="s.json")


def test_too_many_bytes() -> None:
    with pytest.raises(JsonRefused, match="at most"):
        read_json(b" " * (1 << 23), name="s.json")


def test_places() -> None:
    places = read_json(b'{"a": [\n 1,\n  {"b": 2}]}', name="s.json").places
    assert places["a", 1, "b"] == Place(3, 9)
    assert places["a", 0] == Place(2, 2)
