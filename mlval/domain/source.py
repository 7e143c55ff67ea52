"""Files that a reference was resolved to: checked, hashed, ready to be read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FileFormat = Literal["parquet", "csv", "json", "rows"]
Newline = Literal["\\n", "\\r\\n"]
Whole = Literal["int16", "int32", "int64"]
Fraction = Literal["float32", "float64", "decimal"]
Declared = Whole | Fraction | Literal["bool", "text", "date", "timestamp", "instant", "other"]
"""What a database says that a column holds; `instant` is a time with a zone."""


@dataclass(frozen=True, slots=True)
class TableFiles:
    r"""One table in one or more local files of one format.

    Attributes
    ----------
    paths : absolute paths, in the order of the files' names as the reference reaches them
    format : how they are written; `json` is one object a line, `rows` is what a database gave: CSV
        without a header, a null as a bare `\N`, every other value in quotes
    delimiter : what stands between two fields of a CSV file
    newline : how lines of a text end, as the engine spells it; files that mix ends were rewritten to one
    header : the column names of a CSV file or of `rows`, each once whatever the case of its letters
    types : what the columns of `rows` hold, one each
    """

    paths: tuple[str, ...]
    format: FileFormat
    delimiter: str = ","
    newline: Newline = "\\n"
    header: tuple[str, ...] = ()
    types: tuple[Declared, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved reference: where it came from as shown, the digest of its bytes, its files.

    `kind` is `file`, `files`, or where else they came from: `mlflow`, `bucket`, `sql`. `digest`
    waits for the sha256 of the bytes, which is computed while they are read; for several files it is one
    over their names and digests.
    """

    name: str
    kind: str
    uri: str
    digest: Callable[[], str]
    files: TableFiles
