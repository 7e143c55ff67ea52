"""Requirements of a model that are more than a package and its versions."""

import re
from collections.abc import Iterator

from mlval.domain.model_description import ModelDescription
from mlval.domain.model_findings import Finding
from mlval.domain.text import shown

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_VERSION = r"(?:~=|===?|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+"
_PLAIN = re.compile(
    rf"{_NAME}(?:\s*\[\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\])?"
    rf"\s*(?:{_VERSION}(?:\s*,\s*{_VERSION})*)?\s*(?:;[^@:\\]*)?"
)
_LOCAL = ("./", "../", "/", "~", ".\\", "file:")
_FILES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".egg")
_FILE = "requirements.txt"
_LONGEST = 1_000


def in_requirements(description: ModelDescription) -> Iterator[Finding]:
    """Yield lines that steer where packages come from, or name none."""
    for line in description.requirements:
        if is_plain(line):
            continue
        # A line may carry a credential; only its first word is told.
        name = shown(re.split(r"[\s=@;]|://", line, maxsplit=1)[0], 60)
        if _is_url(line):
            yield Finding("requirement-url", _FILE, f"`{name}` comes from an address or a file of its own")
        elif line.startswith("-"):
            yield Finding("requirement-option", _FILE, f"`{name}` is an option of the installer")
        else:
            yield Finding("requirement-option", _FILE, f"`{name}` is no package with versions")


def is_plain(line: str) -> bool:
    """Say whether a requirement is a package, its extras, versions and markers, and nothing else.

    >>> is_plain("scikit-learn==1.9.1"), is_plain("numpy>=2,<3; python_version < '3.13'")
    (True, True)
    >>> is_plain("x @ https://example.org/x.whl"), is_plain("--index-url https://example.org")
    (False, False)
    """
    return len(line) <= _LONGEST and _PLAIN.fullmatch(line) is not None and not line.endswith(_FILES)


def _is_url(line: str) -> bool:
    word = line.split(";", maxsplit=1)[0].strip()
    is_address = not line.startswith("-") and ("://" in line or "@" in word)
    return is_address or line.startswith(_LOCAL) or word.endswith(_FILES) or line.startswith("git+")
