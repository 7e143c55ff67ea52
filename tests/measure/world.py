"""Tables for the tests of measuring: written to files, opened and asked as in a run."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from mlval.domain.asks import Ask, Count, Rows
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.inputs import Inputs
from mlval.domain.predicate import Predicate
from mlval.domain.source import FileFormat, TableFiles
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine

A = TypeVar("A")

WRITER = duckdb.connect()
NO_INPUTS = Inputs()


class World:
    """An engine over files in one folder."""

    def __init__(self, folder: Path, inputs: Inputs = NO_INPUTS, *, threads: int = 2) -> None:
        self.folder = folder
        self.engine = Engine(Resources(folder, threads=threads), inputs)

    def csv(self, name: str, *texts: str, delimiter: str = ",") -> int:
        """Open text as CSV; its first line, which has no quotes, names the columns."""
        header = tuple(texts[0].partition("\n")[0].strip("\r").split(delimiter))
        paths = self.files(name, "csv", texts)
        pairs = any("\r\n" in text for text in texts)
        files = TableFiles(paths, "csv", delimiter, "\\r\\n" if pairs else "\\n", header)
        return self.engine.open(name, files)

    def json(self, name: str, *texts: str) -> int:
        return self.engine.open(name, TableFiles(self.files(name, "jsonl", texts), "json"))

    def parquet(self, name: str, *queries: str) -> int:
        """Open the rows of queries as Parquet files."""
        paths = tuple(parquet(self.folder / f"{name}{i}.parquet", query) for i, query in enumerate(queries))
        return self.engine.open(name, TableFiles(paths, "parquet"))

    def files(self, name: str, suffix: str, texts: Sequence[str]) -> tuple[str, ...]:
        paths = [self.folder / f"{name}{number}.{suffix}" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode())
        return tuple(str(path) for path in paths)

    def ask(self, question: Ask[A]) -> A:
        """Return an answer; raise what kept it from being given."""
        answer = self.answers(question)[question]
        if isinstance(answer, Failure):
            raise answer.cause
        return answer  # type: ignore[no-any-return] # its type is known to the ask

    def answers(self, *questions: Ask[Any]) -> Mapping[Ask[Any], Any]:
        return self.engine.answer(questions)

    def count(self, table: str, *of: Predicate, where: str | None = None) -> int:
        return self.ask(Count(Rows(table, where), of))


def cause(answer: object) -> MlvalError:
    """Return why an ask has no answer."""
    assert isinstance(answer, Failure), answer
    return answer.cause


def parquet(path: Path, query: str) -> str:
    """Write the rows of a query, and return the path."""
    WRITER.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return str(path)


def open_files(world: World, name: str, form: FileFormat, *paths: Path) -> int:
    return world.engine.open(name, TableFiles(tuple(str(path) for path in paths), form))
