"""Fitting rendered text into GitHub's limits: the first variant that fits, else one cut and closed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

COMMENT_LIMIT = 65_536
"""Characters of a comment."""

COMMENT_BUDGET = COMMENT_LIMIT - 1_024
"""Characters that a comment's text may have: room for the marker and for counting differently."""

SUMMARY_BUDGET = 1_000_000
"""Bytes of a step summary; GitHub drops one above 1,048,576."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_TAG = re.compile(r"(?<!\\)<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>|<!--|-->")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})


def characters(text: str) -> int:
    """Length as UTF-16 units, which is never less than GitHub's own count of characters."""
    return len(text) + sum(character > "\uffff" for character in text)


def size(text: str) -> int:
    """Length in bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def choose(
    variants: Sequence[str],
    *,
    link: str,
    limit: int = COMMENT_BUDGET,
    measure: Callable[[str], int] = characters,
) -> str:
    """Return the first variant within `limit`, or the last one cut, with a link to the whole report.

    Parameters
    ----------
    variants
        Renderings from full to short, at least one.
    link
        Address shown where something was cut.
    limit
        In the unit of `measure`; more than the notice needs (some 200).
    """
    for text in variants:
        if measure(text) <= limit:
            return text
    return cut(variants[-1], link=link, limit=limit, measure=measure)


def cut(text: str, *, link: str, limit: int, measure: Callable[[str], int] = characters) -> str:
    """Return as many whole lines as fit, with code fences and tags closed and a notice at the end."""
    notice = f"\n\n_The report was cut to fit: the whole is at <{link}>._\n"
    open_parts = _Open()
    used, reach, end = measure(notice), 0, ""
    lines = [line + "\n" for line in text.split("\n")]
    for number, line in enumerate(lines, start=1):
        used += measure(line)
        if used > limit:
            break
        open_parts.read(line)
        closing = open_parts.closing()
        if used + measure(closing) <= limit:
            reach, end = number, closing
    kept = "".join(lines[:reach]).rstrip("\n")
    return f"{kept}{end}{notice}"


@dataclass(slots=True)
class _Open:
    """What a reader of Markdown has open after some lines: a fence, an HTML comment, tags."""

    fence: str = ""
    comment: bool = False
    tags: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take in one line."""
        mark = _FENCE.match(line)
        if mark and mark[1][0] == "`" and "`" in mark[2]:
            mark = None
        if self.fence:
            if mark and mark[1].startswith(self.fence) and not mark[2].strip():
                self.fence = ""
        elif mark and not self.comment:
            self.fence = mark[1]
        elif "<" in line or "-->" in line:
            for found in _TAG.finditer(_CODE.sub("", line)):
                self._tag(found)

    def closing(self) -> str:
        """Return the text that closes all of it."""
        comment = "\n-->" if self.comment else ""
        fence = f"\n{self.fence}" if self.fence else ""
        tags = "\n\n" + "".join(f"</{tag}>" for tag in reversed(self.tags)) if self.tags else ""
        return comment + fence + tags

    def _tag(self, found: re.Match[str]) -> None:
        if self.comment or found[0] == "<!--":
            self.comment = found[0] != "-->"
            return
        name = (found[2] or "").lower()
        if found[1] and name in self.tags:
            del self.tags[len(self.tags) - 1 - self.tags[::-1].index(name) :]
        elif name and not found[1] and name not in _VOID and not found[0].endswith("/>"):
            self.tags.append(name)
