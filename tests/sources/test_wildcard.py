"""What patterns match."""

from pathlib import Path

import pytest

from mlval.domain.errors import SourceRefused
from mlval.sources.wildcard import hits


def matched(root: Path, pattern: str, *, most: int = 100) -> list[str]:
    found = hits(root, tuple(pattern.split("/")), admit=lambda _: None, most=most)
    return [str(path.relative_to(root)) for path in found]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for file in (
        "a.csv",
        "b.csv",
        "B.txt",
        ".h.csv",
        "d/a.csv",
        "d/e/a.csv",
        "d/e/f/b.csv",
        ".h/a.csv",
        "q/[x].csv",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    (tmp_path / "d/e/circle").symlink_to(tmp_path / "d")
    return tmp_path


@pytest.mark.parametrize(
    "pattern,expected",
    [
        ("*.csv", ["a.csv", "b.csv"]),
        ("?.csv", ["a.csv", "b.csv"]),
        ("[b-z].*", ["b.csv"]),
        ("[!a].csv", ["b.csv"]),
        ("*", ["B.txt", "a.csv", "b.csv"]),
        (".*", []),
        ("*/a.csv", ["d/a.csv"]),
        ("*/*/a.csv", ["d/e/a.csv"]),
        ("**/a.csv", ["a.csv", "d/a.csv", "d/e/a.csv"]),
        ("**/**/a.csv", ["a.csv", "d/a.csv", "d/e/a.csv"]),
        ("d/**", ["d/a.csv", "d/e/a.csv", "d/e/f/b.csv"]),
        ("**/e/**/b.csv", ["d/e/f/b.csv"]),
        ("*/e/circle/a.csv", ["d/e/circle/a.csv"]),
        ("q/[[]x].csv", ["q/[x].csv"]),
        ("q/[x].csv", []),
        ("none/*", []),
        ("a.csv/*", []),
    ],
)
def test_matches(tree: Path, pattern: str, expected: list[str]) -> None:
    assert matched(tree, pattern) == expected


def test_a_file_cannot_take_the_place_of_a_pattern(tree: Path) -> None:
    (tree / "*.csv").touch()
    assert matched(tree, "*.csv") == ["*.csv", "a.csv", "b.csv"]


def test_linked_folders_are_asked_for(tree: Path) -> None:
    asked: list[Path] = []
    hits(tree, ("*", "e", "*", "a.csv"), admit=asked.append)
    assert asked == [tree, tree / "d/e/circle"]


def test_no_more_than_allowed(tree: Path) -> None:
    assert len(matched(tree, "**/*.csv", most=6)) == 6
    with pytest.raises(SourceRefused, match="more than 5 files"):
        matched(tree, "**/*.csv", most=5)
