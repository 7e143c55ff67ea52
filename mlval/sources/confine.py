"""The walls around files: every reference and every hit of a pattern ends at a file that may be read.

Trust is in what was typed, not in what it meets: a path from the command line may lie anywhere, but a
link inside the workspace was put there by the change under test, and may not lead out of it.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.domain.text import shown
from mlval.sources.absence import absent
from mlval.sources.spelling import has_wildcard, spelled
from mlval.sources.wildcard import hits

_NEVER = {"proc", "sys", "dev"}
_BIND = "Write `from: input` and name the file when running; or allow its folder with `allow-sources`."
_IN_WORKSPACE = "Name a data file of the workspace."
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where files may lie: the workspace, and what a trusted origin allowed beyond it."""

    root: Path
    outside_allowed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file that may be read.

    Attributes
    ----------
    path : absolute, with every link followed
    hit : absolute, as the reference leads there; its name tells the format
    name : safe to show; relative to the workspace for a file inside
    """

    path: Path
    hit: Path
    name: str


def resolve(boundary: Boundary, reference: str, *, base: Path, trusted: bool) -> tuple[Found, ...]:
    """Return the files that a reference names, at least one, sorted, each once.

    Parameters
    ----------
    boundary : where they may lie
    reference : a path or a pattern; relative to `base`
    base : the folder of the contract, or the working directory of the command line
    trusted : whether it was typed by whoever runs the gate, and so may lie anywhere

    Raises
    ------
    SourceRefused
        It leads where it may not, or to something other than a file.
    SourceUnavailable
        There is no such file, or it cannot be looked at.
    """
    written = spelled(reference)
    walls = _walls(boundary, written, base=base, trusted=trusted)
    names = written.parts[1:] if written.anchor else written.parts
    wild = next((place for place, part in enumerate(names) if has_wildcard(part)), len(names))
    start = _walked(Path(written.anchor) if written.anchor else walls.base, names[:wild])
    pattern = names[wild:]
    _refuse_place(written, shown(written))
    _refuse_absolute(start, walls)
    if not pattern:
        return (_found(start, walls),)
    if ".." in pattern:
        raise SourceRefused(
            f"`{shown(reference)}` goes back up after a pattern.", remedy="Let `..` stand before the pattern."
        )
    reached = hits(start, pattern, admit=lambda folder: _admit(folder, walls))
    if not reached:
        raise absent(
            f"`{walls.name(start.joinpath(*pattern))}` matches no file.",
            wanted=start.joinpath(*pattern),
            may_list=lambda folder: walls.hold(folder, _real(folder)),
            seen_from=walls.root,
        )
    return once([_found(hit, walls) for hit in reached])


def resolve_place(boundary: Boundary, reference: str, *, base: Path, trusted: bool) -> tuple[Found, bool]:
    """Return the one file or folder that a reference names, and whether it is a folder.

    What lies in the folder was not looked at.

    Raises
    ------
    SourceRefused, SourceUnavailable
        As `resolve`; a pattern is refused.
    """
    written = spelled(reference)
    if any(has_wildcard(part) for part in written.parts):
        raise SourceRefused(f"`{shown(reference)}` is a pattern.", remedy="Name one file or folder.")
    walls = _walls(boundary, written, base=base, trusted=trusted)
    names = written.parts[1:] if written.anchor else written.parts
    start = _walked(Path(written.anchor) if written.anchor else walls.base, names)
    _refuse_place(written, shown(written))
    _refuse_absolute(start, walls)
    real = _admit(start, walls)
    if real.is_dir():
        return Found(real, start, walls.name(start)), True
    return _found(start, walls), False


def once(found: Sequence[Found]) -> tuple[Found, ...]:
    """Return files in the order of their names, one that is reached twice only once."""
    by_path = {each.path: each for each in sorted(found, key=lambda each: each.hit, reverse=True)}
    return tuple(sorted(by_path.values(), key=lambda each: each.hit))


@dataclass(frozen=True, slots=True)
class _Walls:
    """A boundary with links followed, as one reference sees it."""

    root: Path
    allowed: tuple[Path, ...]
    base: Path
    absolute: bool
    trusted: bool

    def hold(self, path: Path, real: Path) -> bool:
        """Tell whether `real`, to which `path` leads, may be read."""
        if any(real.is_relative_to(place) for place in (self.root, *self.allowed)):
            return True
        return self.trusted and not any(_real(parent).is_relative_to(self.root) for parent in path.parents)

    def name(self, path: Path) -> str:
        """Return a path as it may be shown."""
        if path.is_relative_to(self.root):
            return shown(path.relative_to(self.root).as_posix())
        return shown(path if self.absolute else os.path.relpath(path, self.base))


def _walls(boundary: Boundary, written: PurePath, *, base: Path, trusted: bool) -> _Walls:
    return _Walls(
        root=_real(boundary.root),
        allowed=tuple(_real(place) for place in boundary.outside_allowed),
        base=_real(base),
        absolute=bool(written.anchor),
        trusted=trusted,
    )


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _walked(start: Path, names: Sequence[str]) -> Path:
    """Go along names; `..` leaves the folder where a link led, as the system does it."""
    for name in names:
        start = _real(start).parent if name == ".." else start / name
    return start


def _refuse_absolute(start: Path, walls: _Walls) -> None:
    """Let a contract speak of absolute paths only where a trusted origin allowed them."""
    if not walls.absolute or walls.trusted:
        return
    if not any(_real(start).is_relative_to(place) for place in walls.allowed):
        raise SourceRefused(
            f"`{walls.name(start)}` is written as an absolute path.",
            remedy=f"Write it relative to the contract. {_BIND}",
        )


def _refuse_place(path: PurePath, name: str) -> None:
    """Refuse what is never read, whoever asks."""
    if any(part.casefold() == ".git" for part in path.parts):
        raise SourceRefused(f"`{name}` leads into .git, which is never read.", remedy=_IN_WORKSPACE)
    if path.anchor and len(path.parts) > 1 and path.parts[1].casefold() in _NEVER:
        raise SourceRefused(f"`{name}` leads to the system, not to data.", remedy=_IN_WORKSPACE)


def _admit(path: Path, walls: _Walls) -> Path:
    """Follow every link of a path; refuse where it may not lead, before anything there is touched."""
    name = walls.name(path)
    real = _real(path)
    _refuse_place(path, name)
    _refuse_place(real, name)
    if not walls.hold(path, real):
        raise SourceRefused(f"`{name}` leads out of the workspace.", remedy=_BIND)
    return real


def _found(hit: Path, walls: _Walls) -> Found:
    real = _admit(hit, walls)
    name = walls.name(hit)
    try:
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _missing(hit, walls) from error
    except OSError as error:
        raise SourceUnavailable(
            f"`{name}` cannot be looked at: {error.strerror}.", remedy="Check the path, and who may read it."
        ) from error
    _refuse_kind(mode, name)
    return Found(real, hit, name)


def _missing(hit: Path, walls: _Walls) -> SourceUnavailable:
    name = walls.name(hit)
    if hit.is_symlink():
        return SourceUnavailable(
            f"`{name}` is a link to nothing.", remedy="Fetch what it leads to before the gate runs."
        )
    return absent(
        f"`{name}` does not exist.",
        wanted=hit,
        may_list=lambda folder: walls.hold(folder, _real(folder)),
        seen_from=walls.root,
    )


def _refuse_kind(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise SourceRefused(f"`{name}` is a folder.", remedy=f"Name the files: `{name}/*.parquet`.")
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise SourceRefused(f"`{name}` is {kind}, not a file.", remedy=_IN_WORKSPACE)
    if not stat.S_ISREG(mode):
        raise SourceRefused(f"`{name}` is not a file.", remedy=_IN_WORKSPACE)
