"""A text file made ready for the engine: read where it lies, or written once more in plain form."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from mlval.domain.errors import MlvalError, SourceBroken, SourceUnavailable
from mlval.domain.source import Newline
from mlval.sources.confine import Found
from mlval.sources.format import HEAD, Compression, check_text
from mlval.sources.handle import chunks, opened
from mlval.sources.lines import BOM, checked, ends, with_feeds, without_bom
from mlval.sources.unpacked import limited, unpacked


@dataclass(frozen=True, slots=True)
class TextFile:
    """Plain text in UTF-8 without a byte order mark, all lines ending alike.

    `written` counts the bytes that it took in the scratch folder, 0 for a file read where it lies.
    """

    path: Path
    newline: Newline
    written: int = 0


def text_file(
    handle: BufferedReader, found: Found, *, compression: Compression | None, scratch: Path, limit: int
) -> TextFile:
    """Return a text file as the engine can read it.

    A file whose lines end in different ways, that opens with a byte order mark or is compressed is
    written to `scratch` once, with feeds alone. At most `limit` bytes are written.

    Raises
    ------
    SourceBroken
        Not text in UTF-8, or not to be unpacked.
    SourceRefused
        More than `limit` bytes would be written.
    SourceUnavailable
        The scratch folder has no room.
    """
    if compression:
        return _rewritten(unpacked(handle, compression, name=found.name), found, scratch=scratch, limit=limit)
    newline = ends(checked(chunks(handle), found.name)).one
    handle.seek(0)
    if newline and not handle.read(len(BOM)).startswith(BOM):
        return TextFile(found.path, newline)
    return _rewritten(chunks(handle), found, scratch=scratch, limit=limit)


def with_feeds_only(file: TextFile, found: Found, *, scratch: Path, limit: int) -> TextFile:
    """Return the same text with feeds alone, for a table whose files end their lines differently."""
    if file.newline == "\\n":
        return file
    with opened(found) as handle:
        return _rewritten(chunks(handle), found, scratch=scratch, limit=limit)


def _rewritten(text: Iterable[bytes], found: Found, *, scratch: Path, limit: int) -> TextFile:
    plain = with_feeds(without_bom(checked(_recognised(text, found), found.name)))
    path, written = _written(limited(plain, limit, name=found.name), scratch, name=found.name)
    if not written:
        path.unlink()
        raise SourceBroken(f"`{found.name}` is empty.", remedy="Check the step that writes it.")
    return TextFile(path, "\\n", written)


def _recognised(text: Iterable[bytes], found: Found) -> Iterator[bytes]:
    """Yield the same chunks, as long as the first does not open another format."""
    first = True
    for chunk in text:
        if first:
            check_text(chunk[:HEAD], found)
        first = False
        yield chunk


def _written(text: Iterable[bytes], scratch: Path, *, name: str) -> tuple[Path, int]:
    """Write chunks to a new file of the scratch folder, wholly or not at all."""
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".txt", delete=False) as target:
        path = Path(target.name)
        try:
            written = sum(target.write(chunk) for chunk in text)
            target.flush()
        except OSError as error:
            path.unlink()
            raise SourceUnavailable(
                f"`{name}` cannot be written in plain form: {error.strerror}.",
                remedy="Make room in the folder for temporary files.",
            ) from error
        except MlvalError:
            path.unlink()
            raise
    return path, written
