"""result.json, version 1: the published projection of a report. What is unknown is absent, numbers finite."""

import itertools
import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from mlval.domain.bound import Bound, Margin, NoDrop, TwoKeys
from mlval.domain.measurement import Detail, Interval, Measurement
from mlval.domain.outcome import Outcome
from mlval.domain.rounding import significant
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord, Report, Result, Verdict
from mlval.report import wording

SCHEMA_VERSION: Final = 1
MOST_SENTENCES: Final = 100

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def render(report: Report) -> str:
    """Return the report as JSON text: keys and results in a fixed order, two spaces, a newline at the end."""
    return json.dumps(project(report), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def project(report: Report) -> dict[str, Json]:
    """Return the report as plain JSON values; `mlval.report.result_schema` describes them."""
    taken: set[str] = set()
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mlval", "version": shown(report.tool_version)},
        "contract": {
            "name": shown(report.contract_name),
            "path": shown(report.contract_path),
            "sha256": shown(report.contract_sha256),
        },
        "now": shown(report.now),
        "verdict": _verdict(report.verdict),
        **({"cautions": _sentences(report.cautions)} if report.cautions else {}),
        "inputs": [_input(record) for record in report.inputs],
        "results": [_result(result, report, taken=taken) for result in report.verdict.results],
    }


def _verdict(verdict: Verdict) -> Json:
    outcomes = Counter(result.outcome for result in verdict.results)
    counts: dict[str, Json] = {outcome.value: outcomes[outcome] for outcome in Outcome}
    return {
        "state": verdict.state.value,
        "exit_code": int(verdict.exit_code),
        "reason": shown(verdict.reason, wording.SENTENCE_LIMIT),
        "counts": {**counts, "blocking": sum(result.blocks for result in verdict.results)},
    }


def _input(record: InputRecord) -> Json:
    return _known(
        name=shown(record.name),
        kind=shown(record.kind),
        uri=shown(record.uri),
        sha256=None if record.sha256 is None else shown(record.sha256),
        rows=record.rows,
        notes=_sentences(record.notes) or None,
    )


def _sentences(texts: tuple[str, ...]) -> list[Json]:
    return [shown(text, wording.SENTENCE_LIMIT) for text in texts[:MOST_SENTENCES]]


def _result(result: Result, report: Report, *, taken: set[str]) -> Json:
    measurement = result.measurement
    return _known(
        validation=shown(result.validation),
        type=shown(result.type),
        id=_identity(result, taken),
        subject=shown(measurement.subject),
        metric=shown(measurement.metric),
        outcome=result.outcome.value,
        severity=result.severity.value,
        blocks=result.blocks,
        deferred=result.deferred or None,
        waiver=shown(result.waiver, wording.SENTENCE_LIMIT) or None,
        value=_number(measurement.value),
        base_value=_number(result.base_value),
        unit=measurement.limit.unit if isinstance(measurement.limit, Bound) else None,
        bound=_bound(measurement),
        interval=_interval(measurement.interval),
        p_value=_number(measurement.p_value),
        effect=_number(measurement.effect),
        detectable=_number(measurement.detectable),
        n=measurement.n,
        of=measurement.of,
        reason=wording.reason(result) or None,
        why=None if result.why is None else shown(result.why),
        location=_location(result, report),
        details=_detail(measurement.details) or None,
        examples=[_example(row) for row in result.examples] or None,
    )


def _identity(result: Result, taken: set[str]) -> str:
    """Return a name that no other result of the report has, the same in every run of the same contract."""
    measurement = result.measurement
    name = "/".join(shown(part) for part in (result.validation, measurement.subject, measurement.metric))
    candidates = (name if repeat == 1 else f"{name}/{repeat}" for repeat in itertools.count(1))
    identity = next(candidate for candidate in candidates if candidate not in taken)
    taken.add(identity)
    return identity


def _bound(measurement: Measurement) -> Json:
    match measurement.limit:
        case Bound(min=low, max=high, confidence=confidence):
            return _known(min=_number(low), max=_number(high), confidence=_number(confidence))
        case TwoKeys(size=size, alpha=alpha, name=name, unit=unit):
            plain = unit if unit != "share" else None
            return _known(size=_number(size), alpha=_number(alpha), name=shown(name) or None, unit=plain)
        case Margin(min=low, max=high, confidence=confidence, share=share):
            return _known(
                min=_number(low),
                max=_number(high),
                confidence=_number(confidence),
                share=_number(share),
                against="champion",
            )
        case NoDrop(alpha=alpha, better=better):
            return _known(alpha=_number(alpha), better=better, against="champion")
        case _:
            return None


def _interval(interval: Interval | None) -> Json:
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return None
    low, high = _number(interval.low), _number(interval.high)
    return {"low": low, "high": high, "confidence": _number(interval.confidence)}


def _location(result: Result, report: Report) -> Json:
    if result.place is None:
        return None
    return {"path": shown(report.contract_path), "line": result.place.line, "column": result.place.column}


def _example(row: Mapping[str, str | None]) -> Json:
    return {shown(column): None if cell is None else shown(cell) for column, cell in row.items()}


def _detail(detail: Detail) -> Json:
    if isinstance(detail, Mapping):
        return {shown(key): _detail(detail[key]) for key in sorted(detail, key=shown)}
    if isinstance(detail, tuple):
        return [_detail(part) for part in detail]
    if isinstance(detail, str):
        return shown(detail)
    return detail if detail is None or isinstance(detail, bool) else _number(detail)


def _number(value: float | None) -> int | float | None:
    """Return a number as outputs carry it; what is not finite is not known."""
    if value is None or isinstance(value, int):
        return value
    return significant(value) if math.isfinite(value) else None


def _known(**members: Json) -> dict[str, Json]:
    return {key: value for key, value in members.items() if value is not None}
