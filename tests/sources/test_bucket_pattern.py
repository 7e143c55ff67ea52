"""Patterns of keys match what the same patterns of files match."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources import wildcard
from mlval.sources.bucket_pattern import hits, matches
from mlval.sources.bucket_uri import parse

FILES = st.sets(
    st.lists(st.sampled_from(["a", "b", ".h", "ab"]), min_size=1, max_size=4).map(tuple), max_size=6
)
PATTERNS = st.lists(st.sampled_from(["*", "**", "a*", "?", "[ab]", "a"]), min_size=1, max_size=4).map(tuple)


@given(files=FILES, pattern=PATTERNS)
def test_as_files(files: set[tuple[str, ...]], pattern: tuple[str, ...]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        # A key may be the folder of another; a file may not.
        names = {f for f in files if not any(g[: len(f)] == f and g != f for g in files)}
        for name in names:
            root.joinpath(*name).parent.mkdir(parents=True, exist_ok=True)
            root.joinpath(*name).touch()
        reached = wildcard.hits(root, pattern, admit=lambda _: None)
        found = {path.relative_to(root).parts for path in reached if path.is_file()}
    assert {name for name in names if matches(pattern, name)} == found


def test_many_folders_take_no_time() -> None:
    assert not matches(["**", "a"] * 30 + ["b"], ["a"] * 500)


class Listing:
    """A listing of a bucket as a client gives it."""

    def __init__(self, *keys: str) -> None:
        self._keys = keys

    def find(self, path: str, *, maxdepth: int | None, detail: bool) -> Mapping[str, Mapping[str, object]]:
        assert detail
        assert maxdepth is None or maxdepth > 0
        return {f"lake/{key}": {"type": "file"} for key in self._keys if f"lake/{key}".startswith(path)}


def test_hits_are_sorted_and_within() -> None:
    listing = Listing("a/2.csv", "a/1.csv", "a/", "ab/3.csv", "a/x/4.csv")
    assert [str(hit) for hit in hits(listing, parse("s3://lake/a/*.csv"))] == [
        "s3://lake/a/1.csv",
        "s3://lake/a/2.csv",
    ]


def test_no_hit_is_unavailable() -> None:
    with pytest.raises(SourceUnavailable, match="matches no object"):
        hits(Listing("a/1.csv"), parse("s3://lake/a/*.parquet"))


@pytest.mark.parametrize("key", ["a//x.csv", "a/x\ny.csv", "a/x\\y.csv"])
def test_a_hit_that_cannot_be_said_is_refused(key: str) -> None:
    with pytest.raises(SourceRefused):
        hits(Listing(key), parse("s3://lake/a/**"))


def test_too_many_hits_are_refused() -> None:
    with pytest.raises(SourceRefused, match="more than 10,000"):
        hits(Listing(*(f"a/{number}.csv" for number in range(10_001))), parse("s3://lake/a/*"))


def test_too_many_names_are_refused() -> None:
    with pytest.raises(SourceRefused, match="64 names"):
        hits(Listing(), parse(f"s3://lake/{'*/' * 65}x"))
