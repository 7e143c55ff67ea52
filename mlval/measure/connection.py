"""The engine's connection: opened for a run, then locked before any text of a contract is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from mlval.measure.literals import text


@dataclass(frozen=True, slots=True)
class Resources:
    """What the engine may use.

    `scratch` is a folder of this run's own, where large work spills to; `seconds` is the time that
    all queries may take together.
    """

    scratch: Path
    threads: int | None = None
    memory: str | None = None
    seconds: float = 3600


def connect(resources: Resources) -> duckdb.DuckDBPyConnection:
    """Open an engine that loads no extension and sees no Python variable."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_unsigned_extensions": False,
        "python_enable_replacements": False,
        "temp_directory": str(resources.scratch / "spill"),
    }
    if resources.threads is not None:
        settings["threads"] = resources.threads
    if resources.memory is not None:
        settings["memory_limit"] = resources.memory
    connection = duckdb.connect(config=settings)
    # Dividing by zero is an error, and not NaN, which the engine orders above every number.
    connection.execute("SET ieee_floating_point_ops = false")
    # Times are compared as they stand: the machine's own zone must not change a verdict.
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def bare() -> duckdb.DuckDBPyConnection:
    """Open an engine without files, for its parser only."""
    connection = duckdb.connect(config={"autoload_known_extensions": False, "enable_external_access": False})
    connection.execute("SET lock_configuration = true")
    return connection


def lock(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """Leave the engine these files and nothing else; no setting can be changed afterwards."""
    connection.execute(f"SET allowed_paths = [{', '.join(text(file) for file in files)}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
