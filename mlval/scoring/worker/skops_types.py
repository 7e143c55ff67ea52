"""Which types a skops file may hold: those of the libraries, never what the file says it trusts."""

from __future__ import annotations

import re

_LIBRARIES = ("sklearn", "numpy", "scipy")
_NEVER = frozenset({
    "testing", "_testing", "tests", "f2py", "distutils", "_distutils", "ctypeslib", "externals", "datasets",
    "utils.fixes", "conftest", "_mocking", "_fetchers", "show_versions", "_show_versions", "_pyinstaller",
})  # fmt: skip
_CLASS = re.compile(r"_{0,2}[A-Z][A-Za-z0-9_]{0,99}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(\.[A-Za-z_][A-Za-z0-9_]{0,99}){1,9}")


def is_trusted(name: str) -> bool:
    """Say whether a type may be made: a class of scikit-learn, numpy or scipy, written as one.

    Functions are not: a file could choose one that reads files or starts programs. skops' own list
    of functions (ufuncs among them) is decided by skops before this is asked.

    >>> is_trusted("sklearn.tree._tree.Tree"), is_trusted("numpy.testing.Tester"), is_trusted("os.system")
    (True, False, False)
    """
    if not _NAME.fullmatch(name):
        return False
    *module, last = name.split(".")
    return module[0] in _LIBRARIES and not _NEVER.intersection(module) and _CLASS.fullmatch(last) is not None
