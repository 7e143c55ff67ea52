"""Writing the outputs of a run into a folder, all of them or none."""

import errno
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlval.domain.errors import UsageError
from mlval.domain.reports import Reports
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows.many import Located

NAMES = ("result.json", "report.md", "junit.xml")
"""The files of an output folder."""


def render_all(report: Report) -> dict[str, str]:
    """Render the files of an output folder, by name."""
    from mlval.report import junit, markdown, result_json

    return {
        "result.json": result_json.render(report),
        "report.md": markdown.render(report),
        "junit.xml": junit.render(report),
    }


def render_each(reports: Reports) -> dict[str, str]:
    """Render the files of an output folder, by path in it: of several contracts each has a folder of its own.

    Beside these folders there are the report and the JUnit XML of them all.
    """
    if reports.alone is not None:
        return render_all(reports.alone)
    from mlval.report import combined, combined_junit

    own = {
        f"{report.contract_name}/{name}": text
        for report in reports.judged
        for name, text in render_all(report).items()
    }
    return own | {"report.md": combined.markdown(reports), "junit.xml": combined_junit.render(reports)}


def prepare_for(folder: Path, located: Sequence[Located]) -> None:
    """Make sure that a folder can be written to; of several contracts nothing earlier may be left there.

    Raises
    ------
    UsageError
        If it cannot be written to, or has something in the way.
    """
    prepare(folder)
    if len(located) > 1:
        clear_each(folder, [one.name for one in located])


def clear_each(folder: Path, names: Sequence[str]) -> None:
    """Remove earlier outputs of several contracts, which have folders of their own.

    Raises
    ------
    UsageError
        If one of them cannot be removed, or leads elsewhere.
    """
    for name in names:
        if (folder / name).is_symlink():
            message = f"the output folder {shown(folder.name)} has a link named {shown(name)}"
            raise UsageError(message, remedy="name a folder of its own for the outputs")
        clear(folder / name)


def clear(folder: Path) -> None:
    """Remove earlier outputs.

    Else a run that ends early would leave another result, an older one or one that the checkout
    brought along, to whoever reads the folder.

    Raises
    ------
    UsageError
        If one of them cannot be removed.
    """
    earlier = [folder / name for name in NAMES if (folder / name).exists()]
    for path in earlier:
        if path.is_dir():
            message = (
                f"cannot write {path.name}: the output folder {shown(folder.name)} has a folder of that name"
            )
            raise UsageError(message, remedy="name a folder of its own for the outputs")
    try:
        for path in earlier:
            path.unlink(missing_ok=True)
    except OSError as error:
        message = f"cannot write to the output folder {shown(folder.name)}: {error.strerror}"
        raise UsageError(message, remedy="name a folder that can be written to") from error


def prepare(folder: Path) -> None:
    """Make sure, before any work is done, that a folder can be written to.

    Raises
    ------
    UsageError
        If it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".mlval-"):
            pass
    except OSError as error:
        message = f"cannot write to the output folder {shown(folder.name)}: {error.strerror}"
        raise UsageError(message, remedy="name a folder that can be written to") from error


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write files whole: each appears under its name only once it is complete; folders in `folder` are made.

    Raises
    ------
    UsageError
        If the folder cannot be written to any more.
    """
    staged: list[tuple[str, Path]] = []
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            handle, path = tempfile.mkstemp(dir=folder, prefix=".mlval-")
            staged.append((path, folder / name))
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            Path(path).chmod(0o644)
        # The one reason for which a rename into a folder that was just written to fails.
        for taken in (target for _, target in staged if target.is_dir()):
            raise IsADirectoryError(errno.EISDIR, f"{shown(taken.name)} is a folder there")
        for path, target in staged:
            Path(path).replace(target)
    except OSError as error:
        for path, _ in staged:
            Path(path).unlink(missing_ok=True)
        message = f"cannot write to the output folder {shown(folder.name)}: {error.strerror}"
        raise UsageError(message, remedy="free some space, or name another folder") from error
