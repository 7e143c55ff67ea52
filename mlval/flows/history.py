"""Results of earlier runs, read as data: one value of each, in the order of the runs."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from pydantic import ConfigDict

from mlval.checks.trend import Of, Trend
from mlval.domain.asks_of_time import Timeline
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import MlvalError, SourceBroken, SourceRefused, SourceUnavailable, Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail
from mlval.domain.steps import Steps
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.request import Request
from mlval.sources.confine import Found, resolve
from mlval.sources.handle import opened

MOST_FILES = 10_000
LARGEST = 4 << 20
MOST_BYTES = 64 << 20
VERSION = 1


@dataclass(frozen=True, slots=True)
class _Point:
    """The value of one run; None where it has none."""

    now: datetime
    value: float | None


class Recorded(Check):
    """A trend of stored results that were read."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name = "trend"

    own: Trend
    points: tuple[_Point, ...] = ()
    problem: MlvalError | None = None

    def uses(self, inputs: Inputs) -> Uses:
        """Return nothing: the points are here."""
        del inputs
        return Uses()

    def steps(self, inputs: Inputs) -> Steps:
        """Judge the points; a run without the value is left out and counted, but not the last one."""
        del inputs
        yield from ()
        if self.problem is not None:
            raise self.problem
        if self.points[-1].value is None:
            message = f"the last stored run, of {self.points[-1].now.isoformat()}, has no such value"
            raise Unmeasurable(message, remedy="see `of:`; a run that measured nothing is no quiet run")
        kept = [(one.now, one.value) for one in self.points if one.value is not None]
        line = Timeline(tuple(now.isoformat() for now, _ in kept), tuple(value for _, value in kept))
        left_out = len(self.points) - len(kept)
        details: dict[str, Detail] = {"runs_without_value": left_out} if left_out else {}
        of = self.own.of or Of(validation="")
        return (self.own.measured(line, subject=of.subject or of.validation, details=details),)


def with_history(contract: Contract, request: Request) -> tuple[Contract, tuple[InputRecord, ...]]:
    """Read the stored results that validations are about, and tell what was read.

    Results that are not there or not readable make their validation an error; the others go on.

    Raises
    ------
    SourceRefused
        If a reference leads where no file may be read.
    """
    validations: list[Check] = []
    records: list[InputRecord] = []
    for check in contract.validations:
        is_chosen = not request.only or {check.id, check.type} & set(request.only)
        if not isinstance(check, Trend) or check.results is None or not is_chosen:
            validations.append(check)
            continue
        recorded, record = _recorded(check, check.results, request=request)
        validations.append(recorded)
        if record not in records:
            records.append(record)
    return replace(contract, validations=tuple(validations)), tuple(records)


def _recorded(check: Trend, reference: str, *, request: Request) -> tuple[Recorded, InputRecord]:
    shared = {key: getattr(check, key) for key in Check.model_fields}
    record = InputRecord(shown(reference), "results", shown(reference))
    try:
        found = resolve(request.boundary, reference, base=request.base, trusted=False)
        contents = _contents(found)
        digest = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in contents.values()))
        record = replace(record, sha256=digest.hexdigest(), rows=len(contents))
        points = _ordered([_point(data, name, check.of) for name, data in contents.items()])
    except (SourceUnavailable, SourceBroken, Unmeasurable) as error:
        return Recorded.model_construct(**shared, own=check, problem=error), record
    return Recorded.model_construct(**shared, own=check, points=points), record


def _contents(found: Sequence[Found]) -> dict[str, bytes]:
    """Return the bytes of the files by name; copies of one file count once."""
    if len(found) > MOST_FILES:
        message = f"{len(found):,} stored results; at most {MOST_FILES:,} are read"
        raise SourceRefused(message, remedy="Keep the last ones.")
    contents: dict[str, bytes] = {}
    digests: set[bytes] = set()
    total = 0
    for one in found:
        with opened(one) as handle:
            data = handle.read(LARGEST + 1)
        total += len(data)
        if len(data) > LARGEST or total > MOST_BYTES:
            message = f"`{one.name}` is larger than 4 MiB, or all stored results than 64 MiB."
            raise SourceRefused(message, remedy="Keep the last ones.")
        digest = hashlib.sha256(data).digest()
        if digest not in digests:
            digests.add(digest)
            contents[one.name] = data
    return contents


def _ordered(points: list[_Point]) -> tuple[_Point, ...]:
    ordered = tuple(sorted(points, key=lambda one: one.now))
    times = {one.now for one in ordered}
    if len(times) < len(ordered):
        message = f"{len(ordered) - len(times):,} stored results have the time of another"
        raise Unmeasurable(message, remedy="keep one result of each run")
    return ordered


def _point(data: bytes, name: str, of: Of | None) -> _Point:
    document = _object(_parsed(data, name), name)
    if document.get("schema_version") != VERSION:
        raise SourceBroken(f"`{name}` is no result.json of version {VERSION}")
    if of is None:
        raise Unmeasurable("it is not said which value of the stored results")
    results = document.get("results")
    if not isinstance(results, list):
        raise SourceBroken(f"`{name}` has no list of results")
    wanted = {key: value for key, value in of.model_dump().items() if value is not None}
    objects = [_object(one, name) for one in results]
    matching = [one for one in objects if all(one.get(key) == value for key, value in wanted.items())]
    if len(matching) > 1:
        message = f"`{name}` has {len(matching)} results that match `of:`"
        raise Unmeasurable(message, remedy="name the subject and the metric too")
    value = matching[0].get("value") if matching else None
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise SourceBroken(f"`{name}` has a value that is no number")
    return _Point(_moment(document.get("now"), name), None if value is None else _number(value, name))


def _number(value: float, name: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise SourceBroken(f"`{name}` has a value that is not finite")
    return number


def _moment(value: object, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise SourceBroken(f"`{name}` does not say when it was made: `now` is no time")


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SourceBroken(f"`{name}` is no result.json: an object is missing")
    return value


def _parsed(data: bytes, name: str) -> object:
    """Parse JSON strictly: no NaN, no key twice, no depth that breaks the reader."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise SourceBroken(f"`{name}` is no JSON") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(pairs)
    if len(known) < len(pairs):
        raise ValueError("a key stands twice")
    return known
