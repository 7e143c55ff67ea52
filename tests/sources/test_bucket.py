"""Fetching objects: what is allowed, how much, and what is said where it fails."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources.bucket import Buckets, connected


class Objects:
    """A store in memory, and a record of what was asked of it; `failing` is raised instead of an answer."""

    def __init__(self, objects: Mapping[str, bytes], failing: Exception | None = None) -> None:
        self.objects = dict(objects)
        self.asked: list[str] = []
        self._failing = failing
        self.claimed: int | None = None

    def find(self, path: str, *, maxdepth: int | None, detail: bool) -> Mapping[str, Mapping[str, object]]:
        assert detail
        assert maxdepth != 0
        return {name: self.info(name) for name in self.objects if name.startswith(path)}

    def info(self, path: str) -> Mapping[str, Any]:
        self.asked.append(path)
        if self._failing:
            raise self._failing
        if path not in self.objects:
            raise FileNotFoundError(path)
        return {
            "type": "file",
            "size": self.claimed or len(self.objects[path]),
            "ETag": hash(self.objects[path]),
        }

    def open(self, path: str, mode: str, *, cache_type: str) -> BinaryIO:
        assert (mode, cache_type) == ("rb", "none")
        return io.BytesIO(self.objects[path])


@pytest.fixture
def lake() -> Objects:
    return Objects(
        {"lake/gold/a.csv": b"id\n1\n", "lake/gold/b.csv": b"id\n2\n", "lake/raw/a.csv": b"id\n3\n"}
    )


def buckets(scratch: Path, store: Objects, *allowed: str, limit: int = 1000) -> Buckets:
    return Buckets(scratch, allowed, connect=lambda _scheme: store, limit=limit)


def test_an_allowed_object_is_fetched(tmp_path: Path, lake: Objects) -> None:
    (found,) = buckets(tmp_path, lake, "s3://lake/gold").fetch("s3://lake/gold/a.csv", trusted=False)
    assert found.path.read_bytes() == b"id\n1\n"
    assert found.path.parent == tmp_path
    assert (found.hit, found.name) == (Path("/s3/lake/gold/a.csv"), "s3://lake/gold/a.csv")


def test_nothing_is_asked_without_leave(tmp_path: Path, lake: Objects) -> None:
    with pytest.raises(SourceRefused, match="no bucket that may be read"):
        buckets(tmp_path, lake, "s3://lake/gold").fetch("s3://lake/raw/a.csv", trusted=False)
    assert not lake.asked


def test_what_was_typed_needs_no_leave(tmp_path: Path, lake: Objects) -> None:
    assert buckets(tmp_path, lake).fetch("s3://lake/raw/a.csv", trusted=True)


def test_an_object_is_fetched_once(tmp_path: Path, lake: Objects) -> None:
    both = buckets(tmp_path, lake, "s3://lake")
    (one,) = both.fetch("s3://lake/gold/a.csv", trusted=False)
    assert one in both.fetch("s3://lake/gold/*.csv", trusted=False)
    assert len(list(tmp_path.iterdir())) == 2


def test_progress_is_told(tmp_path: Path, lake: Objects) -> None:
    told: list[tuple[int, int]] = []
    client = Buckets(tmp_path, connect=lambda _: lake, told=lambda done, total: told.append((done, total)))
    client.fetch("s3://lake/gold/a.csv", trusted=True)
    assert told == [(5, 5)]


def test_the_limit_holds_for_all_together(tmp_path: Path, lake: Objects) -> None:
    with pytest.raises(SourceRefused, match="more than the 2 that"):
        buckets(tmp_path, lake, limit=7).fetch("s3://lake/gold/*.csv", trusted=True)


@pytest.mark.parametrize("claimed", [2, 1000])
def test_an_object_of_another_size_is_given_up(tmp_path: Path, lake: Objects, claimed: int) -> None:
    lake.claimed = claimed
    with pytest.raises(SourceUnavailable, match="changed while"):
        buckets(tmp_path, lake).fetch("s3://lake/gold/a.csv", trusted=True)
    assert not list(tmp_path.iterdir())


class NoCredentialsError(Exception):
    """Named as the one of a client."""


@pytest.mark.parametrize(
    "error, said",
    [
        (FileNotFoundError("hunter2"), "does not exist"),
        (PermissionError("hunter2"), "denied"),
        (NoCredentialsError("hunter2"), "no credentials for `s3://`"),
        (OSError("http://u:hunter2@host"), r"did not answer \(OSError\)"),
        (TimeoutError("hunter2"), r"did not answer \(TimeoutError\)"),
    ],
)
def test_the_words_of_a_client_are_not_repeated(tmp_path: Path, error: Exception, said: str) -> None:
    with pytest.raises(SourceUnavailable, match=said) as unavailable:
        buckets(tmp_path, Objects({}, error)).fetch("s3://lake/a.csv", trusted=True)
    assert "hunter2" not in f"{unavailable.value.message}{unavailable.value.remedy}"


@pytest.mark.parametrize(
    "scheme, extra", [("s3", "mlval[s3]"), ("gs", "mlval[gcs]"), ("abfs", "mlval[azure]")]
)
def test_a_client_that_is_absent_is_named(scheme: str, extra: str) -> None:
    with pytest.raises(SourceUnavailable) as unavailable:
        connected(scheme)
    assert extra in unavailable.value.remedy


@pytest.mark.parametrize("allowed", ["s3://", "s3://lake/*", "folder"])
def test_only_buckets_can_be_allowed(tmp_path: Path, allowed: str) -> None:
    with pytest.raises(SourceRefused):
        Buckets(tmp_path, (allowed,))


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_nothing_is_left_of_what_was_broken_off(
    tmp_path: Path, lake: Objects, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def broken(*_: object, **__: object) -> Callable[[], None]:
        raise error

    monkeypatch.setattr(lake, "open", broken)
    with pytest.raises((SourceUnavailable, KeyboardInterrupt)):
        buckets(tmp_path, lake).fetch("s3://lake/gold/a.csv", trusted=True)
    assert not list(tmp_path.iterdir())
