"""Reference and current side by side: a bar for each part that moved, on one scale."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from mlval.report import figures
from mlval.report.moved_parts import Part

_EIGHTHS: Final = "▏▎▍▌▋▊▉█"
_SHARE: Final = 7
_MARGIN: Final = 3
NARROWEST: Final = 50
"""Characters below which no picture is readable."""
_WIDEST_LABEL: Final = 20
_WIDEST_BAR: Final = 18


def side_by_side(moved: Sequence[Part], *, width: int, blocks: bool) -> tuple[str, ...]:
    r"""Return lines of at most `width` characters: a heading, then a line for each part; none if too narrow.

    Parameters
    ----------
    moved : parts with labels that are safe to show
    width : of a line, at least 50 for a picture
    blocks : whether to draw with block characters; otherwise with `#`

    Examples
    --------
    >>> print(*side_by_side([Part("card", 0.5, 0.25)], width=50, blocks=False), sep="\n")
          reference              current
    card  ############ 50%       ###### 25%
    """
    if not moved or width < NARROWEST:
        return ()
    names = [_cut(part.label) for part in moved]
    label = max(_columns(name) for name in names)
    bar = min(_WIDEST_BAR, (width - label - 2 - _MARGIN) // 2 - _SHARE - 1)
    highest = max(max(part.reference, part.current) for part in moved)
    side = bar + _SHARE + 1
    lines = [f"{' ' * label}  {'reference':<{side}}{' ' * _MARGIN}current"]
    for name, part in zip(names, moved, strict=True):
        before, after = (
            f"{_bar(share, highest, bar, blocks=blocks)} {figures.share(share)}".lstrip()
            for share in (part.reference, part.current)
        )
        lines.append(f"{name}{' ' * (label - _columns(name))}  {before:<{side}}{' ' * _MARGIN}{after}")
    return tuple(line[:width].rstrip() for line in lines)


def _bar(share: float, highest: float, width: int, *, blocks: bool) -> str:
    """Return a bar that is `width` long at the highest share; what is not empty is never drawn as nothing."""
    if share <= 0:
        return ""
    if not blocks:
        return "#" * max(1, round(share / highest * width))
    eighths = max(1, round(share / highest * width * len(_EIGHTHS)))
    whole, rest = divmod(eighths, len(_EIGHTHS))
    return _EIGHTHS[-1] * whole + (_EIGHTHS[rest - 1] if rest else "")


def _columns(text: str) -> int:
    """Return how many columns a text takes where every character is as wide as another, or twice as wide."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in {"W", "F"})
        for character in text
    )


def _cut(label: str) -> str:
    while _columns(label) > _WIDEST_LABEL:
        label = label[:-2] + "…"
    return label
