"""The requirements of a model as data: names and versions, and nothing that says where from or how.

A line is what PEP 508 calls a requirement by name: `name[extra] >=1,<2 ; marker`. Addresses, paths, version
control, options, included files and variables of the environment are refused, for a line of a model must not
choose what is downloaded or run.
"""

import re
from collections.abc import Iterable
from typing import Final

from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown

LINES_LIMIT: Final = 500
LINE_LIMIT: Final = 500

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"
_CLAUSE = r"(?:~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9][A-Za-z0-9.*+!_-]{0,99}"
_VARIABLE = (
    r"(?:python_version|python_full_version|os_name|sys_platform|platform_release|platform_system|platform_version"
    r"|platform_machine|platform_python_implementation|implementation_name|implementation_version|extra)\b"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<value>{_VARIABLE}|'[A-Za-z0-9 ._*+#-]{{0,100}}'|\"[A-Za-z0-9 ._*+#-]{{0,100}}\")"
    r"|(?P<compared>~=|===?|!=|<=|>=|<|>|not\s+in\b|in\b)|(?P<joined>and\b|or\b)|(?P<open>\()|(?P<close>\)))"
)
_REQUIREMENT = re.compile(
    rf"(?P<name>{_NAME})\s*"
    rf"(?P<extras>\[\s*{_NAME}(?:\s*,\s*{_NAME}){{0,19}}\s*\])?\s*"
    rf"(?P<versions>\(?\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE}){{0,19}}\s*,?\s*\)?)?\s*"
    r"(?:;(?P<marker>.*))?"
)

_ARCHIVES: Final = (
    ".whl",
    ".zip",
    ".gz",
    ".tgz",
    ".bz2",
    ".tbz",
    ".xz",
    ".txz",
    ".lzma",
    ".zst",
    ".tar",
    ".egg",
)
_FORMS: Final = (
    (re.compile(r"^-"), "an option"),
    (re.compile(r"://|^(?i:git|hg|bzr|svn)\+"), "an address"),
    (re.compile(r"\$"), "a variable of the environment"),
    (re.compile(r"@"), "a direct reference"),
    (re.compile(r"[/\\]|^\.|\.(whl|zip|gz|tgz|bz2|tbz|xz|txz|lzma|zst|tar|egg)$"), "a path"),
)


def parse(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the requirements, one a line, without blank lines and comments; each name once and sorted.

    Raises
    ------
    Unmeasurable
        If a line is anything but a requirement by name, or there are too many; the text names the first.
    """
    found: set[str] = set()
    for number, line in enumerate(lines):
        if number >= LINES_LIMIT:
            message = f"the model has more than {LINES_LIMIT} lines of requirements"
            raise Unmeasurable(message)
        text = re.sub(r"(^|\s)#.*", "", line, flags=re.DOTALL).strip()
        if text:
            found.add(_requirement(text))
    return tuple(sorted(found, key=lambda each: (each.lower(), each)))


def refusal(line: str) -> str | None:
    """Return what is wrong with a requirement, None where nothing is."""
    found = None if len(line) > LINE_LIMIT or not line.isascii() else _REQUIREMENT.fullmatch(line)
    if found is not None and _is_name(found["name"]) and _is_whole(found["versions"], found["marker"]):
        return None
    return next((what for form, what in _FORMS if form.search(line)), "no requirement by name and version")


def _requirement(text: str) -> str:
    wrong = refusal(text)
    if wrong:
        message = f"a requirement of the model is refused: {shown(text, 100)!r} is {wrong}"
        raise Unmeasurable(
            message, remedy="write requirements by name and version, such as scikit-learn==1.7.2"
        )
    return re.sub(r"\s+", " ", text)


def _is_name(name: str) -> bool:
    """Say whether a name cannot be taken for the file of a package."""
    return not name.lower().endswith(_ARCHIVES)


def _is_whole(versions: str | None, marker: str | None) -> bool:
    text = (versions or "").strip()
    return text.startswith("(") == text.endswith(")") and _is_marker(marker)


def _is_marker(marker: str | None) -> bool:
    """Say whether a marker is comparisons joined by `and` and `or`, in brackets that match."""
    if marker is None:
        return True
    shape = ""
    place = 0
    while marker[place:].strip():
        token = _TOKEN.match(marker, place)
        if token is None:
            return False
        shape += {"value": "v", "compared": "c", "joined": "j", "open": "(", "close": ")"}[
            token.lastgroup or "value"
        ]
        place = token.end()
    # A comparison becomes a term, a term in brackets a term, two joined terms a term: one must be left.
    shape = shape.replace("vcv", "t")
    while (shorter := shape.replace("(t)", "t").replace("tjt", "t")) != shape:
        shape = shorter
    return shape == "t"
