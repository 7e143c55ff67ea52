"""JSON of somebody else's, read within limits: bytes, depth, no key twice, no number that is not finite."""

import json
import math
from collections import Counter
from typing import Final, NoReturn

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.report.result_json import Json

MOST_BYTES: Final = 5_000_000
DEEPEST: Final = 20
_LONGEST_INTEGER: Final = 100


class ReportRefused(UsageError):
    """A file is no result.json of mlval: what is wrong with it, in a sentence that is safe to show."""


def read_json(data: bytes) -> Json:
    """Return the one value that a text holds.

    Raises
    ------
    ReportRefused
        If it has more than 5 MB or 20 levels, is no UTF-8 or no JSON, has NaN, Infinity, or a key twice.
    """
    if len(data) > MOST_BYTES:
        raise ReportRefused(f"it has more than {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReportRefused("it is not UTF-8") from error
    try:
        found: Json = json.loads(
            text,
            object_pairs_hook=_without_twins,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise ReportRefused("it is not JSON") from error
    _measure(found)
    return found


def _measure(found: Json) -> None:
    """Refuse what is nested too deeply, without descending into it by recursion."""
    level = [found] if isinstance(found, dict | list) else []
    for _ in range(DEEPEST):
        parts = (part for node in level for part in (node.values() if isinstance(node, dict) else node))
        level = [part for part in parts if isinstance(part, dict | list)]
    if level:
        raise _too_deep()


def _without_twins(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twin, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ReportRefused(f"the key {shown(twin)} stands there twice")
    return found


def _constant(word: str) -> NoReturn:
    raise ReportRefused(f"it holds {word}, which is not a number of JSON")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ReportRefused("it holds a number beyond all floats")
    return number


def _int(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ReportRefused(f"it holds a number of more than {_LONGEST_INTEGER} digits")
    return int(text)


def _too_deep() -> ReportRefused:
    return ReportRefused(f"it is nested more than {DEEPEST} levels deep")
