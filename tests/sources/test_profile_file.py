"""A profile is found within the same walls as data, and read within limits."""

import hashlib
from pathlib import Path

import pytest

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.profile_text import render
from mlval.sources import profile_file
from mlval.sources.confine import Boundary
from mlval.sources.profile_file import ResolvedProfile, resolve_profile
from tests.profiles import plan, profile

KNOWN = profile(plan(free=100))


def resolved(root: Path, reference: str) -> ResolvedProfile:
    return resolve_profile(reference, boundary=Boundary(root), base=root, trusted=False)


@pytest.fixture
def written(root: Path) -> bytes:
    text = render(KNOWN).encode()
    (root / "train.profile.json").write_bytes(text)
    return text


def test_a_profile_is_read_and_hashed(root: Path, written: bytes) -> None:
    digest = hashlib.sha256(written).hexdigest()
    assert resolved(root, "train.profile.json") == ResolvedProfile("train.profile.json", digest, KNOWN)


def test_a_profile_outside_is_refused(root: Path, beside: Path) -> None:
    (beside / "train.profile.json").write_text(render(KNOWN), encoding="utf-8")
    (root / "link.json").symlink_to(beside / "train.profile.json")
    for reference in ("../beside/train.profile.json", "link.json", str(beside / "train.profile.json")):
        with pytest.raises(SourceRefused):
            resolved(root, reference)


def test_several_profiles_are_refused(root: Path, written: bytes) -> None:
    (root / "test.profile.json").write_bytes(written)
    with pytest.raises(SourceRefused, match="matches 2 files"):
        resolved(root, "*.profile.json")


def test_no_profile_is_unavailable(root: Path) -> None:
    with pytest.raises(SourceUnavailable, match="does not exist"):
        resolved(root, "train.profile.json")


def test_data_is_no_profile(root: Path) -> None:
    with pytest.raises(SourceBroken, match=r"data/x\.csv"):
        resolved(root, "data/x.csv")


def test_a_huge_file_is_not_read_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_file, "LIMIT", 1 << 20)
    with (root / "huge.json").open("wb") as handle:
        handle.truncate(1 << 32)
    with pytest.raises(SourceBroken, match="larger than 1 MiB"):
        resolved(root, "huge.json")
