"""A workspace on a real disk, with everything beside it that must stay out of reach."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.source import Resolved
from mlval.sources.confine import Boundary, Found, resolve
from mlval.sources.resolve import resolve_table

ROWS = "a,b\n1,2\n"


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """Return a folder that is not part of the workspace."""
    folder = tmp_path / "beside"
    folder.mkdir()
    (folder / "secret.csv").write_text(ROWS)
    return folder


@pytest.fixture
def root(tmp_path: Path, beside: Path) -> Path:
    """Return a workspace with data, and with all that a hostile change could put there."""
    workspace = tmp_path / "workspace"
    for folder in ("data/deep/deeper", ".git", "sub/.GIT", ".hidden", "ml", "hostile"):
        (workspace / folder).mkdir(parents=True)
    for file in (
        "data/x.csv",
        "data/y.csv",
        "data/deep/z.csv",
        "data/deep/deeper/w.csv",
        "a[1].csv",
        "a1.csv",
    ):
        (workspace / file).write_text(ROWS)
    for file in (".git/config", "sub/.GIT/config", ".hidden/h.csv", "data/.swap.csv", "data/line\nbreak.csv"):
        (workspace / file).write_text(ROWS)
    (workspace / "ml/.git").write_text("gitdir: ../.git/worktrees/ml\n")
    hostile = workspace / "hostile"
    links = {
        "environ.csv": Path("/proc/self/environ"),
        "zero.csv": Path("/dev/zero"),
        "git.csv": workspace / ".git/config",
        "out.csv": beside / "secret.csv",
        "out": beside,
        "nothing.csv": workspace / "gone.csv",
        "circle.csv": hostile / "circle.csv",
        "inside.csv": workspace / "data/x.csv",
        "up": workspace,
    }
    for name, target in links.items():
        (hostile / name).symlink_to(target)
    os.mkfifo(hostile / "pipe.csv")
    os.mknod(hostile / "socket.csv", stat.S_IFSOCK | 0o600)
    return workspace


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return an empty folder for what is rewritten."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Found]:
    """Return a function that writes a file and finds it."""

    def written(name: str, content: bytes) -> Found:
        (tmp_path / name).write_bytes(content)
        return resolve(Boundary(tmp_path), name, base=tmp_path, trusted=False)[0]

    return written


@pytest.fixture
def table(tmp_path: Path, scratch: Path) -> Callable[..., Resolved]:
    """Return a function that writes files and resolves them as one table."""

    def resolved(files: dict[str, bytes], **options: int | str) -> Resolved:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        return resolve_table(
            "t",
            tuple(files),
            boundary=Boundary(tmp_path),
            base=tmp_path,
            trusted=False,
            scratch=scratch,
            **options,  # type: ignore[arg-type] # the tests know the types
        )

    return resolved
