"""Files of archives that runs have uploaded, read in memory; nothing is ever unpacked to disk."""

import io
import struct
import zipfile
import zlib
from typing import Final

from mlval.domain.text import shown
from mlval.github.errors import Unreadable
from mlval.github.handover import HandoverRefused

_ENCRYPTED: Final = 0x1
_ZIP64: Final = 45
_HEADER: Final = 30
_LENGTHS: Final = 26
_LONGEST_DESCRIPTOR: Final = 24
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MANGLED: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises on archives that are none."""


def only_member(archive: bytes, name: str, *, most: int) -> bytes:
    """Return the content of the archive's only member, whose name is compared exactly.

    Raises
    ------
    HandoverRefused
        As `members`, and if the member is missing.
    """
    found = members(archive, (name,), most=most)
    if name not in found:
        raise HandoverRefused(f"The artifact holds nothing; it has to hold {shown(name)}.")
    return found[name]


def members(archive: bytes, names: tuple[str, ...], *, most: int) -> dict[str, bytes]:
    """Return the contents of an archive by name; names are compared exactly.

    Raises
    ------
    HandoverRefused
        If there are members of other names, or one twice, if they are longer than `most` bytes together,
        encrypted, of an unusual kind, or if readers could disagree about what the archive holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            listed = opened.infolist()
            _check_names(listed, names)
            _check_bytes(opened, listed, archive)
            if sum(one.file_size for one in listed) > most:
                told = ", ".join(shown(one.filename) for one in listed)
                raise HandoverRefused(f"{told} in the artifact has more than {most:,} bytes.")
            return {one.filename: _content(opened, one) for one in listed}
    except _MANGLED as cause:
        raise HandoverRefused("The artifact is not an archive that can be read.") from cause


def one_of_many(archive: bytes, name: str, *, most: int) -> bytes:
    """Return one file of an archive that a run of this repository has packed, and that may hold others.

    Raises
    ------
    Unreadable
        If there is no such file, there are two, it is packed by an unusual method, or longer than `most`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            files = (one for one in opened.infolist() if one.compress_type in _METHODS)
            (found,) = (one for one in files if one.filename == name)
            with opened.open(found) as stream:
                content = stream.read(most + 1)
    except _MANGLED as cause:
        raise Unreadable(f"the artifact has no {name} that can be read") from cause
    if len(content) > most:
        raise Unreadable(f"{name} in the artifact has more than {most:,} bytes")
    return content


def _content(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with opened.open(member) as stream:
        # The size in the directory is a claim: no more is read, and no less is taken.
        content = stream.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise HandoverRefused(f"{shown(member.filename)} in the artifact is not as long as the archive says.")
    return content


def _check_names(listed: list[zipfile.ZipInfo], names: tuple[str, ...]) -> None:
    found = [one.orig_filename for one in listed]
    known = set(found) <= set(names) and len(set(found)) == len(found)
    if not known or any(one.filename != one.orig_filename for one in listed):
        told, allowed = (", ".join(shown(one, 60) for one in some[:3]) for some in (found, names))
        raise HandoverRefused(
            f"The artifact holds {told}; it has to hold {allowed or 'nothing'} and nothing else."
        )


def _check_bytes(opened: zipfile.ZipFile, listed: list[zipfile.ZipInfo], archive: bytes) -> None:
    """Refuse what is not one file after the other from the first byte to the directory."""
    end = 0
    for member in sorted(listed, key=lambda one: one.header_offset):
        if member.flag_bits & _ENCRYPTED:
            raise HandoverRefused("The artifact is encrypted.")
        if member.compress_type not in _METHODS:
            raise HandoverRefused("The artifact is packed by an unusual method.")
        if member.extract_version >= _ZIP64:
            raise HandoverRefused("The artifact is packed in a format for files of more than 4 GB.")
        _check_gap(end, member.header_offset, is_first=end == 0)
        lengths = struct.unpack_from("<HH", archive, member.header_offset + _LENGTHS)
        end = member.header_offset + _HEADER + sum(lengths) + member.compress_size
    _check_gap(end, opened.start_dir, is_first=end == 0)
    if opened.comment:
        raise _hidden()


def _check_gap(end: int, start: int, *, is_first: bool) -> None:
    """Between two files there may be the descriptor of the former."""
    if not 0 <= start - end <= (0 if is_first else _LONGEST_DESCRIPTOR):
        raise _hidden()


def _hidden() -> HandoverRefused:
    return HandoverRefused("The artifact holds bytes that belong to no file.")
