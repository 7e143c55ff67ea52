"""The version of a release: of the tag that asks for it, which must be that of the package."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.release.refusal import Refused

_TAG: Final = re.compile(r"(?:candidate/)?v((0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))")
_STATED: Final = re.compile(r'^__version__ = "([^"\n]+)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Version:
    """A version: in full, and the first of its three numbers."""

    text: str
    major: str

    @property
    def tag(self) -> str:
        """The tag that never moves."""
        return f"v{self.text}"

    @property
    def moving_tag(self) -> str:
        """The tag that moves on to every release of the same major version."""
        return f"v{self.major}"


def of_tag(tag: str) -> Version:
    """Return the version that a tag asks for: `candidate/v1.2.3`, or the release's own `v1.2.3`.

    Raises
    ------
    Refused
        If it names no version of three numbers.
    """
    found = _TAG.fullmatch(tag)
    if found is None:
        raise Refused(f"the tag {tag!r} names no version: write candidate/v1.2.3")
    return Version(found[1], found[2])


def of_package(root: Path) -> str:
    """Return the version that the package states.

    Raises
    ------
    Refused
        If it states none.
    """
    found = _STATED.search((root / "mlval" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise Refused("mlval/__init__.py states no version")
    return found[1]


def checked(tag: str, root: Path) -> Version:
    """Return the version of a tag, which the package must state as well.

    Raises
    ------
    Refused
        If it does not.
    """
    version = of_tag(tag)
    stated = of_package(root)
    if version.text != stated:
        raise Refused(f"the tag {tag} asks for {version.text}, but mlval/__init__.py states {stated}")
    return version
