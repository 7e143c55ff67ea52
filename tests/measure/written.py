"""Texts in a table: which of them break a format, and which a reader of Python's own accepts."""

from collections.abc import Callable, Sequence

from mlval.domain.asks import Examples, Rows
from mlval.domain.predicate import NotFormatted
from tests.measure.world import World, writer


def broken(world: World, wanted: str, values: Sequence[str | None]) -> list[bool]:
    """Return for each value whether it breaks a format; a null breaks none."""
    writer().execute("CREATE OR REPLACE TABLE written (n BIGINT, x VARCHAR)")
    writer().executemany("INSERT INTO written VALUES (?, ?)", list(enumerate(values)))
    table = world.parquet("SELECT * FROM written")
    found = world.ask(Examples(Rows(table), (NotFormatted("x", wanted),), ("n",), limit=len(values)))
    return [(str(n),) in found for n in range(len(values))]


def reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
