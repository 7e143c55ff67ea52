"""The files of the repository as a commit has them: which there are, and the bytes of small ones.

Files are known by the hash that git gives their content, so that files of any size are compared by listing
them. Of more files than GitHub lists at once, only the folders that are asked for are listed.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from mlval.github import values
from mlval.github.errors import Unreadable

if TYPE_CHECKING:
    from mlval.github.client import Client

Kind = Literal["file", "link", "folder", "other"]
_MOST_FOLDERS: Final = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, link or folder; `sha` is git's hash of what it holds, `size` its bytes."""

    kind: Kind
    sha: str
    size: int = 0


@dataclass(slots=True)
class Snapshot:
    """The files of one commit, listed when they are first asked for.

    All methods raise `PublishError` where GitHub does not say.
    """

    client: "Client"
    commit: str
    _whole: Mapping[str, Entry] | None = field(default=None, init=False)
    _folders: dict[str, Mapping[str, Entry]] = field(default_factory=dict, init=False)
    _is_cut: bool = field(default=False, init=False)

    def entry(self, path: str) -> Entry | None:
        """Return what stands at a path, None where nothing does."""
        whole = self.all()
        if whole is not None:
            return whole.get(path)
        parent = PurePosixPath(path).parent.as_posix()
        above = None if parent == "." else self.entry(parent)
        if parent != "." and (above is None or above.kind != "folder"):
            return None
        return self._folder(parent, self.commit if above is None else above.sha).get(path)

    def below(self, folder: str) -> Mapping[str, Entry]:
        """Return everything below a folder by its path; `.` is the top."""
        whole = self.all()
        if whole is not None:
            return {
                path: one for path, one in whole.items() if folder == "." or path.startswith(f"{folder}/")
            }
        top = None if folder == "." else self.entry(folder)
        if folder != "." and (top is None or top.kind != "folder"):
            return {}
        found, is_cut = _listed(self.client, self.commit if top is None else top.sha, folder, recursive=True)
        if is_cut:
            raise Unreadable("the folder has more files than GitHub lists")
        return found

    def all(self) -> Mapping[str, Entry] | None:
        """Return every path of the commit; None where there are more than GitHub lists at once."""
        if self._whole is None and not self._is_cut:
            found, self._is_cut = _listed(self.client, self.commit, ".", recursive=True)
            self._whole = None if self._is_cut else found
        return self._whole

    def read(self, entry: Entry, *, most: int) -> bytes:
        """Return the bytes of a file, which are held against its hash; `Unreadable` above `most` bytes."""
        if entry.size > most:
            raise Unreadable(f"the file is larger than {most:,} bytes")
        answer = self.client.read(f"git/blobs/{quote(entry.sha, safe='')}")
        if values.text(values.at(answer, "encoding")) != "base64":
            raise Unreadable("the content of the file is not coded as GitHub describes")
        try:
            data = base64.b64decode(values.text(values.at(answer, "content")))
        except (binascii.Error, ValueError) as cause:
            raise Unreadable("the content of the file is not coded as GitHub describes") from cause
        if len(data) > most or git_hash(iter((data,)), len(data), like=entry.sha) != entry.sha:
            raise Unreadable("the content of the file is not what its hash says")
        return data

    def _folder(self, folder: str, sha: str) -> Mapping[str, Entry]:
        if folder not in self._folders:
            if len(self._folders) >= _MOST_FOLDERS:
                raise Unreadable(f"more than {_MOST_FOLDERS} folders would have to be listed")
            self._folders[folder], is_cut = _listed(self.client, sha, folder, recursive=False)
            if is_cut:
                raise Unreadable("the folder has more files than GitHub lists")
        return self._folders[folder]


def git_hash(chunks: Iterator[bytes], size: int, *, like: str) -> str:
    """Return the hash that git gives to a file of `size` bytes: SHA-1, or SHA-256 where `like` is one.

    >>> git_hash(iter((b"",)), 0, like="0" * 40)
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    header = f"blob {size}\0".encode()
    # Git names files so; nothing is kept secret by it, and git itself refuses made collisions.
    digest = hashlib.sha256(header) if len(like) == 64 else hashlib.sha1(header, usedforsecurity=False)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _listed(client: "Client", sha: str, folder: str, *, recursive: bool) -> tuple[Mapping[str, Entry], bool]:
    """Return what stands in or below a folder, and whether GitHub left some of it out."""
    answer = client.read(f"git/trees/{quote(sha, safe='')}{'?recursive=1' if recursive else ''}")
    before = "" if folder == "." else f"{folder}/"
    found = {
        before + values.text(values.at(item, "path")): _entry(item)
        for item in values.items(values.at(answer, "tree"))
    }
    return found, values.at(answer, "truncated") is not False


def _entry(item: object) -> Entry:
    kind, sha = values.text(values.at(item, "type")), values.text(values.at(item, "sha"))
    if kind == "tree":
        return Entry("folder", sha)
    if kind != "blob":
        return Entry("other", sha)
    is_link = values.text(values.at(item, "mode")) == "120000"
    return Entry("link" if is_link else "file", sha, values.integer(values.at(item, "size")))
