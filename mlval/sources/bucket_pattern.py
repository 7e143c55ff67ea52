"""The keys of a bucket that a pattern matches: by the rules that hold for files.

`*`, `?` and `[...]` match within a name, `**` matches any number of folders, and neither matches a name
that begins with a dot.
"""

import fnmatch
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Protocol

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.domain.text import shown
from mlval.sources.bucket_uri import Location, parse
from mlval.sources.spelling import has_wildcard
from mlval.sources.wildcard import MOST_HITS

MOST_PARTS = 64
"""How many names a pattern may have."""


class Lister(Protocol):
    """What a client of an object store lists with."""

    def find(self, path: str, *, maxdepth: int | None, detail: bool) -> Mapping[str, Mapping[str, object]]:
        """Return all objects below a path, by bucket and key."""


def hits(store: Lister, pattern: Location) -> tuple[Location, ...]:
    """Return the objects that a pattern matches, at least one, sorted.

    Raises
    ------
    SourceRefused
        Too many hits, or a key that cannot be said.
    SourceUnavailable
        No hit.
    """
    start = pattern.fixed
    parts = pattern.parts[len(start) :]
    if len(parts) > MOST_PARTS:
        raise SourceRefused(f"A pattern has more than {MOST_PARTS} names.", remedy="Shorten it.")
    below = "/".join((pattern.bucket, *start))
    listed = store.find(below, maxdepth=None if "**" in parts else len(parts), detail=True)
    names = [
        path
        for path, info in sorted(listed.items())
        # A key that ends in `/` stands for a folder.
        if info["type"] == "file"
        and not path.endswith("/")
        and path.startswith(f"{below}/")
        and matches(parts, path.removeprefix(f"{below}/").split("/"))
    ]
    if not names:
        raise SourceUnavailable(
            f"`{shown(pattern)}` matches no object.", remedy="Check the bucket and the pattern."
        )
    if len(names) > MOST_HITS:
        raise SourceRefused(
            f"A pattern matches more than {MOST_HITS:,} objects.",
            remedy="Narrow the pattern, or join the objects.",
        )
    return tuple(parse(f"{pattern.scheme}://{name}") for name in names)


def matches(pattern: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether the names of a key match the names of a pattern, one to one but for `**`.

    >>> matches(["*", "**", "*.csv"], ["a", "b", "c", "d.csv"])
    True
    >>> matches(["*.csv"], [".a.csv"])
    False
    """
    reached = {0}
    for part in _collapsed(pattern):
        if part == "**":
            reached = {end for start in reached for end in _through(names, start)}
        else:
            reached = {at + 1 for at in reached if at < len(names) and _fits(part, names[at])}
    return len(names) in reached


def _collapsed(pattern: Sequence[str]) -> list[str]:
    """Join runs of `**`, which mean the same as one; a last `**` stands for all objects below."""
    parts = [part for key, run in groupby(pattern) for part in ([key] if key == "**" else run)]
    return [*parts, "*"] if parts[-1] == "**" else parts


def _through(names: Sequence[str], start: int) -> range:
    """Return where one can be after any number of folders that are not hidden."""
    end = start
    while end < len(names) and not names[end].startswith("."):
        end += 1
    return range(start, end + 1)


def _fits(part: str, name: str) -> bool:
    if not has_wildcard(part):
        return name == part
    return not name.startswith(".") and fnmatch.fnmatchcase(name, part)
