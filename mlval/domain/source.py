"""Files that a reference was resolved to: checked, hashed, ready to be read."""

from dataclasses import dataclass
from typing import Literal

FileFormat = Literal["parquet", "csv", "json"]
Newline = Literal["\\n", "\\r\\n"]


@dataclass(frozen=True, slots=True)
class TableFiles:
    """One table in one or more local files of one format.

    Attributes
    ----------
    paths : absolute paths, in the order of the files' names as the reference reaches them
    format : how they are written; `json` is one object a line
    delimiter : what stands between two fields of a CSV file
    newline : how lines of a text end, as the engine spells it; files that mix ends were rewritten to one
    header : the column names of a CSV file, each once whatever the case of its letters
    """

    paths: tuple[str, ...]
    format: FileFormat
    delimiter: str = ","
    newline: Newline = "\\n"
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved reference: where it came from as shown, the digest of its bytes, its files.

    `kind` is `file` or `files`. For several files the digest is one over their names and digests.
    """

    name: str
    kind: str
    uri: str
    sha256: str
    files: TableFiles
