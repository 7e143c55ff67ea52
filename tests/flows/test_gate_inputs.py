"""Files that the gate reads: every way in which one may differ from the base is found, and no other."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlval.config.load import load
from mlval.flows.gate_inputs import Compared, references
from mlval.github.contents import Snapshot
from tests.github import world
from tests.github.forge import Holder
from tests.github.repository_files import Kept, Link
from tests.github.stand_in import StandIn, serving
from tests.github.world import HEAD, OLDER, connected

CONTRACT = b"""\
version: 1
datasets:
  holdout: {path: ../data/holdout.csv, key: id, target: y}
  parts: {path: ../data/parts/*.csv}
  deep: {path: ../data/more/*/*.csv}
  reference: {profile: ref.json}
  remote: {path: "s3://bucket/x.csv"}
models:
  candidate: {path: ../models/new.skops}
  champion: {path: ../models/champion}
  rival: {predictions: {path: ../preds.csv, key: id, score: p}}
  known: {metrics: ../known.json}
  newest: {metrics: base}
validations:
  - {type: data, dataset: holdout, rows: {min: 1}, suite: suite.json}
"""
BASE: dict[str, Kept] = {
    "gates/mlval.yml": CONTRACT,
    "data/holdout.csv": b"id,y\n1,0\n2,1\n",
    "data/parts/a.csv": b"1\n",
    "data/parts/b.csv": b"2\n",
    "data/unread.csv": b"9\n",
    "gates/ref.json": b"{}",
    "gates/suite.json": b"[]",
    "models/new.skops": b"new",
    "models/champion/MLmodel": b"x",
    "models/champion/model.skops": b"y",
    "preds.csv": b"id,p\n",
    "known.json": b"{}",
}


class Tree:
    """A work tree that begins as the base is."""

    def __init__(self, root: Path, github: StandIn) -> None:
        self.root, self.github = root, github
        self.base: dict[str, Kept] = dict(BASE)
        for path, kept in BASE.items():
            self.write(path, kept)

    def write(self, path: str, kept: Kept) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if isinstance(kept, Link):
            file.symlink_to(kept.target)
        else:
            file.write_bytes(kept)

    def changes(self, *, bound: tuple[str, ...] = ()) -> list[str]:
        head: dict[str, Kept] = {
            path.relative_to(self.root).as_posix(): Link(str(path.readlink())) if path.is_symlink() else b""
            for path in self.root.rglob("*")
            if (path.is_symlink() or not path.is_dir()) and "made" not in path.name
        }
        self.github.forge.files.commits |= {OLDER: self.base, HEAD: head}
        contract = load(CONTRACT, file="gates/mlval.yml", default_name="gates")
        with connected(self.github, token="t") as client:
            compared = Compared(self.root, Snapshot(client, OLDER), Snapshot(client, HEAD))
            return [one.path for one in compared.changes(contract, bound=bound)]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    with serving(StandIn(forge=world.forge())) as github:
        github.forge.holders["t"] = Holder("t", {"contents": "read"})
        yield Tree(tmp_path.resolve(), github)
        assert not github.violations


def another_folder(tree: Tree) -> None:
    """Add a folder of parts by a link, below which git keeps no files."""
    tree.write("elsewhere/more.csv", b"3\n")
    tree.write("data/more/deep", Link("../../elsewhere"))


def linked_folder(tree: Tree) -> None:
    (tree.root / "data/parts").rename(tree.root / "elsewhere")
    (tree.root / "data/parts").symlink_to("../elsewhere")


EDITS: dict[str, tuple[Callable[[Tree], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "a smaller holdout": (lambda tree: tree.write("data/holdout.csv", b"id,y\n1,0\n"), ["data/holdout.csv"]),
    "as many bytes": (lambda tree: tree.write("data/holdout.csv", b"id,y\n1,1\n2,1\n"), ["data/holdout.csv"]),
    "a holdout that is gone": (lambda tree: (tree.root / "data/holdout.csv").unlink(), ["data/holdout.csv"]),
    "another profile": (lambda tree: tree.write("gates/ref.json", b"[]"), ["gates/ref.json"]),
    "another suite": (lambda tree: tree.write("gates/suite.json", b"{}"), ["gates/suite.json"]),
    "other reported metrics": (lambda tree: tree.write("known.json", b"[]"), ["known.json"]),
    "other predictions": (lambda tree: tree.write("preds.csv", b"id\n"), ["preds.csv"]),
    "another champion": (
        lambda tree: tree.write("models/champion/model.skops", b"z"),
        ["models/champion/model.skops"],
    ),
    "a file more in the champion": (
        lambda tree: tree.write("models/champion/extra", b"z"),
        ["models/champion/extra"],
    ),
    "a part more": (lambda tree: tree.write("data/parts/c.csv", b"3\n"), ["data/parts/c.csv"]),
    "a part that a workflow made": (lambda tree: tree.write("data/parts/made.csv", b"3\n"), []),
    "a part less": (lambda tree: (tree.root / "data/parts/a.csv").unlink(), ["data/parts/a.csv"]),
    "a link in its place": (
        lambda tree: tree.write("data/holdout.csv", Link("unread.csv")),
        ["data/holdout.csv"],
    ),
    "a folder that became a link": (linked_folder, ["data/parts/a.csv", "data/parts/b.csv"]),
    "a folder that a link adds": (another_folder, ["data/more/deep/more.csv"]),
    "the candidate": (lambda tree: tree.write("models/new.skops", b"newer"), []),
    "a file that nothing reads": (lambda tree: tree.write("data/unread.csv", b"8\n"), []),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_differs_is_found(tree: Tree, name: str) -> None:
    edit, found = EDITS[name]
    edit(tree)
    assert tree.changes() == found


@pytest.mark.parametrize("most", [3, 5])
def test_a_large_repository_is_compared_as_well(tree: Tree, most: int) -> None:
    tree.github.forge.files.most = most
    tree.write("data/holdout.csv", b"")
    tree.write("models/champion/model.skops", b"z")
    assert tree.changes() == ["data/holdout.csv", "models/champion/model.skops"]


@pytest.mark.parametrize("data, found", [(b"big\n", []), (b"bag\n", ["data/holdout.csv"])])
def test_a_file_that_git_lfs_keeps_is_compared_by_its_digest(
    tree: Tree, data: bytes, found: list[str]
) -> None:
    digest = hashlib.sha256(b"big\n").hexdigest()
    tree.base["data/holdout.csv"] = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 4\n".encode()
    )
    tree.write("data/holdout.csv", data)
    assert tree.changes() == found


def test_what_a_link_leads_to_is_compared(tree: Tree) -> None:
    tree.base |= {"data/holdout.csv": Link("real.csv"), "data/real.csv": b"1\n"}
    tree.write("data/holdout.csv", Link("real.csv"))
    tree.write("data/real.csv", b"1\n")
    assert tree.changes() == []
    tree.write("data/real.csv", b"2\n")
    assert tree.changes() == ["data/real.csv"]


def test_a_file_that_was_named_at_the_start_is_compared(tree: Tree) -> None:
    tree.write("data/unread.csv", b"8\n")
    assert tree.changes(bound=("data/unread.csv", "s3://b/x", "/etc/passwd")) == ["data/unread.csv"]
    assert tree.changes(bound=(str(tree.root / "data/unread.csv"),)) == ["data/unread.csv"]


def test_only_files_of_the_repository_are_named() -> None:
    contract = load(CONTRACT, file="gates/mlval.yml", default_name="gates")
    assert references(contract) == (
        "../data/holdout.csv",
        "../data/parts/*.csv",
        "../data/more/*/*.csv",
        "ref.json",
        "../models/champion",
        "../preds.csv",
        "../known.json",
        "suite.json",
    )
