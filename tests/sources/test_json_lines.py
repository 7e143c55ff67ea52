"""JSON in lines, and in other layouts."""

from collections.abc import Callable

import pytest

from mlval.domain.errors import SourceBroken
from mlval.sources.confine import Found
from mlval.sources.json_lines import check_lines

Write = Callable[[str, bytes], Found]


@pytest.mark.parametrize("content", [b'{"a": 1}\n{"a": 2}\n', b'{"a": 1}', b'\n \r\n{"a": 1}\r\n', b"{}\n"])
def test_objects(write: Write, content: bytes) -> None:
    found = write("x.jsonl", content)
    check_lines(found.path, name=found.name)


@pytest.mark.parametrize(
    "content,sentence",
    [
        (b'[{"a": 1}]', "JSON array"),
        (b'  [\n  {"a": 1}\n]', "JSON array"),
        (b'{\n  "a": 1\n}', "no object"),
        (b"1\n2\n", "no object"),
        (b"a,b\n1,2\n", "no object"),
        (b'{"a":' * 100_000, "no object"),
        (b" \n\n", "no rows"),
    ],
)
def test_other_layouts(write: Write, content: bytes, sentence: str) -> None:
    found = write("x.json", content)
    with pytest.raises(SourceBroken, match=sentence) as error:
        check_lines(found.path, name=found.name)
    assert error.value.remedy
