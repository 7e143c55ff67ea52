"""The time that all queries of a run may take together."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from mlval.domain.errors import Unmeasurable


class Deadline:
    """Interrupts a query that still runs when the time is used up, and lets no other begin after it.

    A contract decides what is asked, and one from outside may ask for what never ends.
    """

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @contextmanager
    def over(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Watch over the queries of one connection.

        Raises
        ------
        Unmeasurable
            If the time is used up before, or while they run.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self._used_up()
        timer = threading.Timer(left, connection.interrupt)
        timer.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise self._used_up() from error
        finally:
            timer.cancel()
            # A thread that is still there when the interpreter ends takes the process down.
            timer.join()

    def _used_up(self) -> Unmeasurable:
        message = f"measuring took longer than {self._seconds:g} seconds, the limit for a run"
        return Unmeasurable(message, remedy="measure fewer columns or slices, or a sample of the rows")
