"""Which files a change touches, as git knows it or as a file lists it; a renamed one under both names."""

from collections.abc import Sequence
from pathlib import Path

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.flows.git import git

LIMIT = 64 << 20
_PLAIN = (
    "--name-only",
    "-z",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--ignore-submodules=none",
)


def since(revision: str, folder: Path) -> tuple[str, ...]:
    """Return what changed since the work tree left a revision, with all that is not committed yet.

    Parameters
    ----------
    revision : such as `origin/main`
    folder : in the work tree

    Returns
    -------
    Paths from the top of the work tree.

    Raises
    ------
    UsageError
        If git is not there, or does not know the revision or how it is related.
    """
    if revision.startswith("-") or not revision:
        message = f"--changed-since {shown(revision)}: not a revision"
        raise UsageError(message, remedy="name a branch, a tag or a commit, such as origin/main")
    (left,) = _git(folder, "merge-base", revision, "HEAD", about=revision)
    compared = _git(folder, "diff", *_PLAIN, left.strip(), "--", about=revision)
    (top,) = _git(folder, "rev-parse", "--show-toplevel", about=revision)
    new = _git(
        Path(top.rstrip("\n")), "ls-files", "-z", "--others", "--exclude-standard", "--", about=revision
    )
    return tuple(sorted({*compared, *new}))


def listed(file: Path) -> tuple[str, ...]:
    """Read paths from a file, one a line, or parted by NUL as git does with `-z`.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LIMIT + 1)
        text = data.decode("utf-8", "surrogateescape")
    except OSError as error:
        message = f"--changed-files {shown(file)}: {error.strerror}"
        raise UsageError(message, remedy="name a file with one path a line") from error
    if len(data) > LIMIT:
        message = f"--changed-files {shown(file)}: larger than 64 MiB"
        raise UsageError(message, remedy="leave the option out: then everything is judged")
    found = text.split("\0") if "\0" in text else text.splitlines()
    return tuple(sorted({path.removeprefix("./") for path in found if path.strip()}))


def _git(folder: Path, *arguments: str, about: str) -> Sequence[str]:
    """Return the entries that git lists, parted by NUL; one alone keeps its end of line."""
    done = git(folder, *arguments)
    if done is None:
        message = "git could not be run"
        raise UsageError(message, remedy="list the changed files yourself: --changed-files FILE")
    if done.returncode:
        said = shown(done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:])
        message = f"--changed-since {shown(about)}: git could not compare with it: {said}"
        raise UsageError(message, remedy="fetch the revision with its history, as with `fetch-depth: 0`")
    text = done.stdout.decode("utf-8", "surrogateescape")
    return [entry for entry in text.split("\0") if entry]
