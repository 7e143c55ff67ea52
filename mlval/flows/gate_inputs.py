"""Files of the repository that a contract reads: what a change under review has made of them.

The base's contract says which. Each is compared by git's hash, and a file that Git LFS keeps elsewhere by the
hash that stands in its place.
"""

import hashlib
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mlval.domain.contract import Contract
from mlval.domain.errors import MlvalError
from mlval.domain.reported import BASE as AT_BASE
from mlval.domain.text import shown
from mlval.github.contents import Entry, Snapshot, git_hash
from mlval.policy.change import Change, Direction
from mlval.sources.bucket_uri import is_bucket
from mlval.sources.confine import Boundary, Found, resolve
from mlval.sources.handle import chunks, opened
from mlval.sources.mlflow_uri import is_mlflow
from mlval.sources.path_pattern import beginning, matches
from mlval.sources.spelling import has_wildcard

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_LONGEST_POINTER = 1024
_MOST_LINKS = 8


@dataclass(slots=True)
class Compared:
    """The work tree of a change beside the commits that it leads from and to.

    Attributes
    ----------
    root : the top of the work tree, with every link followed
    base : the commit that the change is compared with
    head : the commit that is judged, to know which files git keeps
    """

    root: Path
    base: Snapshot
    head: Snapshot
    _seen: set[str] = field(default_factory=set, init=False)

    def changes(self, contract: Contract, *, bound: Iterable[str] = ()) -> Iterator[Change]:
        """Yield what differs in the files that the base's contract reads, in the order of the contract.

        Parameters
        ----------
        contract : that of the base; its path is relative to the top
        bound : files that were named when the gate was started, relative to the top or absolute

        Raises
        ------
        PublishError
            If GitHub does not say.
        """
        folder = posixpath.dirname(contract.path)
        top = f"{self.root.as_posix()}/"
        inside = (one.removeprefix(top) for one in bound)
        for reference in (*(posixpath.join(folder, one) for one in references(contract)), *inside):
            path = posixpath.normpath(reference)
            if not path.startswith(("../", "/")) and path not in {"..", "."}:
                yield from self._differing(path)

    def _differing(self, pattern: str) -> Iterator[Change]:
        listed = self.base.all()
        if listed is None:
            listed = self.base.below(beginning(pattern)) if has_wildcard(pattern) else self._named(pattern)
        known = {path for path, one in listed.items() if one.kind != "folder" and matches(pattern, path)}
        for path in sorted(known):
            yield from self._one(path, listed[path])
        for path in sorted(self._here(pattern) - known):
            yield from self._new(path)

    def _named(self, path: str) -> dict[str, Entry]:
        """Return a file, or all that is in a folder, where the commit is too large to be listed at once."""
        entry = self.base.entry(path)
        if entry is None or entry.kind != "folder":
            return {} if entry is None else {path: entry}
        return dict(self.base.below(path))

    def _one(self, path: str, entry: Entry, links: int = 0) -> Iterator[Change]:
        if path in self._seen:
            return
        self._seen.add(path)
        here = self.root / path
        if not os.path.lexists(here):
            yield _change(path, "the file is gone")
        elif entry.kind == "link" and here.is_symlink() and self._is_link(here, entry):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(here.readlink())))
            below = None if links >= _MOST_LINKS else self.base.entry(target)
            if below is None or below.kind == "folder":
                yield _change(path, "it is a link, and what it leads to cannot be compared")
            else:
                yield from self._one(target, below, links + 1)
        elif not self._is_same(path, entry):
            yield _change(path, "the file was changed")

    def _is_link(self, here: Path, entry: Entry) -> bool:
        target = os.fsencode(here.readlink())
        return git_hash(iter((target,)), len(target), like=entry.sha) == entry.sha

    def _is_same(self, path: str, entry: Entry) -> bool:
        here = self.root / path
        # A folder on the way may have become a link to another one.
        if entry.kind != "file" or Path(os.path.realpath(here)) != here or not here.is_file():
            return False
        size = here.stat().st_size
        if size == entry.size:
            with opened(Found(here, here, shown(path))) as handle:
                if git_hash(chunks(handle), size, like=entry.sha) == entry.sha:
                    return True
        return self._is_kept_elsewhere(here, entry)

    def _is_kept_elsewhere(self, here: Path, entry: Entry) -> bool:
        if entry.size > _LONGEST_POINTER:
            return False
        pointer = _POINTER.match(self.base.read(entry, most=_LONGEST_POINTER))
        if pointer is None:
            return False
        digest = hashlib.sha256()
        with opened(Found(here, here, shown(here.name))) as handle:
            for chunk in chunks(handle):
                digest.update(chunk)
        return digest.hexdigest().encode() == pointer[1]

    def _here(self, pattern: str) -> set[str]:
        """Return the files of the work tree that a reference names now."""
        place = self.root / pattern
        try:
            if not has_wildcard(pattern) and place.is_dir() and not place.is_symlink():
                found = [one for one in place.rglob("*") if not one.is_dir()]
            else:
                found = [
                    one.hit for one in resolve(Boundary(self.root), pattern, base=self.root, trusted=False)
                ]
        except MlvalError:
            return set()
        return {one.relative_to(self.root).as_posix() for one in found if one.is_relative_to(self.root)}

    def _new(self, path: str) -> Iterator[Change]:
        """Yield a file that the base lacks, unless it is none of git's, such as what a workflow made."""
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts))]
        entries = [commit.entry(one) for one in above for commit in (self.base, self.head)]
        if any(one is not None and one.kind != "folder" for one in entries):
            yield _change(path, "it lies behind a link or in a submodule, and cannot be compared")
        elif self.head.entry(path) is not None:
            yield _change(path, "the file is new")


def references(contract: Contract) -> tuple[str, ...]:
    """Return the files that a contract reads, as it names them, each once: models under test are left out.

    What a candidate model is made of is what the gate judges. Its predictions, made elsewhere, are a claim.
    """
    found: list[str | tuple[str, ...] | None] = []
    for dataset in contract.inputs.datasets.values():
        found += [dataset.path, dataset.profile]
    models = contract.inputs.models
    for name, model in models.items():
        is_judged = name == "candidate" or len(models) == 1
        found += [None if is_judged else model.path, model.requirements]
        found += [] if model.predictions is None else [model.predictions.path]
        found += [model.metrics] if isinstance(model.metrics, str) and model.metrics != AT_BASE else []
    for check in contract.validations:
        found += [getattr(check, "suite", None), getattr(check, "results", None)]
    listed = (one for entry in found if entry for one in ((entry,) if isinstance(entry, str) else entry))
    return tuple(dict.fromkeys(one for one in listed if not is_bucket(one) and not is_mlflow(one)))


def _change(path: str, sentence: str) -> Change:
    return Change(shown(path), "gate input", Direction.WEAKENING, f"{sentence}: the gate reads it")
