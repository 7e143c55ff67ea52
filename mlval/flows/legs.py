"""Reading what parallel jobs left: result.json files, each of which may be anything."""

from collections.abc import Sequence
from pathlib import Path

from mlval.domain.errors import MlvalError, SourceUnavailable, UsageError
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows.merge import Leg
from mlval.report.result_reading import read_report
from mlval.report.strict_json import MOST_BYTES
from mlval.sources.confine import Boundary, Found, once, resolve
from mlval.sources.handle import opened
from mlval.sources.spelling import has_wildcard

MOST = 1_000
"""Files that one call joins."""


def read_legs(
    references: Sequence[str], boundary: Boundary, start: Path, *, trusted: bool
) -> tuple[Leg, ...]:
    """Read every file that is named or matched, sorted; one that cannot be read is kept with its error.

    A pattern that matches nothing is no error here: the validations that nobody reports are.

    Raises
    ------
    UsageError
        If there are too many, or one lies where none may be read.
    """
    found: list[Found] = []
    missing: list[Leg] = []
    for reference in references:
        try:
            found += resolve(boundary, reference, base=start, trusted=trusted)
        except SourceUnavailable as error:
            if not has_wildcard(reference):
                missing.append(Leg(reference, UsageError(error.message, remedy=error.remedy)))
    files = once(found)
    if len(files) > MOST:
        message = f"{len(files):,} results; one call joins at most {MOST:,}"
        raise UsageError(message, remedy="narrow the pattern")
    names = [shown(one.name) for one in files]
    if len(set(names)) < len(names):
        message = "two results cannot be told apart by their paths"
        raise UsageError(message, remedy="give them shorter paths")
    return (*(Leg(name, _report(one)) for name, one in zip(names, files, strict=True)), *missing)


def _report(found: Found) -> Report | MlvalError:
    try:
        with opened(found) as handle:
            return read_report(handle.read(MOST_BYTES + 1))
    except MlvalError as error:
        return error
