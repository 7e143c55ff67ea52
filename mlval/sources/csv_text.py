r"""The CSV rule: how delimited text is written is decided here and told to the engine, never sniffed.

- Fields are parted by a comma, by a tab in a `.tsv`, or by the delimiter that the contract names.
- A field may stand in `"`, and a quote within it is doubled.
- The text is UTF-8; a byte order mark is passed over.
- Lines end in `\n` or in `\r\n`. Text that mixes ends is read with every end as `\n`; that reaches
  line ends within quotes as well.
- The first record names the columns, as it is written: each has a name of its own.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mlval.domain.errors import SourceBroken
from mlval.domain.text import shown

_LONGEST_HEADER = 2**20
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_OTHER_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def header(path: Path, *, delimiter: str, name: str, decided: bool) -> tuple[str, ...]:
    """Return the names of the columns.

    Parameters
    ----------
    path : plain text in UTF-8
    delimiter : what parts two fields
    name : the file as shown
    decided : whether the contract named the delimiter, so that a doubt is not raised

    Raises
    ------
    SourceBroken
        No names, an empty name, names that are not told apart, or most likely another delimiter.
    """
    columns = _first_record(path, delimiter=delimiter, name=name)
    if not any(column.strip() for column in columns):
        raise SourceBroken(f"`{name}` has no header in line 1.", remedy="Write the column names first.")
    unnamed = [number for number, column in enumerate(columns, 1) if not column.strip()]
    if unnamed:
        raise SourceBroken(
            f"`{name}` has no name for column {unnamed[0]} of {len(columns)}.",
            remedy="Name every column; an index is written by pandas unless told `index=False`.",
        )
    refuse_doubles(columns, name=name)
    other = next((d for d in _OTHER_DELIMITERS if d != delimiter and d in columns[0]), None)
    if len(columns) == 1 and other and not decided:
        raise SourceBroken(
            f"`{name}` has one column, `{shown(columns[0], 60)}`, that holds {_OTHER_DELIMITERS[other]}.",
            remedy=f'Say in the contract what parts the fields: `format: {{delimiter: "{shown(other)}"}}`.',
        )
    return columns


def refuse_doubles(columns: Sequence[str], *, name: str) -> None:
    """Refuse columns that the engine takes for one: names that differ at most in the case of ASCII letters.

    Raises
    ------
    SourceBroken
        With the names; `name` is the table as shown.
    """
    times = Counter(column.translate(_LOWER) for column in columns)
    repeated = [f"`{shown(column)}`" for column in columns if times[column.translate(_LOWER)] > 1]
    if repeated:
        raise SourceBroken(
            f"`{name}` has columns that share a name: {shown(', '.join(repeated))}.",
            remedy="Give each column its own name; upper and lower case are one.",
        )


def _first_record(path: Path, *, delimiter: str, name: str) -> tuple[str, ...]:
    with path.open("rb") as handle:
        head = handle.read(_LONGEST_HEADER)
        whole = not handle.read(1)
    text = codecs.getincrementaldecoder("utf-8")().decode(head)
    lines = io.StringIO(text, newline="")
    try:
        record = next(csv.reader(lines, delimiter=delimiter, doublequote=True, strict=True), [])
    except csv.Error as error:
        raise SourceBroken(
            f"`{name}` has a header that is not CSV: {error}.", remedy="Check the quotes of line 1."
        ) from error
    if lines.tell() == len(text) and not whole:
        raise SourceBroken(
            f"`{name}` has no header in its first {_LONGEST_HEADER:,} bytes.",
            remedy="Check the quotes of line 1.",
        )
    return tuple(record)
