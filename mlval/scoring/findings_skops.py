"""Types that a file of skops would build. Its own list of what to trust is not asked: ours is."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mlval.domain.model_findings import Finding
from mlval.domain.text import shown
from mlval.scoring.pickle_names import is_known

MOST_SCHEMA = 256 * 2**20
MOST_MEMBERS = 100_000
_SCHEMA = "schema.json"
_TOLD = 50
_MEMBERS = (".npy", ".npz", ".bin")
# What skops says it is rather than builds: no class is imported by these.
_WORDS = frozenset({("builtins", "NoneType"), ("builtins", "type"), ("json", "JSON"), ("numpy", "ufunc")})
_LOADERS_BY_NAME = frozenset({"FunctionNode", "MethodNode", "OperatorFuncNode", "PartialNode", "ReduceNode"})


def is_skops(file: Path, head: bytes) -> bool:
    """Say whether a file is a zip archive with the schema of skops."""
    if not head.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return _SCHEMA in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def in_skops(file: Path, path: str) -> Iterator[Finding]:
    """Yield types that are not on our list, and members that skops does not write."""
    told = shown(path)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            info = archive.getinfo(_SCHEMA)
            names = [member.filename for member in members]
            too_large = len(members) > MOST_MEMBERS or info.file_size > MOST_SCHEMA
            if too_large or names.count(_SCHEMA) > 1:
                yield Finding("unreadable", told, "has a schema that is too large, or more than one")
                return
            with archive.open(info) as schema:
                text = schema.read(MOST_SCHEMA + 1)
        if len(text) > MOST_SCHEMA:
            yield Finding("unreadable", told, "has a schema that is too large, or more than one")
            return
        tree = json.loads(text)
    except (zipfile.BadZipFile, OSError, ValueError, RecursionError, NotImplementedError, EOFError, KeyError):
        yield Finding("unreadable", told, "has no schema that can be read")
        return
    unknown = sorted(set(_unknown(tree)))
    for name in unknown[:_TOLD]:
        yield Finding("skops-type", told, f"names `{shown(name)}`, which no scikit-learn model needs")
    if len(unknown) > _TOLD:
        yield Finding("skops-type", told, f"names {len(unknown) - _TOLD:,} more that no model needs")
    for name in names:
        if name != _SCHEMA and PurePosixPath(name).suffix not in _MEMBERS:
            yield Finding("skops-type", told, f"holds `{shown(name)}`, which skops does not write")


def untrusted(types: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the types that a model asks to be trusted with and our list does not have."""
    for one in types:
        module, _, name = one.rpartition(".")
        if not is_known(module, name):
            message = f"asks to trust `{shown(one)}`, which no scikit-learn model needs"
            yield Finding("skops-type", "MLmodel", message)


def _unknown(tree: object) -> Iterator[str]:
    """Yield every type and function of a schema that is not known, going through it without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        if not isinstance(node, dict):
            continue
        waiting += node.values()
        module, name = node.get("__module__"), node.get("__class__")
        if (module is None) != (name is None) or not _is_known(module, name):
            yield f"{module}.{name}"
        content = node.get("content")
        if node.get("__loader__") in _LOADERS_BY_NAME and isinstance(content, dict):
            called = content.get("function"), content.get("module_path")
            if called != (None, None) and not _is_known(called[1], called[0]):
                yield f"{called[1]}.{called[0]}"


def _is_known(module: object, name: object) -> bool:
    if module is None and name is None:
        return True
    is_text = isinstance(module, str) and isinstance(name, str)
    return is_text and ((module, name) in _WORDS or is_known(str(module), str(name)))
