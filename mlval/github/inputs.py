"""The inputs of a step: what a workflow writes under `with:`, as the runner hands it over."""

from collections.abc import Mapping


def variable(name: str) -> str:
    """Return the variable in which the runner hands an input over; hyphens stay.

    >>> variable("allow-sources")
    'INPUT_ALLOW-SOURCES'
    """
    return f"INPUT_{name.replace(' ', '_').upper()}"


def text(environ: Mapping[str, str], name: str, *, default: str = "") -> str:
    """Return an input without the spaces around it; one that is empty counts as not given."""
    return environ.get(variable(name), "").strip() or default


def lines(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return an input that holds one entry a line."""
    listed = (line.strip() for line in text(environ, name).splitlines())
    return tuple(line for line in listed if line)


def words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return an input that holds entries on lines, or between commas."""
    return tuple(word for line in lines(environ, name) for part in line.split(",") if (word := part.strip()))
