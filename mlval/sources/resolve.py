"""From the reference of a dataset or of predictions to a table that can be read."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlval.domain.errors import SourceBroken
from mlval.domain.source import Resolved, TableFiles
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, Found, once, resolve
from mlval.sources.csv_text import header
from mlval.sources.fingerprint import Digest, fingerprint, joint_fingerprint
from mlval.sources.format import Named, check_bytes, named
from mlval.sources.handle import opened
from mlval.sources.json_lines import check_lines
from mlval.sources.text_file import TextFile, text_file, with_feeds_only

MOST_WRITTEN = 50 * 10**9
"""How many bytes may be written to the scratch folder for one table."""

_ENGINE_PATTERN = "*?["


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of a table, ready to be read."""

    found: Found
    form: Named
    digest: Digest
    text: TextFile
    header: tuple[str, ...] = ()


def resolve_table(
    name: str,
    reference: str | tuple[str, ...],
    *,
    boundary: Boundary,
    base: Path,
    trusted: bool,
    scratch: Path,
    delimiter: str | None = None,
    limit: int = MOST_WRITTEN,
) -> Resolved:
    """Find, check, hash and make ready the files of one table.

    Parameters
    ----------
    name : what the contract calls the table
    reference : one path or pattern, or several
    boundary : where files may lie
    base : what the reference is relative to
    trusted : whether it was typed by whoever runs the gate, and not read from the contract
    scratch : an empty folder of the run; what is written there must live as long as the table is read
    delimiter : what the contract says parts the fields of a CSV file
    limit : how many bytes may be written to `scratch`

    Raises
    ------
    SourceRefused
        A reference leads where it may not, or to a format that is not read.
    SourceUnavailable
        There is no such file, or it cannot be read now.
    SourceBroken
        A file is not what it claims to be, or the files do not go together.
    """
    references = (reference,) if isinstance(reference, str) else reference
    found = once([each for one in references for each in resolve(boundary, one, base=base, trusted=trusted)])
    return table_of(
        found, name=name, uri=", ".join(references), scratch=scratch, delimiter=delimiter, limit=limit
    )


def table_of(
    found: Sequence[Found],
    *,
    name: str,
    uri: str,
    scratch: Path,
    delimiter: str | None = None,
    limit: int = MOST_WRITTEN,
) -> Resolved:
    """Check, hash and make ready files that were found, at least one, as `resolve_table` does.

    Raises
    ------
    SourceRefused, SourceUnavailable, SourceBroken
        As `resolve_table`.
    """
    parts: list[_Part] = []
    for each in found:
        part = _part(each, scratch=scratch, delimiter=delimiter, limit=limit)
        _check_alike(parts[0] if parts else part, part)
        limit -= part.text.written
        parts.append(part)
    parts = _one_newline(parts, scratch=scratch, limit=limit)
    first = parts[0]
    return Resolved(
        name=name,
        kind="file" if len(parts) == 1 else "files",
        uri=shown(uri),
        digest=lambda: _joint(parts),
        files=TableFiles(
            paths=tuple(_unmistakable(part.text.path, scratch) for part in parts),
            format=first.form.format,
            delimiter=first.form.delimiter,
            newline=first.text.newline,
            header=first.header,
        ),
    )


def _part(found: Found, *, scratch: Path, delimiter: str | None, limit: int) -> _Part:
    form = named(found)
    with opened(found) as handle:
        check_bytes(handle, found, promised=form)
        digest = fingerprint(handle, found)
        if form.format == "parquet":
            return _Part(found, form, digest, TextFile(found.path, "\\n"))
        text = text_file(handle, found, compression=form.compression, scratch=scratch, limit=limit)
    if form.format == "json":
        check_lines(text.path, name=found.name)
        return _Part(found, form, digest, text)
    form = replace(form, delimiter=delimiter or form.delimiter)
    columns = header(text.path, delimiter=form.delimiter, name=found.name, decided=delimiter is not None)
    return _Part(found, form, digest, text, columns)


def _check_alike(first: _Part, other: _Part) -> None:
    one, two = f"`{first.found.name}`", f"`{other.found.name}`"
    if (first.form.format, first.form.delimiter) != (other.form.format, other.form.delimiter):
        raise SourceBroken(
            f"{one} and {two} differ in format, and cannot be one table.",
            remedy="Write them alike, or name fewer.",
        )
    if first.header == other.header:
        return
    odd = set(first.header) ^ set(other.header)
    told = [f"`{column}`" for column in (*first.header, *other.header) if column in odd]
    what = shown(", ".join(told)) if told else "the order of the columns"
    raise SourceBroken(
        f"{one} and {two} have different headers: {what}.", remedy="Write them alike, or name fewer files."
    )


def _one_newline(parts: list[_Part], *, scratch: Path, limit: int) -> list[_Part]:
    """Let all files of a table end their lines alike."""
    if len({part.text.newline for part in parts}) == 1:
        return parts
    alike = []
    for part in parts:
        text = with_feeds_only(part.text, part.found, scratch=scratch, limit=limit)
        limit -= text.written if text is not part.text else 0
        alike.append(replace(part, text=text))
    return alike


def _joint(parts: list[_Part]) -> str:
    """Return the digest of one file, or of all with their names as seen from the folder they share."""
    if len(parts) == 1:
        return parts[0].digest()
    folder = os.path.commonpath([part.found.hit.parent for part in parts])
    return joint_fingerprint({part.found.hit.relative_to(folder).as_posix(): part.digest() for part in parts})


def _unmistakable(path: Path, scratch: Path) -> str:
    """Return a path that the engine takes for one file: its own patterns have no escape.

    `a[1].csv` would be read as `a1.csv`, which nobody checked. Such a file gets a link in the scratch
    folder; so does one whose name is not text.
    """
    text = str(path)
    if not any(sign in text for sign in _ENGINE_PATTERN) and text.isprintable():
        return text
    link = scratch / f"{hashlib.sha256(os.fsencode(path)).hexdigest()}.link"
    if not link.is_symlink():
        link.symlink_to(path)
    return str(link)
