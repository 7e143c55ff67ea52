"""References to tables, from the text to files that the engine can read."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.errors import SourceBroken, SourceRefused
from mlval.domain.source import Resolved, TableFiles
from mlval.sources.confine import Boundary
from mlval.sources.resolve import resolve_table

Table = Callable[..., Resolved]
PARQUET = b"PAR1" + bytes(20) + b"PAR1"


def test_one_file(table: Table, tmp_path: Path) -> None:
    content = b"a,b\r\n1,2\r\n"
    resolved = table({"x.csv": content})
    assert resolved.digest() == hashlib.sha256(content).hexdigest()
    assert (resolved.name, resolved.kind, resolved.uri) == ("t", "file", "x.csv")
    assert resolved.files == TableFiles((str(tmp_path / "x.csv"),), "csv", ",", r"\r\n", ("a", "b"))


def test_the_header_alone_ends_otherwise(table: Table) -> None:
    resolved = table({"x.csv": b"a,b\n1,2\r\n3,4\r\n"})
    assert Path(resolved.files.paths[0]).read_bytes() == b"a,b\n1,2\n3,4\n"
    assert resolved.files.newline == r"\n"


def test_the_digest_is_of_the_bytes_as_they_lie(table: Table) -> None:
    packed = gzip.compress(b"a\n1\n", mtime=0)
    assert table({"x.csv.gz": packed}).digest() == hashlib.sha256(packed).hexdigest()


@pytest.mark.parametrize(
    "name,content,form",
    [
        ("x.parquet", PARQUET, TableFiles((), "parquet")),
        ("x.json", b'{"a": 1}\n', TableFiles((), "json")),
        ("x.tsv", b"a\tb\n", TableFiles((), "csv", "\t", r"\n", ("a", "b"))),
        ("x.csv", b"a,b\n", TableFiles((), "csv", ",", r"\n", ("a", "b"))),
    ],
)
def test_formats(table: Table, tmp_path: Path, name: str, content: bytes, form: TableFiles) -> None:
    files = table({name: content}).files
    assert files.paths == (str(tmp_path / name),)
    assert (files.format, files.delimiter, files.header) == (form.format, form.delimiter, form.header)


def test_a_delimiter_of_the_contract(table: Table) -> None:
    files = table({"x.csv": b"a;b\n1;2\n"}, delimiter=";").files
    assert (files.delimiter, files.header) == (";", ("a", "b"))


class TestSeveral:
    def test_in_the_order_of_their_names(self, table: Table, tmp_path: Path) -> None:
        resolved = table({"b.csv": b"a\n1\n", "a.csv": b"a\n2\n"})
        assert resolved.files.paths == (str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
        assert (resolved.kind, resolved.uri) == ("files", "b.csv, a.csv")

    def test_one_digest_wherever_they_lie(self, tmp_path: Path, scratch: Path) -> None:
        digests = set()
        for folder in ("here", "there/deep"):
            (tmp_path / folder).mkdir(parents=True)
            for name in ("a.csv", "b.csv"):
                (tmp_path / folder / name).write_text(f"a\n{name}\n")
            digests.add(
                resolve_table(
                    "t",
                    f"{folder}/*.csv",
                    boundary=Boundary(tmp_path),
                    base=tmp_path,
                    trusted=False,
                    scratch=scratch,
                ).digest()
            )
        assert len(digests) == 1

    def test_one_named_twice_counts_once(self, tmp_path: Path, scratch: Path) -> None:
        (tmp_path / "a.csv").write_text("a\n1\n")
        resolved = resolve_table(
            "t",
            ("a.csv", "*.csv"),
            boundary=Boundary(tmp_path),
            base=tmp_path,
            trusted=False,
            scratch=scratch,
        )
        assert resolved.files.paths == (str(tmp_path / "a.csv"),)

    def test_ends_are_made_one(self, table: Table) -> None:
        files = table({"a.csv": b"a\n1\n", "b.csv": b"a\r\n2\r\n"}).files
        assert files.newline == r"\n"
        assert [Path(path).read_bytes() for path in files.paths] == [b"a\n1\n", b"a\n2\n"]

    @pytest.mark.parametrize(
        "other,sentence",
        [
            ({"b.csv": b"a,c\n"}, "different headers: `b`, `c`"),
            ({"b.csv": b"b,a\n"}, "different headers: the order"),
            ({"b.csv": b"a,b,c\n"}, "different headers: `c`"),
            ({"b.tsv": b"a\tb\n"}, "differ in format"),
            ({"b.parquet": PARQUET}, "differ in format"),
        ],
    )
    def test_that_do_not_go_together(self, table: Table, other: dict[str, bytes], sentence: str) -> None:
        with pytest.raises(SourceBroken) as error:
            table({"a.csv": b"a,b\n", **other})
        assert sentence in error.value.message
        assert "`a.csv`" in error.value.message
        assert f"`{next(iter(other))}`" in error.value.message

    def test_one_limit_for_all(self, table: Table) -> None:
        packed = gzip.compress(b"a\n" + b"1\n" * 100)
        assert len(table({"a.csv.gz": packed}, limit=300).files.paths) == 1
        with pytest.raises(SourceRefused, match="bytes that may be written"):
            table({"a.csv.gz": packed, "b.csv.gz": packed}, limit=300)


def test_a_name_that_the_engine_takes_for_a_pattern(root: Path, scratch: Path) -> None:
    (root / "a[1].csv").write_text("real\n1\n")
    resolved = resolve_table(
        "t", "a[[]1].csv", boundary=Boundary(root), base=root, trusted=False, scratch=scratch
    )
    (path,) = resolved.files.paths
    assert not set(path.removeprefix(str(scratch))) & set("*?[")
    assert Path(path).read_text(encoding="utf-8") == "real\n1\n"
    assert resolved.uri == "a[[]1].csv"


def test_the_name_of_a_link_tells_the_format(root: Path, scratch: Path) -> None:
    (root / "cache").write_text("a,b\n1,2\n")
    (root / "data/linked.csv").symlink_to("../cache")
    resolved = resolve_table(
        "t", "data/linked.csv", boundary=Boundary(root), base=root, trusted=False, scratch=scratch
    )
    assert resolved.files.paths == (str(root / "cache"),)


@pytest.mark.parametrize(
    "name,content", [("x.csv", b""), ("x.csv", b"a\n\xe9\n"), ("x.json", b"[]"), ("x.csv", b"PK\x03\x04")]
)
def test_broken_files_are_named(table: Table, name: str, content: bytes) -> None:
    with pytest.raises(SourceBroken, match=f"`{name}`"):
        table({name: content})
