"""Suites of Great Expectations used in place: read, translated, and judged like rules of the contract."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import ConfigDict

from mlval.checks.data import Data
from mlval.domain import roles
from mlval.domain.check import Check
from mlval.domain.classes import as_level
from mlval.domain.contract import Contract
from mlval.domain.errors import (
    Failure,
    MlvalError,
    SourceBroken,
    SourceUnavailable,
    Unmeasurable,
)
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Measurement, Path
from mlval.domain.outcome import Severity
from mlval.domain.steps import Asking, Steps, together
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.foreign_file import ForeignFile, read_foreign
from mlval.flows.predicate_refusal import refusal
from mlval.flows.request import Request
from mlval.interchange.coverage import Coverage, Fate, Item
from mlval.interchange.demand import Fragment
from mlval.interchange.great_expectations import read_suite
from mlval.interchange.json_text import JsonRefused, Value, read_json

_REMEDY = "write its meaning in the contract and take it out of the suite, or say `unmapped: warn`"


@dataclass(frozen=True, slots=True)
class _Part:
    """One translated validation, and which item of the suite each of its rules came from."""

    check: Data
    origins: Mapping[Path, Item]

    def origin(self, path: Path) -> Item | None:
        """Return the item that a measurement is about."""
        return next(
            (self.origins[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.origins), None
        )


class Suited(Check):
    """A data validation with its own rules and those of a suite."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name = "data"

    own: Data
    parts: tuple[_Part, ...] = ()
    unmapped: tuple[Item, ...] = ()
    warns: bool = False
    problem: MlvalError | None = None

    def uses(self, inputs: Inputs) -> Uses:
        """Return the datasets of all rules."""
        used = [one.uses(inputs).datasets for one in (self.own, *(part.check for part in self.parts))]
        return Uses(tuple(dict.fromkeys(name for names in used for name in names)))

    def steps(self, inputs: Inputs) -> Steps:
        """Measure the rules of the contract and of the suite; what the suite alone can say is an error."""
        if self.problem is not None:
            raise self.problem
        parts = [part.check.steps(inputs) for part in self.parts]
        own: list[Asking[tuple[Measurement, ...]]] = [self.own.steps(inputs)] if self.own.demands else []
        found = yield from together([*own, *parts])
        results: tuple[Measurement, ...] = ()
        for index, outcome in enumerate(found):
            measured = (self._failed(outcome),) if isinstance(outcome, Failure) else outcome
            if index >= len(own):
                part = self.parts[index - len(own)]
                measured = tuple(_of_suite(one, part) for one in measured)
            results += measured
        return results + tuple(_unmapped(item, warns=self.warns) for item in self.unmapped)

    def _failed(self, failure: Failure) -> Measurement:
        return Measurement(subject=self.id, metric=self.type, problem=failure.cause)


def with_suites(contract: Contract, request: Request) -> tuple[Contract, tuple[InputRecord, ...]]:
    """Put the rules of the suites that a contract names into its validations, and tell what was read.

    A suite that is not there or not readable makes its validation an error; the others go on.

    Raises
    ------
    SourceRefused
        If a reference leads where no file may be read.
    """
    validations: list[Check] = []
    records: list[InputRecord] = []
    told: set[str] = set()
    for check in contract.validations:
        is_chosen = not request.only or {check.id, check.type} & set(request.only)
        if not isinstance(check, Data) or check.suite is None or not is_chosen:
            validations.append(check)
            continue
        suited, record, values = _suited(check, check.suite, contract=contract, request=request)
        validations.append(suited)
        told |= values
        if record not in records:
            records.append(record)
    inputs = replace(contract.inputs, vocabulary=contract.inputs.vocabulary | told)
    return replace(contract, validations=tuple(validations), inputs=inputs), tuple(records)


def _suited(
    check: Data, reference: str, *, contract: Contract, request: Request
) -> tuple[Suited, InputRecord, set[str]]:
    own = check.model_copy(update={"suite": None, "unmapped": None})
    shared = {key: getattr(check, key) for key in Check.model_fields}
    record = InputRecord(shown(reference), "suite", shown(reference))
    try:
        file = read_foreign(request.boundary, reference, base=request.base, trusted=False)
        record = replace(record, uri=file.name, sha256=file.sha256)
        fragment, coverage = _read(file, check, contract=contract)
    except (SourceUnavailable, SourceBroken) as error:
        return Suited.model_construct(**shared, own=own, problem=error), record, set()
    suited = Suited.model_construct(
        **shared,
        own=own,
        parts=tuple(_parts(fragment, coverage, check)),
        unmapped=tuple(item for item in coverage.items if item.fate is Fate.UNMAPPED),
        warns=check.unmapped == "warn",
    )
    return suited, record, set(_scalars(fragment.validations))


def _read(file: ForeignFile, check: Data, *, contract: Contract) -> tuple[Fragment, Coverage]:
    names = contract.inputs.datasets
    own = roles.resolve(names, check.dataset, role="dataset", kind="dataset")
    others: Collection[str] = [name for name in names if name != own]
    try:
        document = read_json(file.data, name=file.name)
        return read_suite(document, file=file.name, refusal=refusal(), datasets=others)
    except JsonRefused as error:
        raise SourceBroken(error.message, remedy=error.remedy) from error


def _parts(fragment: Fragment, coverage: Coverage, check: Data) -> Iterator[_Part]:
    """Yield the translated validations under the terms of the validation that names the suite."""
    for index, validation in enumerate(fragment.validations):
        read = Data.read({**validation, "dataset": check.dataset})
        both = [one for one in (check.where, read.where) if one is not None]
        where = " AND ".join(f"({one})" for one in both) if len(both) > 1 else (*both, None)[0]
        part = read.model_copy(update={"where": where, "per": check.per, "id": check.id})
        origins = {
            path[1:]: coverage.items[item] for path, item in fragment.origins.items() if path[0] == index
        }
        yield _Part(part, origins)


def _of_suite(one: Measurement, part: _Part) -> Measurement:
    """Let a measurement stand at the key `suite`, and say which expectation it is about."""
    item = part.origin(one.path)
    details: dict[str, Detail] = dict(one.details)
    if item is not None:
        details["expectation"] = shown(item.source)
        if item.place is not None:
            details["line"] = item.place.line
        if item.note:
            details["differs"] = shown(item.note, 400)
    severity = one.severity or (Severity.WARN if part.check.severity == "warn" else None)
    return replace(one, path=("suite",), details=details, severity=severity)


def _unmapped(item: Item, *, warns: bool) -> Measurement:
    place = f" (line {item.place.line} of the suite)" if item.place else ""
    return Measurement(
        subject=shown(item.source),
        metric="suite",
        problem=Unmeasurable(f"not mapped: {shown(item.note)}{place}", remedy=_REMEDY),
        path=("suite",),
        severity=Severity.WARN if warns else None,
    )


def _scalars(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _scalars(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _scalars(inner)
    elif value is not None:
        yield as_level(value)
