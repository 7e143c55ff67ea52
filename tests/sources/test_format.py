"""Names of formats, and bytes that belie them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.errors import MlvalError, SourceBroken, SourceRefused, SourceUnavailable
from mlval.sources.confine import Found
from mlval.sources.format import Named, check_bytes, named
from mlval.sources.handle import opened

Write = Callable[[str, bytes], Found]


def found(name: str) -> Found:
    return Found(Path("/w/cache/0f"), Path("/w") / name, name)


@pytest.mark.parametrize(
    "name,expected",
    [
        ("x.parquet", Named("parquet", ",", None)),
        ("x.PQ", Named("parquet", ",", None)),
        ("x.csv", Named("csv", ",", None)),
        ("X.CSV.GZ", Named("csv", ",", "gzip")),
        ("x.tsv.bz2", Named("csv", "\t", "bzip2")),
        ("x.txt.xz", Named("csv", ",", "xz")),
        ("x.jsonl", Named("json", ",", None)),
        ("x.ndjson.gz", Named("json", ",", "gzip")),
        ("2020.01.json", Named("json", ",", None)),
    ],
)
def test_named(name: str, expected: Named) -> None:
    assert named(found(name)) == expected


@pytest.mark.parametrize(
    "name,sentence",
    [
        ("x", "not named"),
        ("x.gz", "not named"),
        (".csv", "not named"),
        ("x.xlsx", "not named"),
        ("x.pkl", "not named"),
        ("x.csv.zst", "Zstandard"),
        ("x.csv.gz.gz", "not named"),
        ("x.parquet.gz", "packed Parquet"),
    ],
)
def test_not_named(name: str, sentence: str) -> None:
    with pytest.raises(SourceRefused, match=sentence) as error:
        named(found(name))
    assert error.value.remedy


def check(file: Found) -> None:
    with opened(file) as handle:
        check_bytes(handle, file, promised=named(file))


@pytest.mark.parametrize(
    "name,content",
    [
        ("x.parquet", b"PAR1" + bytes(20) + b"PAR1"),
        ("x.csv", b"PAR1,PAR2\n"),
        ("x.csv", b"BZhaoyang,b\n"),
        ("x.csv", b"PK,b\n"),
        ("x.csv.gz", b"\x1f\x8b\x08"),
    ],
)
def test_bytes_as_named(write: Write, name: str, content: bytes) -> None:
    check(write(name, content))


@pytest.mark.parametrize(
    "name,content,sentence",
    [
        ("x.csv", b"", "is empty"),
        ("x.parquet", b"", "is empty"),
        ("x.parquet", b"PAR1" + bytes(20), "cut short"),
        ("x.parquet", b"PAR1PAR1", "cut short"),
        ("x.parquet", b"PAR1", "cut short"),
        ("x.parquet", b"PARE" + bytes(20) + b"PARE", "encrypted"),
        ("x.parquet", b"a,b\n1,2\n", "not Parquet"),
        ("x.csv", b"PAR1\x15\x00", "Parquet"),
        ("x.csv", b"\x1f\x8b\x08\x00", "gzip"),
        ("x.csv", b"BZh91AY&SY", "bzip2"),
        ("x.csv", b"\xfd7zXZ\x00", "xz"),
        ("x.csv", b"\x28\xb5\x2f\xfd", "Zstandard"),
        ("x.csv", b"PK\x03\x04", "zip"),
        ("x.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        ("x.csv", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("x.csv", b"ARROW1\x00\x00", "Arrow"),
        ("x.csv", b"\x80\x04\x95", "pickle"),
        ("x.csv", b"\xff\xfea\x00", "UTF-16"),
        ("x.json", b"\xfe\xff\x00{", "UTF-16"),
        ("x.csv.gz", b"a,b\n", "not gzip"),
        ("x.csv.xz", b"\x1f\x8b\x08", "not xz"),
    ],
)
def test_bytes_that_belie_the_name(write: Write, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(SourceBroken) as error:
        check(write(name, content))
    assert sentence in f"{error.value.message} {error.value.remedy}"
    assert error.value.remedy


def test_a_pointer_is_not_the_data(write: Write) -> None:
    pointer = write("x.parquet", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(SourceUnavailable, match="Git LFS") as error:
        check(pointer)
    assert isinstance(error.value, MlvalError)
    assert "lfs: true" in error.value.remedy
