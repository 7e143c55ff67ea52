"""Objects in buckets: fetched whole into the folder of the run, never more than may be.

Credentials and the address of the store come from the environment, as its own client reads them; nothing
of either is in a reference, and nothing that the client says is repeated, since it may hold them.
"""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from mlval.domain.errors import MlvalError, SourceRefused, SourceUnavailable
from mlval.domain.text import shown
from mlval.sources.bucket_errors import changed, unavailable
from mlval.sources.bucket_pattern import Lister, hits
from mlval.sources.bucket_uri import Location, allows, parse, prefix
from mlval.sources.confine import Found

MOST_FETCHED = 50 * 10**9
"""How many bytes may be fetched for one reference."""

_CHUNK = 2**23
_EXTRAS = {"s3": "s3", "gs": "gcs", "abfs": "azure"}
# Give up early: three tries, and no answer may keep us waiting for more than half a minute.
_OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {
        "config_kwargs": {
            "connect_timeout": 10,
            "read_timeout": 30,
            "retries": {"total_max_attempts": 3, "mode": "standard"},
        }
    },
    "gs": {"access": "read_only", "requests_timeout": 30},
    "abfs": {"connection_timeout": 10, "read_timeout": 30, "timeout": 60},
}
_IDENTITY = ("size", "ETag", "etag", "VersionId", "generation", "LastModified", "last_modified", "mtime")

Told = Callable[[int, int], object]
"""How a transfer says how far it is: bytes fetched, and bytes in all."""


class Store(Lister, Protocol):
    """The part of a client of an object store that is used; paths are bucket and key."""

    def info(self, path: str) -> Mapping[str, Any]:
        """Describe an object."""

    def open(self, path: str, mode: str, *, cache_type: str) -> AbstractContextManager[BinaryIO]:
        """Open an object; every read is one request."""


class Buckets:
    """Fetches objects that a trusted origin allowed, or that whoever runs the gate named."""

    def __init__(
        self,
        scratch: Path,
        allowed: tuple[str, ...] = (),
        *,
        connect: Callable[[str], Store] | None = None,
        limit: int = MOST_FETCHED,
        told: Told | None = None,
    ) -> None:
        """Remember what is allowed and where to put files; nothing is contacted before the first fetch.

        Parameters
        ----------
        scratch : a folder of the run
        allowed : buckets, or buckets with whole names of keys
        connect : makes a client for a scheme
        limit : how many bytes may be fetched for one reference
        told : hears of what was fetched

        Raises
        ------
        SourceRefused
            Something else than a bucket is allowed.
        """
        self._scratch = scratch
        self._allowed = tuple(prefix(one) for one in allowed)
        self._connect = connect or connected
        self._limit = limit
        self._told = told or (lambda _done, _total: None)
        self._fetched: dict[Location, Found] = {}

    def fetch(self, reference: str, *, trusted: bool) -> tuple[Found, ...]:
        """Return the objects that a reference names, as files of this machine, at least one, sorted.

        Parameters
        ----------
        reference : an object or a pattern, as `s3://bucket/key`
        trusted : whether it was typed by whoever runs the gate, and so may lie anywhere

        Raises
        ------
        SourceRefused
            It is none that may be read, or holds too much.
        SourceUnavailable
            There is no such object, or the store does not give it.
        """
        wanted = parse(reference)
        if not trusted and not any(allows(one, wanted) for one in self._allowed):
            raise SourceRefused(
                f"`{shown(wanted)}` lies in no bucket that may be read.",
                remedy=f"Whoever runs the gate allows it with `allow-sources`: `{wanted.scheme}://BUCKET/FOLDER`.",
            )
        try:
            store = self._connect(wanted.scheme)
            single = wanted.fixed == wanted.parts
            objects = (wanted,) if single else hits(store, wanted)
            return self._all(store, objects)
        except MlvalError:
            raise
        except Exception as error:
            raise unavailable(error, wanted) from error

    def _all(self, store: Store, objects: tuple[Location, ...]) -> tuple[Found, ...]:
        left = self._limit
        found = []
        for one in objects:
            if one not in self._fetched:
                self._fetched[one] = self._download(store, one, left=left)
            found.append(self._fetched[one])
            left -= self._fetched[one].path.stat().st_size
        return tuple(found)

    def _download(self, store: Store, one: Location, *, left: int) -> Found:
        """Fetch one object; that it is still the same afterwards is asked of the store."""
        info = store.info(one.path)
        if info["type"] != "file":
            raise SourceRefused(f"`{shown(one)}` is a folder.", remedy=f"Name the objects: `{shown(one)}/*`.")
        size = int(info["size"])
        if size > left:
            raise SourceRefused(
                f"`{shown(one)}` has {size:,} bytes, more than the {left:,} that may be fetched for it.",
                remedy="Name fewer or smaller objects.",
            )
        with tempfile.NamedTemporaryFile(dir=self._scratch, suffix=".object", delete=False) as target:
            path = Path(target.name)
            try:
                _copy(store, one, target=target, size=size, told=self._told)
                _refuse_change(one, info, store.info(one.path))
            except BaseException:
                path.unlink()
                raise
        return Found(path, Path("/", one.scheme, one.path), shown(one))


def connected(scheme: str) -> Store:
    """Make a client that reads its credentials from the environment.

    Raises
    ------
    SourceUnavailable
        The client is not installed.
    """
    extra = _EXTRAS[scheme]
    try:
        import fsspec

        store = fsspec.filesystem(
            scheme, skip_instance_cache=True, use_listings_cache=False, **_OPTIONS[scheme]
        )
    except ImportError as error:
        raise SourceUnavailable(
            f"`{scheme}://` needs a client that is not installed.",
            remedy=f"pip install 'mlval[{extra}]' (the Action's image has none: fetch it in a step before).",
        ) from error
    # The client of S3 itself tries again; doing so around it would multiply the waiting.
    if scheme == "s3":
        store.retries = 1
    typed: Store = store
    return typed


def _copy(store: Store, one: Location, *, target: IO[bytes], size: int, told: Told) -> None:
    """Write an object of `size` bytes, which it must turn out to have."""
    written = 0
    with store.open(one.path, "rb", cache_type="none") as source:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > size:
                break
            _write(target, chunk, one)
            told(written, size)
    if written != size:
        raise changed(one)


def _write(target: IO[bytes], chunk: bytes, one: Location) -> None:
    try:
        target.write(chunk)
        target.flush()
    except OSError as error:
        raise SourceUnavailable(
            f"`{shown(one)}` cannot be kept: {error.strerror}.",
            remedy="Make room in the folder for temporary files.",
        ) from error


def _refuse_change(one: Location, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    if any(before.get(name) != after.get(name) for name in _IDENTITY):
        raise changed(one)
