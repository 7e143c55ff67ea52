"""A small file of the repository as a commit has it, read through the API."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlval.github import values
from mlval.github.errors import Unreadable

if TYPE_CHECKING:
    from mlval.github.client import Client

MOST_BYTES: Final = 1 << 20
"""Bytes that GitHub hands over in this way."""


def read(client: Client, path: str, *, commit: str) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    PublishError
        `NotFound` if the commit has no such file, `Unreadable` if it is a folder or larger than 1 MiB.
    """
    content = client.read(f"contents/{quote(path, safe='/')}?ref={quote(commit, safe='')}")
    if values.text(values.at(content, "type")) != "file" or values.at(content, "encoding") != "base64":
        raise Unreadable("it is no file, or larger than 1 MiB")
    try:
        return base64.b64decode(values.text(values.at(content, "content")))
    except (binascii.Error, ValueError) as cause:
        raise Unreadable("its content is not base64") from cause
