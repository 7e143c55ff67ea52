"""Digests of one file and of several."""

import hashlib
from pathlib import Path

import pytest

from mlval.domain.errors import SourceBroken
from mlval.sources.confine import Boundary, resolve
from mlval.sources.fingerprint import Digest, fingerprint, joint_fingerprint


def begun(path: Path) -> Digest:
    (found,) = resolve(Boundary(path.parent), path.name, base=path.parent, trusted=False)
    with path.open("rb") as handle:
        handle.read(10)
        return fingerprint(handle, found)


def test_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"abc" * 1_000_000)
    digest = begun(path)
    assert digest() == digest() == hashlib.sha256(b"abc" * 1_000_000).hexdigest()


def test_a_file_that_is_written_meanwhile_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"abc")
    digest = begun(path)
    path.write_bytes(b"abcd")
    with pytest.raises(SourceBroken, match="changed while it was read"):
        digest()


def test_a_file_that_is_replaced_meanwhile_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"abc")
    digest = begun(path)
    path.rename(tmp_path / "y.csv")
    path.write_bytes(b"abc")
    with pytest.raises(SourceBroken, match="changed while it was read"):
        digest()


def test_names_and_digests_both_count() -> None:
    one = joint_fingerprint({"a": "1", "b": "2"})
    assert one != joint_fingerprint({"a": "2", "b": "1"})
    assert one != joint_fingerprint({"a": "1", "c": "2"})


def test_a_name_cannot_pass_for_two() -> None:
    assert joint_fingerprint({'a"]\n["2", "b': "1"}) != joint_fingerprint({"a": "1", "b": "2"})
