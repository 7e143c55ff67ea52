"""Files of a commit: listed whole, or folder by folder where there are too many, and read by their hash."""

from collections.abc import Iterator

import pytest

from mlval.github.contents import Snapshot
from mlval.github.errors import NotFound, Unreadable
from tests.github import world
from tests.github.faults import Fault
from tests.github.forge import Holder
from tests.github.repository_files import Kept, Link, blob_hash
from tests.github.stand_in import StandIn, serving
from tests.github.world import HEAD, OLDER, connected

FILES: dict[str, Kept] = {
    "a.yml": b"a\n",
    "data/x.csv": b"1\n",
    "data/deep/y.csv": b"2\n",
    "data/link": Link("x.csv"),
    "other/z.csv": b"3\n",
}


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn(forge=world.forge())) as stand_in:
        stand_in.forge.holders["t"] = Holder("t", {"contents": "read"})
        stand_in.forge.files.commits[HEAD] = FILES
        yield stand_in
        assert not stand_in.violations


@pytest.mark.parametrize("most", [100, 2])
def test_entries_are_those_of_the_commit(github: StandIn, most: int) -> None:
    github.forge.files.most = most
    with connected(github, token="t") as client:
        snapshot = Snapshot(client, HEAD)
        for path, kept in FILES.items():
            entry = snapshot.entry(path)
            assert entry is not None
            assert (entry.sha, entry.kind) == (blob_hash(kept), "link" if isinstance(kept, Link) else "file")
        for path in ("b.yml", "data/deep/x.csv", "a.yml/b", "no/where"):
            assert snapshot.entry(path) is None
        assert (snapshot.all() is None) == (most == 2)


def test_a_folder_is_listed_with_all_below(github: StandIn) -> None:
    with connected(github, token="t") as client:
        assert set(Snapshot(client, HEAD).below("data")) == {
            "data/x.csv",
            "data/link",
            "data/deep",
            "data/deep/y.csv",
        }


def test_a_folder_that_is_cut_is_not_readable(github: StandIn) -> None:
    github.forge.files.most = 2
    with connected(github, token="t") as client, pytest.raises(Unreadable):
        Snapshot(client, HEAD).below("data")


def test_bytes_are_held_against_their_hash_and_a_limit(github: StandIn) -> None:
    with connected(github, token="t") as client:
        snapshot = Snapshot(client, HEAD)
        entry = snapshot.entry("a.yml")
        assert entry is not None
        assert snapshot.read(entry, most=2) == b"a\n"
        with pytest.raises(Unreadable):
            snapshot.read(entry, most=1)
        forged = {"sha": entry.sha, "size": 2, "encoding": "base64", "content": "Ygo="}
        github.faults.append(Fault("git/get-blob", 200, body=forged))
        with pytest.raises(Unreadable, match="hash"):
            snapshot.read(entry, most=2)


def test_a_commit_that_is_not_there_is_an_error(github: StandIn) -> None:
    with connected(github, token="t") as client, pytest.raises(NotFound):
        Snapshot(client, OLDER).entry("a.yml")
