"""What the names, links and kinds of a model's files show, and what its description says of them."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFiles
from mlval.domain.model_findings import Finding
from mlval.domain.text import shown
from mlval.scoring.packed import head_of, program

_LOADER = re.compile(r"mlflow(\.[A-Za-z_][A-Za-z0-9_]*)+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def in_folder(files: ModelFiles) -> Iterator[Finding]:
    """Yield links, programs and source code among the files."""
    for link in files.links:
        yield Finding("link", shown(link), "is a link; the file that it leads to was taken")
    for file in files.files:
        place = Path(files.root) if files.kind == "file" else Path(files.root, file.path)
        if kind := program(head_of(place), file.path):
            yield Finding("executable", shown(file.path), f"is {kind}")
        elif file.path.lower().endswith(".py"):
            yield Finding("code-paths", shown(file.path), "is source code that comes with the model")


def in_description(files: ModelFiles, description: ModelDescription) -> Iterator[Finding]:
    """Yield what the description says that is loaded from elsewhere, or is code of the model's own."""
    where = "MLmodel"
    loader = description.loader
    if loader is not None and not _LOADER.fullmatch(loader):
        message = f"is loaded by `{shown(loader)}`, which is no part of MLflow"
        yield Finding("loader-code", where, message)
    elif loader is not None and _shadows(loader, files, description):
        yield Finding("loader-code", where, f"brings code in the place of `{shown(loader)}`")
    for path in description.code:
        yield Finding("code-paths", where, f"brings code in `{shown(path)}`")
    for named in description.paths:
        if escapes(named.path):
            message = f"names `{shown(named.path)}` as `{shown(named.key)}`, which leads out of the model"
            yield Finding("path-escapes", where, message)


def escapes(path: str) -> bool:
    """Say whether a path that a model names leads, or may lead, out of its folder.

    >>> escapes("data/model.pkl"), escapes("../x"), escapes("/etc/passwd"), escapes("s3://bucket/x")
    (False, True, True, True)
    """
    parts = PurePosixPath(path).parts
    is_plain = bool(path) and path.isprintable() and "\\" not in path and not path.startswith(("/", "~"))
    return not is_plain or ".." in parts or _SCHEME.match(path) is not None


def _shadows(loader: str, files: ModelFiles, description: ModelDescription) -> bool:
    """Say whether the model's own code has a module of the name that its loader begins with."""
    top = loader.partition(".")[0]
    roots = {PurePosixPath(path) for path in description.code}
    own = {f"{top}.py", top}
    return any(
        PurePosixPath(file.path).is_relative_to(root)
        and next(iter(PurePosixPath(file.path).relative_to(root).parts), "") in own
        for root in roots
        for file in files.files
    )
