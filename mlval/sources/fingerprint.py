"""What identifies the bytes of a table: sha256 of one file, or of the list of several."""

import hashlib
import json
from collections.abc import Mapping
from io import BufferedReader


def fingerprint(handle: BufferedReader) -> str:
    """Return the sha256 of a file as hexadecimal digits."""
    handle.seek(0)
    return hashlib.file_digest(handle, "sha256").hexdigest()


def joint_fingerprint(digests: Mapping[str, str]) -> str:
    """Return one digest for several files, from their relative names and their own digests.

    The order of the files does not matter, and no name can pass for two.

    >>> joint_fingerprint({"a": "1", "b": "2"}) == joint_fingerprint({"b": "2", "a": "1"})
    True
    """
    lines = "".join(f"{json.dumps([digest, name])}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()
