"""The release's action.yml: it names the image by its digest, where that of main names the Dockerfile."""

import re
from typing import Final

from tools.release.refusal import Refused

IMAGE: Final = "ghcr.io/mlval/mlval"
_LINE: Final = re.compile(r"^  image: (?:\.\./)?Dockerfile(?: +#.*)?$", re.MULTILINE)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def pinned(metadata: str, digest: str, *, image: str = IMAGE) -> str:
    """Return the text of action.yml with the image in the place of the Dockerfile, all else as it was.

    Raises
    ------
    Refused
        If the digest is none, or the text does not name the Dockerfile once.
    """
    if _DIGEST.fullmatch(digest) is None:
        raise Refused(f"{digest!r} is no digest: sha256: and 64 hexadecimal digits")
    text, count = _LINE.subn(f"  image: docker://{image}@{digest}", metadata)
    if count != 1:
        raise Refused(f"an action.yml names the Dockerfile {count} times, and must do so once")
    return text
