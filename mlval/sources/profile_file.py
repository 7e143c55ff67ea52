"""From the reference of a profile to the profile: found, confined, hashed, read within limits."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mlval.domain.errors import SourceBroken, SourceRefused
from mlval.domain.profile import Profile
from mlval.domain.profile_text import parse
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, resolve
from mlval.sources.handle import opened

LIMIT = 16 << 20


@dataclass(frozen=True, slots=True)
class ResolvedProfile:
    """A profile that was read: where it came from as shown, the digest of its bytes, what it says."""

    uri: str
    sha256: str
    profile: Profile


def resolve_profile(reference: str, *, boundary: Boundary, base: Path, trusted: bool) -> ResolvedProfile:
    """Find and read a profile.

    Parameters
    ----------
    reference : the path of one file; relative to `base`
    boundary : where files may lie
    trusted : whether the reference was typed by whoever runs the gate

    Raises
    ------
    SourceRefused
        It leads where it may not, or to several files.
    SourceUnavailable
        There is no such file.
    SourceBroken
        It is not a profile, or was changed after it was written.
    """
    found = resolve(boundary, reference, base=base, trusted=trusted)
    if len(found) > 1:
        message = f"`{shown(reference)}` matches {len(found)} files."
        raise SourceRefused(message, remedy="Name one profile.")
    with opened(found[0]) as handle:
        text = handle.read(LIMIT + 1)
    if len(text) > LIMIT:
        message = f"`{found[0].name}` is larger than {LIMIT >> 20} MiB, the limit for a profile."
        raise SourceBroken(message, remedy="Write it with `mlval profile`, with fewer columns.")
    profile = parse(text, name=found[0].name)
    return ResolvedProfile(shown(reference), hashlib.sha256(text).hexdigest(), profile)
