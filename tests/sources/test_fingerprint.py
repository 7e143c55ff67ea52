"""Digests of one file and of several."""

import hashlib
from pathlib import Path

from mlval.sources.fingerprint import fingerprint, joint_fingerprint


def test_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc" * 1000)
    with path.open("rb") as handle:
        handle.read(10)
        digest = fingerprint(handle)
    assert digest == hashlib.sha256(b"abc" * 1000).hexdigest()


def test_names_and_digests_both_count() -> None:
    one = joint_fingerprint({"a": "1", "b": "2"})
    assert one != joint_fingerprint({"a": "2", "b": "1"})
    assert one != joint_fingerprint({"a": "1", "c": "2"})


def test_a_name_cannot_pass_for_two() -> None:
    assert joint_fingerprint({'a"]\n["2", "b': "1"}) != joint_fingerprint({"a": "1", "b": "2"})
