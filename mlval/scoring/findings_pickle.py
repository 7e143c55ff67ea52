"""What the pickles of a model name, call and hide."""

from collections.abc import Iterator
from pathlib import Path

from mlval.domain.model_findings import Finding
from mlval.domain.text import shown
from mlval.scoring.joblib_array import WRAPPER
from mlval.scoring.packed import DAMAGED, HEAD, head_of, packing, unpacked
from mlval.scoring.pickle_machine import Walked
from mlval.scoring.pickle_names import is_known
from mlval.scoring.pickle_walk import walk

_TOLD = 50


def in_pickle(file: Path, path: str, *, joblib: bool | None) -> Iterator[Finding]:
    """Yield what a pickle shows.

    Parameters
    ----------
    file : where it lies
    path : its path in the model
    joblib : whether joblib reads it, which unpacks it and keeps arrays between its opcodes; None where
        that is not known: then it is told by the content
    """
    if joblib is None:
        joblib = is_joblib(file)
    try:
        walked = _walked(file, joblib=joblib)
    except DAMAGED:
        yield Finding("unreadable", shown(path), "is compressed, and damaged")
        return
    yield from _told(walked, shown(path), joblib=joblib)


def in_packed(file: Path, path: str) -> Iterator[Finding]:
    """Yield what a compressed file shows that the model does not name: that it is one, and pickles in it."""
    how = packing(head_of(file))
    yield Finding("archive", shown(path), f"is compressed ({how}) whatever its name says")
    try:
        walked = _walked(file, joblib=True)
    except DAMAGED:
        return
    if walked.globals or walked.computed or walked.extensions:
        yield from _told(walked, shown(path), joblib=True)


def is_joblib(file: Path) -> bool:
    """Say whether a file is one of joblib's: compressed, or with arrays between the opcodes."""
    if packing(head_of(file)):
        return True
    with file.open("rb") as source:
        return WRAPPER in walk(source).globals


def is_pickled(file: Path) -> bool:
    """Say whether a file is a pickle to its end, even one of the old protocols that have no first bytes."""
    with file.open("rb") as source:
        return source.read(HEAD)[:1] != b"" and not _walked(file, joblib=False).broken


def _walked(file: Path, *, joblib: bool) -> Walked:
    with file.open("rb") as source:
        how = packing(source.read(HEAD)) if joblib else None
        source.seek(0)
        return walk(unpacked(source, how), joblib=joblib)


def _told(walked: Walked, path: str, *, joblib: bool) -> Iterator[Finding]:
    unknown = sorted(
        f"{one.module}.{one.name}"
        for one in walked.globals
        if not (is_known(one.module, one.name) or (joblib and one == WRAPPER))
    )
    for name in unknown[:_TOLD]:
        yield Finding("pickle-global", path, f"names `{shown(name)}`, which no scikit-learn model needs")
    if len(unknown) > _TOLD:
        yield Finding("pickle-global", path, f"names {len(unknown) - _TOLD:,} more that no model needs")
    for what in walked.computed:
        yield Finding("pickle-computed", path, f"has {what}")
    for what in walked.extensions:
        yield Finding("pickle-extension", path, f"refers to {what}")
    for what in walked.states:
        yield Finding("pickle-state", path, f"sets attributes {shown(what)}")
    if walked.broken:
        yield Finding("unreadable", path, f"cannot be followed to its end: {walked.broken}")
    if walked.trailing:
        yield Finding("pickle-trailing", path, "goes on behind the end of its pickle")
