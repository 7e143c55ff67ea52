"""What stands behind `level 1`: said once, where a report that somebody has to act on speaks of it."""

import re
from collections.abc import Iterable
from typing import Final

from mlval.domain.verdict import Report, Result
from mlval.report.wording import words

EXPLAINED: Final = (
    "level 1, level 2 and so on stand for values of the data; those that the contract spells, as under in:, "
    "are named."
)
_HIDDEN: Final = re.compile(r"(?<![\w-])level [1-9]\d*(?!\w)")


def explained(results: Iterable[Result], report: Report) -> str:
    """Return the sentence if any of these results speaks of a value by its rank, else nothing."""
    said = (words(result, report) for result in results)
    is_told = any(_HIDDEN.search(f"{one.subject} {one.sentence} {one.moved}") for one in said)
    return EXPLAINED if is_told else ""
