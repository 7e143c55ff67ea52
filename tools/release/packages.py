"""What wheel and source distribution must hold, seen from outside: as archives."""

import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DATA: Final = ("*.j2", "*.json", "*.typed", "*.html", "*.css")
_SCHEMAS: Final = ("contract.schema.json", "result.schema.json")


def wanted(root: Path) -> set[str]:
    """Return the files of the package, as a checkout has them: code, templates, what marks it as typed."""
    found = {path for pattern in ("*.py", *_DATA) for path in (root / "mlval").rglob(pattern)}
    return {path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts}


def complaints_of_wheel(wheel: Path, root: Path, *, version: str) -> Iterator[str]:
    """Yield what is wrong with a wheel of a checkout."""
    if wheel.name != f"mlval-{version}-py3-none-any.whl":
        yield f"the wheel is called {wheel.name}"
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    must = wanted(root) | {f"mlval/schemas/{name}" for name in _SCHEMAS}
    yield from (f"the wheel lacks {name}" for name in sorted(must - names))
    own = {name for name in names if not name.startswith(f"mlval-{version}.dist-info/")}
    yield from (f"the wheel holds {name} as well" for name in sorted(own - must))


def complaints_of_sdist(sdist: Path, root: Path, *, version: str) -> Iterator[str]:
    """Yield what is wrong with a source distribution of a checkout."""
    if sdist.name != f"mlval-{version}.tar.gz":
        yield f"the source distribution is called {sdist.name}"
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    more = {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        *(f"schemas/{name}" for name in _SCHEMAS),
    }
    yield from (f"the source distribution lacks {name}" for name in sorted((wanted(root) | more) - names))
