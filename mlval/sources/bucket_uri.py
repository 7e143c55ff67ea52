"""References to objects in buckets: how they are written, and which of them a trusted origin allowed."""

import re
from dataclasses import dataclass

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown
from mlval.sources.spelling import has_wildcard

SCHEMES = ("s3://", "gs://", "abfs://")

_FORM = "Write `s3://bucket/key`, `gs://bucket/key` or `abfs://container/key`."
_BUCKET = re.compile(r"[a-z0-9](?!.*\.\.)[a-z0-9._-]{1,61}[a-z0-9]")
# A signed address is a credential; a `?` that stands for one character has no name and `=` after it.
_QUERY = re.compile(r"\?[A-Za-z0-9_.-]+=")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\#\ud800-\udfff]")
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Location:
    """An object, a pattern of objects, or what stands before their names.

    Attributes
    ----------
    scheme : `s3`, `gs` or `abfs`
    bucket : the bucket; the container for `abfs`
    parts : the names of the key, parted by `/`
    """

    scheme: str
    bucket: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the reference."""
        return f"{self.scheme}://{self.path}"

    @property
    def path(self) -> str:
        """Bucket and key, as a client of the store takes them."""
        return "/".join((self.bucket, *self.parts))

    @property
    def fixed(self) -> tuple[str, ...]:
        """The names before the first pattern."""
        wild = next((place for place, part in enumerate(self.parts) if has_wildcard(part)), len(self.parts))
        return self.parts[:wild]


def is_bucket(reference: str) -> bool:
    """Say whether a reference is to be resolved by an object store."""
    return reference.startswith(SCHEMES)


def parse(reference: str) -> Location:
    """Read a reference to an object, or a pattern.

    Raises
    ------
    SourceRefused
        If it is not of the form; what may carry a credential is not repeated.
    """
    location = _read(reference)
    if not location.parts:
        raise SourceRefused(f"`{shown(reference)}` names a bucket, not an object.", remedy=_FORM)
    return location


def prefix(text: str) -> Location:
    """Read what a trusted origin allows: a bucket, or a bucket and whole names of its keys.

    Raises
    ------
    SourceRefused
        If it is not of the form, or holds a pattern.
    """
    location = _read(text.rstrip("/"))
    if location.fixed != location.parts:
        raise SourceRefused(
            f"`allow-sources`: `{shown(text)}` holds a pattern.", remedy="Name a bucket or a folder in it."
        )
    return location


def allows(allowed: Location, wanted: Location) -> bool:
    """Say whether all that `wanted` can name lies below `allowed`, whole names compared.

    >>> allows(prefix("s3://lake/pre"), parse("s3://lake/pre/a.csv"))
    True
    >>> allows(prefix("s3://lake/pre"), parse("s3://lake/prefix/a.csv"))
    False
    """
    same_bucket = (allowed.scheme, allowed.bucket) == (wanted.scheme, wanted.bucket)
    return same_bucket and wanted.fixed[: len(allowed.parts)] == allowed.parts


def _read(reference: str) -> Location:
    scheme, _, rest = reference.partition("://")
    bucket, slash, key = rest.partition("/")
    if "@" in bucket or ":" in bucket or _QUERY.search(rest):
        raise SourceRefused(
            f"A reference to `{scheme}://` carries a user, a host or a signature.",
            remedy=f"{_FORM} Credentials and hosts come from the environment.",
        )
    name = shown(reference)
    if "::" in reference:
        raise SourceRefused(f"`{name}` chains file systems, which is refused.", remedy=_FORM)
    parts = tuple(key.split("/")) if slash else ()
    if f"{scheme}://" not in SCHEMES or not _BUCKET.fullmatch(bucket):
        raise SourceRefused(f"`{name}` does not name a bucket.", remedy=_FORM)
    if {"", ".", ".."}.intersection(parts) or _FORBIDDEN.search(key) or len(key.encode()) > _LONGEST:
        raise SourceRefused(f"`{name}` is no key that is read.", remedy=_FORM)
    return Location(scheme, bucket, parts)
