"""External data of ONNX files, wherever a tensor can stand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.scoring.findings_onnx import in_onnx


def field(number: int, content: bytes) -> bytes:
    size, prefix = len(content), b""
    while size > 0x7F:
        prefix, size = prefix + bytes([size & 0x7F | 0x80]), size >> 7
    key = number << 3 | 2
    start = bytes([key]) if key < 0x80 else bytes([key & 0x7F | 0x80, key >> 7])
    return start + prefix + bytes([size]) + content


def tensor(location: str) -> bytes:
    entry = field(1, b"location") + field(2, location.encode())
    return b"\x08\x02" + field(13, field(1, b"offset") + field(2, b"0")) + field(13, entry)


def found(folder: Path, content: bytes) -> list[str]:
    (folder / "m.onnx").write_bytes(content)
    return [one.code for one in in_onnx(folder / "m.onnx", "m.onnx")]


PLACES = {
    "an initializer": lambda one: field(7, field(5, one)),
    "a sparse initializer": lambda one: field(7, field(15, field(1, one))),
    "an attribute": lambda one: field(7, field(1, field(5, field(5, one)))),
    "a graph in an attribute": lambda one: field(7, field(1, field(5, field(6, field(5, one))))),
    "a function": lambda one: field(25, field(7, field(5, field(10, one)))),
    "training": lambda one: field(20, field(1, field(5, one))),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "location", ["../../etc/passwd", "/etc/passwd", "", "file:///x", "a\\..\\x", "x/../../y"]
)
def test_data_outside_the_folder_is_found(tmp_path: Path, place: str, location: str) -> None:
    assert found(tmp_path, b"\x08\x0a" + PLACES[place](tensor(location))) == ["onnx-external-data"]


def test_data_within_the_folder_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, b"\x08\x0a" + PLACES["an initializer"](tensor("weights.bin"))) == []


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x3a\xff\x01", b"\x38\x01", field(7, b"\xff" * 12), b"\x08"]
)
def test_what_is_no_onnx_is_unreadable(tmp_path: Path, content: bytes) -> None:
    assert found(tmp_path, content) == ["unreadable"]


@given(st.binary(max_size=60))
def test_any_bytes_end_in_findings(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert set(found(tmp_path_factory.mktemp("x"), content)) <= {"unreadable", "onnx-external-data"}
