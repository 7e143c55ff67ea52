"""Tables for the tests of measuring: written to files, opened and asked as in a run."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from mlval.domain.asks import Ask, Count, Examples, Level, Rows, TableShape
from mlval.domain.asks import Shape as AskShape
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.inputs import Inputs
from mlval.domain.predicate import Predicate
from mlval.domain.source import FileFormat, TableFiles
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine

A = TypeVar("A")
NO_INPUTS = Inputs()


class World:
    """An engine over files in one folder; every table that is opened without a name gets one."""

    def __init__(self, folder: Path, inputs: Inputs = NO_INPUTS, *, threads: int = 2) -> None:
        self.folder = folder
        self.engine = Engine(Resources(folder, threads=threads), inputs)
        self.numbers = count()

    def csv(self, *texts: str, name: str = "", delimiter: str = ",") -> str:
        """Open text as CSV; its first line, which has no quotes, names the columns."""
        header = tuple(texts[0].partition("\n")[0].strip("\r").split(delimiter))
        newline = "\\r\\n" if any("\r\n" in text for text in texts) else "\\n"
        paths = tuple(self.written("csv", text) for text in texts)
        return self.opened(TableFiles(paths, "csv", delimiter, newline, header), name)  # type: ignore[arg-type] # one of two

    def json(self, *texts: str, name: str = "") -> str:
        """Open text as JSON lines."""
        return self.opened(TableFiles(tuple(self.written("jsonl", text) for text in texts), "json"), name)

    def parquet(self, *queries: str, name: str = "") -> str:
        """Open the rows of queries as Parquet files."""
        paths = tuple(self.file("parquet") for _ in queries)
        for path, query in zip(paths, queries, strict=True):
            writer().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return self.opened(TableFiles(paths, "parquet"), name)

    def bytes(self, form: FileFormat, content: bytes, header: tuple[str, ...] = ()) -> str:
        """Open whatever bytes as if they were what they claim."""
        path = self.file(form)
        Path(path).write_bytes(content)
        return self.opened(TableFiles((path,), form, header=header))

    def opened(self, files: TableFiles, name: str = "") -> str:
        name = name or f"t{next(self.numbers)}"
        self.engine.open(name, files)
        return name

    def written(self, suffix: str, text: str) -> str:
        path = self.file(suffix)
        Path(path).write_bytes(text.encode())
        return path

    def file(self, suffix: str) -> str:
        return str(self.folder / f"{next(self.numbers)}.{suffix}")

    def ask(self, question: Ask[A]) -> A:
        """Return an answer; raise what kept it from being given."""
        answer = self.answers(question)[question]
        if isinstance(answer, Failure):
            raise answer.cause
        return answer  # type: ignore[no-any-return] # its type is known to the ask

    def answers(self, *questions: Ask[Any]) -> Mapping[Ask[Any], Any]:
        return self.engine.answer(questions)

    def shape(self, table: str) -> TableShape:
        return self.ask(AskShape(table))

    def cells(self, table: str, *columns: str) -> tuple[tuple[Level, ...], ...]:
        """Return all rows as text, in their order."""
        return self.ask(Examples(Rows(table), (), columns, limit=1_000_000))

    def count(self, table: str, *of: Predicate, where: str | None = None) -> int:
        return self.ask(Count(Rows(table, where), of))


def cause(answer: object) -> MlvalError:
    """Return why an ask has no answer."""
    assert isinstance(answer, Failure), answer
    return answer.cause


def lines(header: str, rows: Sequence[object]) -> str:
    """Return a header and rows as text."""
    return "".join(f"{line}\n" for line in (header, *rows))


@cache
def writer() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
