"""CSV files: read whole as another reader reads them, or refused; no row is lost on the way."""

import csv
import io
import random
import shutil
from pathlib import Path

from mlval.domain.asks import Count, Rows
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.inputs import Inputs
from mlval.domain.predicate import IsNull
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine
from mlval.sources.confine import Boundary
from mlval.sources.resolve import resolve_table
from tests.fuzz import mutation

CELLS = (
    *(
        "",
        "1",
        "-2.5",
        "1e5",
        "007",
        "NaN",
        "inf",
        "true",
        "a",
        "B c",
        "é",
        "2026-01-31",
        "2026-01-31 10:00:00",
    ),
    *('"quoted"', '"a,b"', '"a ""b"""', '"two\nlines"', '""', "null", "1_000", " 5", "9" * 30, "x" * 300),
)


class CsvBytes:
    """Opens CSV files as a run does."""

    name = "csv"
    ends = frozenset({"refused", "read alike", "read alone"})

    def __init__(self, folder: Path) -> None:
        """Remember where files are written."""
        self.folder = folder
        self.scratch = folder / "scratch"

    def make(self, draw: random.Random) -> bytes:
        """Write a table, then, mostly, change some of its bytes."""
        width = draw.randint(1, 6)
        ends = draw.choice(("\n", "\r\n"))
        rows = [[f"c{number}" for number in range(width)]]
        kinds = [draw.sample(CELLS, k=draw.randint(1, 4)) for _ in range(width)]
        rows += [[draw.choice(kind) for kind in kinds] for _ in range(draw.randint(0, 40))]
        written = "".join(",".join(row) + ends for row in rows).encode()
        return mutation.text(written, draw, changes=3) if draw.random() < 0.6 else written

    def judge(self, case: bytes) -> str:
        """Compare with Python's own reader where that one is sure."""
        (self.folder / "t.csv").write_bytes(case)
        self.scratch.mkdir()
        try:
            resolved = resolve_table(
                "t",
                "t.csv",
                boundary=Boundary(self.folder),
                base=self.folder,
                trusted=False,
                scratch=self.scratch,
            )
            engine = Engine(Resources(self.scratch, threads=1, memory="200MB"), Inputs())
            rows = engine.open("t", resolved.files)
            engine.lock()
            header = resolved.files.header
            asks = [Count(Rows("t"), (IsNull(column),)) for column in header]
            nulls = engine.answer(asks)
        except MlvalError as error:
            return "refused" if error.message else "refused without a reason"
        finally:
            shutil.rmtree(self.scratch)
        assert not any(isinstance(found, Failure) for found in nulls.values()), nulls
        expected = _read(case, width=len(header))
        if expected is None:
            return "read alone"
        assert rows == len(expected), f"{rows} rows, another reader finds {len(expected)}"
        empty = [sum(row[number] == "" for row in expected) for number in range(len(header))]
        assert [nulls[ask] for ask in asks] == empty, "another reader finds other empty fields"
        return "read alike"


def _read(case: bytes, *, width: int) -> list[list[str]] | None:
    """Return the rows as Python's reader sees them; None where the two have different ideas of CSV."""
    try:
        text = case.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    except (UnicodeDecodeError, csv.Error):
        return None
    # A lone carriage return ends a line for Python; a quote inside an unquoted field is only a sign for it.
    if "\r" in text.replace("\r\n", "") or '""' in text or any(len(row) != width for row in rows):
        return None
    return rows
