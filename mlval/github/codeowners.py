"""CODEOWNERS as GitHub reads it: the last pattern that matches a file names its owners, or nobody."""

import re
from functools import lru_cache
from typing import Final

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may stand; the first that is there counts."""

LIMIT: Final = 3 << 20
"""Bytes above which GitHub does not read the file."""

_OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?(?:/[A-Za-z0-9_.-]+)?|[^@\s]+@[^@\s]+")
_WORD = re.compile(r"(?:\\.|\S)+")


def owners(text: str, path: str) -> tuple[str, ...]:
    r"""Return the owners of a file as they are written: `@user`, `@organisation/team`, or an email address.

    Lines that GitHub cannot read are left out, as it leaves them out.

    >>> owners("* @a\n/gates/ @b @org/ml  # who decides\n", "gates/churn.yml")
    ('@b', '@org/ml')
    """
    found: tuple[str, ...] = ()
    for line in text.split("\n"):
        words = _WORD.findall(line)
        if not words or words[0].startswith("#"):
            continue
        pattern, named = words[0], []
        for word in words[1:]:
            if word.startswith("#"):
                break
            named.append(word)
        if (
            _is_pattern(pattern)
            and all(_OWNER.fullmatch(one) for one in named)
            and _regex(pattern).match(path)
        ):
            found = tuple(named)
    return found


def _is_pattern(pattern: str) -> bool:
    """Say whether GitHub takes a pattern: exclusions, ranges and an escaped `#` are none."""
    return not pattern.startswith(("!", "\\#")) and not set(pattern) & set("[]") and pattern != "/"


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> re.Pattern[str]:
    """Return the expression of a pattern: without a slash inside it stands at any depth.

    What names a folder names all below, but for a last `*`, which names only what lies in it.
    """
    plain = re.sub(r"\\(.)", r"\1", pattern)
    parts = plain.strip("/").split("/")
    anchored = plain.startswith("/") or len(parts) > 1
    expression = "" if anchored else "(?:.*/)?"
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        if part == "**":
            expression += ".+" if is_last else "(?:.*/)?"
        else:
            expression += _segment(part) + ("" if is_last else "/")
    if plain.endswith("/"):
        return re.compile(expression + "/.+$", re.DOTALL)
    end = "$" if parts[-1] in {"*", "**"} else "(?:/.*)?$"
    return re.compile(expression + end, re.DOTALL)


def _segment(part: str) -> str:
    named = {"*": "[^/]*", "?": "[^/]"}
    text = "".join(named.get(character, re.escape(character)) for character in re.sub(r"\*+", "*", part))
    return "[^/]+" if part == "*" else text
