"""Patterns of paths that are compared with text alone: nothing is looked up on a disk.

`*`, `?` and `[...]` match within a name, `**` matches any number of folders, as in references to data; a
name that begins with a dot is a name like any other here. What matches a folder matches all that is in it.
"""

import fnmatch
import itertools
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from mlval.sources.spelling import has_wildcard


def matches(pattern: str, path: str) -> bool:
    """Tell whether a path, or a folder that it lies in, is what a pattern names.

    Parameters
    ----------
    pattern : relative to the same folder as `path`; a `/` or `./` before it changes nothing
    path : its names are parted by `/`

    >>> matches("models/**/*.yml", "models/eu/churn/mlval.yml"), matches("shared", "shared/a/b.csv")
    (True, True)
    """
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    return bool(parts) and _reaches(tuple(parts), path.split("/"))


def _reaches(pattern: Sequence[str], names: Sequence[str]) -> bool:
    """Walk along the names with all places of the pattern at once, so that no pattern takes long."""
    places = _opened({0}, pattern)
    for name in names:
        if len(pattern) in places:
            return True
        moved = {place for place in places if pattern[place] == "**"}
        moved |= {place + 1 for place in places if pattern[place] != "**" and _part(pattern[place])(name)}
        places = _opened(moved, pattern)
    return len(pattern) in places


def _opened(places: set[int], pattern: Sequence[str]) -> set[int]:
    """Add the places behind every `**`, which may stand for no folder."""
    found = set(places)
    for place in sorted(places):
        following = place
        while following < len(pattern) and pattern[following] == "**":
            following += 1
            found.add(following)
    return found


@lru_cache(maxsize=1024)
def _part(part: str) -> Callable[[str], object]:
    return re.compile(fnmatch.translate(part)).match


def is_on_the_way(path: str, pattern: str) -> bool:
    """Tell whether a path is a folder that a pattern names on its way, such as a link or a submodule.

    >>> is_on_the_way("models/churn", "models/churn/data/*.csv")
    True
    """
    return f"{beginning(pattern)}/".startswith(f"{path}/")


def beginning(pattern: str) -> str:
    """Return what a pattern names before its first wildcard; `.` where that is nothing.

    >>> beginning("models/churn/data/*.csv"), beginning("*.csv")
    ('models/churn/data', '.')
    """
    parts = [part for part in pattern.split("/") if part not in {"", "."}]
    return "/".join(itertools.takewhile(lambda part: not has_wildcard(part), parts)) or "."
