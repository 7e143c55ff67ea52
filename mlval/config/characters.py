"""Bytes to text: what a contract may be made of, and what would make it show one thing and say another."""

import codecs
import re

from mlval.config.findings import Unreadable
from mlval.domain.errors import Place, Problem

BYTES = 1 << 20
"""The size of the largest contract, checked before anything is parsed."""

_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}

# What no text needs. Line ends that only some programs know would let a rule hide in what a reviewer sees as
# a comment; direction controls reorder what is shown. Both may be written as escapes in double quotes.
_REFUSED = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def text_of(data: bytes) -> str:
    """Decode the bytes of a contract.

    Raises
    ------
    Unreadable
        If they are too many, no UTF-8, or hold characters that do not belong into a contract.
    """
    if len(data) > BYTES:
        message = f"the file has {len(data):,} bytes; a contract has at most {BYTES:,}"
        raise Unreadable(Problem(message))
    if data.startswith(codecs.BOM_UTF8):
        _refuse("the file begins with a byte order mark", "save it as UTF-8 without a byte order mark")
    if data[:2] in _MARKS:
        _refuse(f"the file is {_MARKS[data[:2]]}", "save it as UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode()
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise Unreadable(
            Problem(message, place=place_at(readable, len(readable)), hint="save the file as UTF-8")
        ) from error
    if refused := _REFUSED.search(text):
        raise Unreadable(_refused(refused[0], place_at(text, refused.start())))
    return text


def place_at(text: str, offset: int) -> Place:
    """Return the line and column of a character."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _refused(character: str, place: Place) -> Problem:
    if character == "\0":
        message, hint = "a NUL character: this is not a text file", ""
    elif character == "\r":
        message, hint = "a carriage return without a line feed", "end lines with LF or CR LF"
    else:
        message = f"the invisible character U+{ord(character):04X}"
        hint = f'remove it, or write it as "\\u{ord(character):04x}" in double quotes'
    return Problem(message, place=place, hint=hint)


def _refuse(message: str, hint: str) -> None:
    raise Unreadable(Problem(message, place=Place(1, 1), hint=hint))
