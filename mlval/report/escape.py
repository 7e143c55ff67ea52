"""Untrusted text made inert, once for each place that shows it: Markdown, XML, a terminal.

Every function cuts and unmasks with `mlval.domain.text.shown` first, so the result is one line.
"""

import re
from typing import Final

from mlval.domain.text import LIMIT, shown

# GitHub resolves mentions, references and links after Markdown was parsed: neither a backslash nor an
# entity stops them, only a character in between does. `shown` has made every such character of the
# text itself visible, so those that stand here are ours.
_GAP: Final = "\u200b"
_LINKS: Final = re.compile(
    r"""(?<=@)                      # @name, name@host
      | (?<=\#)(?=\w)               # issue 1, owner/repository and issue 1
      | (?<=[A-Za-z]-)(?=[0-9])     # GH-1, and trackers that a repository has configured
      | (?<=:)(?=//|[\w+-]+:)       # https://host, :emoji:
      | (?<=www)(?=\.)              # www.host
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMMIT: Final = re.compile(r"(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])", re.IGNORECASE)
_SHORT_OF_A_COMMIT: Final = re.compile(r"[0-9a-f]{6}(?=[0-9a-f])", re.IGNORECASE)

_ACTIVE: Final = re.compile(
    rf"""[&<>"`*~|#@$\[\]\\{_GAP}]
      | :(?=:) | (?<=:):                       # a workflow command
      | (?<![^\W_])_ | _(?![^\W_])             # emphasis; inside a word an underscore is only itself
      | \A(?: [ =+-] | \d(?=\d*[.)](?:\ |\Z))) # an indent, a rule or a list, were this the start of a line
      | \ \Z
    """,
    re.VERBOSE,
)
_PLAIN_MARKS: Final = frozenset(" _.,=%()+-/:")
_XML_FORBIDS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COMMANDS: Final = re.compile(r"#(?=#\[)|:(?=:)")


def markdown(text: object, limit: int = LIMIT) -> str:
    """Return `text` as inert prose for Markdown, its tables, and HTML blocks inside it.

    Punctuation that Markdown or HTML would read becomes entities, which have no structure anywhere;
    what GitHub would link even so is parted by a zero-width space.

    >>> markdown("a|b")
    'a&#124;b'
    """
    line = _COMMIT.sub(_parted, _LINKS.sub(_GAP, shown(text, limit)))
    return _ACTIVE.sub(_entity, line)


def code(text: object, limit: int = LIMIT) -> str:
    """Return `text` as inert inline code for Markdown; plain names stay readable in the source.

    >>> code("fare_amount"), code("a`b")
    ('`fare_amount`', '<code>a&#96;b</code>')
    """
    line = shown(text, limit)
    if _is_plain(line):
        return f"`{line}`"
    return f"<code>{markdown(line, limit) or '&#34;&#34;'}</code>"


def xml(text: object, limit: int = LIMIT) -> str:
    """Return `text` without characters that XML 1.0 forbids; the XML writer escapes the rest."""
    return _XML_FORBIDS.sub(_visible, shown(text, limit))


def terminal(text: object, limit: int = LIMIT) -> str:
    r"""Return `text` without controls, and without what a runner that reads the output takes for a command.

    >>> terminal("::error::x"), terminal("##[error]x")
    ('\\x3a:error\\x3a:x', '\\x23#[error]x')
    """
    return _COMMANDS.sub(_visible, shown(text, limit))


def _parted(commit: re.Match[str]) -> str:
    return _SHORT_OF_A_COMMIT.sub(rf"\g<0>{_GAP}", commit[0])


def _entity(active: re.Match[str]) -> str:
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(active[0], f"&#{ord(active[0])};")
    # Alone in its element, a dollar sign opens no formula.
    return f"<span>{named}</span>" if active[0] == "$" else named


def _is_plain(line: str) -> bool:
    if not line or line != line.strip() or "::" in line or "://" in line:
        return False
    return all(character.isalnum() or character in _PLAIN_MARKS for character in line)


def _visible(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
