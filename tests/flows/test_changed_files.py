"""What changed, as git knows it and as a list says it."""

import os
import subprocess
from pathlib import Path

import pytest

from mlval.domain.errors import UsageError
from mlval.flows.changed_files import listed, since


def git(folder: Path, *arguments: str) -> None:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    environ = {"PATH": os.environ["PATH"], "GIT_COMMITTER_EMAIL": "a@b", "HOME": str(folder), **names}
    subprocess.run(["git", *arguments], cwd=folder, env=environ, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with a branch `main` that has gone on since ours left it."""
    git(tmp_path, "init", "-q", "-b", "main")
    for name in ("kept.csv", "edited.csv", "gone.csv", "old name.csv"):
        (tmp_path / name).write_text(f"{name}\n" * 20, encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "checkout", "-qb", "ours")
    git(tmp_path, "checkout", "-q", "main")
    (tmp_path / "theirs.csv").write_text("x", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "theirs")
    git(tmp_path, "checkout", "-q", "ours")
    (tmp_path / "gone.csv").unlink()
    (tmp_path / "deep").mkdir()
    (tmp_path / "old name.csv").rename(tmp_path / "deep" / "né.csv")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "ours")
    return tmp_path


@pytest.mark.process
def test_git_names_what_our_side_changed(repository: Path) -> None:
    (repository / "edited.csv").write_text("not committed", encoding="utf-8")
    (repository / "deep" / "new.csv").write_text("not added", encoding="utf-8")
    expected = ("deep/new.csv", "deep/né.csv", "edited.csv", "gone.csv", "old name.csv")
    assert since("main", repository) == expected
    assert since("main", repository / "deep") == expected


@pytest.mark.process
def test_the_settings_of_a_repository_start_nothing(repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text("#!/bin/sh\ntouch sprung\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "diff.x.textconv"):
        git(repository, "config", name, str(trap))
    (repository / ".gitattributes").write_text("*.csv diff=x\n", encoding="utf-8")
    assert "gone.csv" in since("main", repository)
    assert not (repository / "sprung").exists()


@pytest.mark.process
@pytest.mark.parametrize("revision", ["nothing", "--output=x", "", "main..ours"])
def test_a_revision_that_is_none_is_an_error(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="--changed-since"):
        since(revision, repository)
    assert not (repository / "x").exists()


@pytest.mark.process
def test_no_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="could not compare"):
        since("main", tmp_path)


@pytest.mark.parametrize(
    "content, paths",
    [
        (b"a.csv\nb c.csv\r\n\n./d.csv\n", ("a.csv", "b c.csv", "d.csv")),
        (b"a\nb.csv\0c.csv\0", ("a\nb.csv", "c.csv")),
        (b"", ()),
    ],
)
def test_a_list_is_read_by_lines_or_as_git_writes_it(
    tmp_path: Path, content: bytes, paths: tuple[str, ...]
) -> None:
    (tmp_path / "list").write_bytes(content)
    assert listed(tmp_path / "list") == paths


def test_a_list_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--changed-files"):
        listed(tmp_path / "list")
