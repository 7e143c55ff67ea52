"""From result.json, as a stranger may have written it, back to a report.

What is read is what `result_json.render` would write, and nothing else: closed keys, types, words, counts.
Whether the verdict follows from the results is for the reader to ask (`mlval.judge.verdict` on them).
"""

from collections import Counter
from typing import Final

from mlval.domain.bound import Bound, Limit, Margin, NoDrop, TwoKeys, Unit
from mlval.domain.errors import (
    Crashed,
    ExitCode,
    MlvalError,
    Place,
    SourceUnavailable,
    Unmeasurable,
    UsageError,
)
from mlval.domain.measurement import Detail, Interval, Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import InputRecord, Report, Result, Verdict
from mlval.report.members import Members
from mlval.report.result_json import SCHEMA_VERSION, Json, project
from mlval.report.strict_json import ReportRefused, read_json

MOST_NAMESAKES: Final = 1_000
"""Results that may share validation, subject and metric."""
_UNITS: Final[dict[str, Unit]] = {"value": "value", "share": "share", "rows": "rows", "seconds": "seconds"}
_CAUSES: Final[dict[ExitCode, type[MlvalError]]] = {
    ExitCode.BUG: Crashed,
    ExitCode.USAGE: UsageError,
    ExitCode.UNAVAILABLE: SourceUnavailable,
}
_RESULT: Final = (
    ("validation", "type", "id", "subject", "metric", "outcome", "severity", "blocks"),
    (
        *("deferred", "waiver", "value", "base_value", "unit", "bound", "interval", "p_value", "effect"),
        *("detectable", "n", "of", "reason", "why", "location", "details", "examples"),
    ),
)


def read_report(text: bytes) -> Report:
    """Return the report of a result.json: `render(read_report(render(report)))` is `render(report)`.

    What the format leaves out is gone: examples may not be told, bounds do not say that an interval decides
    them, and the causes of errors are known as far as the exit code tells them.

    Raises
    ------
    ReportRefused
        If it is not what mlval writes, with the first thing that is wrong.
    """
    document = read_json(text)
    whole = Members.of(document, "")
    version = whole.whole("schema_version")
    if version > SCHEMA_VERSION:
        message = f"it is of version {version} of the format, and this mlval reads up to {SCHEMA_VERSION}"
        raise ReportRefused(message, remedy="upgrade mlval")
    if version != SCHEMA_VERSION:
        raise ReportRefused(f"it is not of version {SCHEMA_VERSION} of the format")
    whole.only(("schema_version", "tool", "contract", "now", "verdict", "inputs", "results"), ("cautions",))
    tool = whole.members("tool").only(("name", "version"))
    contract = whole.members("contract").only(("name", "path", "sha256"))
    report = Report(
        tool_version=tool.text("version"),
        contract_name=contract.text("name"),
        contract_path=contract.text("path"),
        contract_sha256=contract.text("sha256"),
        now=whole.text("now"),
        verdict=_verdict(whole),
        inputs=tuple(_input(one) for one in whole.each("inputs")),
        cautions=whole.texts("cautions"),
    )
    if project(report) != document:
        raise ReportRefused("it is not what mlval writes of these results: counts, names or roundings differ")
    return report


def _verdict(whole: Members) -> Verdict:
    verdict = whole.members("verdict").only(("state", "exit_code", "reason", "counts"))
    exit_code = next((code for code in ExitCode if code == verdict.whole("exit_code")), None)
    if exit_code is None:
        raise verdict.wrong("exit_code")
    words = (*(outcome.value for outcome in Outcome), "blocking")
    counts = verdict.members("counts").only(words)
    return Verdict(
        state=State(verdict.word("state", list(State))),
        exit_code=exit_code,
        reason=verdict.text("reason"),
        counts={word: counts.count(word) or 0 for word in words},
        results=_results(whole, exit_code),
    )


def _results(whole: Members, exit_code: ExitCode) -> tuple[Result, ...]:
    results = tuple(_result(one, exit_code) for one in whole.each("results"))
    names = Counter(
        (one.validation, one.measurement.subject, one.measurement.metric) for one in results
    ).most_common(1)
    if names and names[0][1] > MOST_NAMESAKES:
        raise ReportRefused(f"more than {MOST_NAMESAKES:,} of its results have the same name")
    return results


def _input(one: Members) -> InputRecord:
    one.only(("name", "kind", "uri"), ("sha256", "rows", "notes"))
    return InputRecord(
        one.text("name"),
        one.text("kind"),
        one.text("uri"),
        one.optional_text("sha256"),
        one.count("rows"),
        one.texts("notes"),
    )


def _result(one: Members, exit_code: ExitCode) -> Result:
    one.only(*_RESULT)
    outcome = Outcome(one.word("outcome", list(Outcome)))
    reason = one.optional_text("reason") or ""
    errored = outcome is Outcome.ERRORED
    return Result(
        validation=one.text("validation"),
        type=one.text("type"),
        outcome=outcome,
        severity=Severity(one.word("severity", list(Severity))),
        measurement=_measurement(one, _CAUSES.get(exit_code, Unmeasurable)("") if errored else None),
        blocks=one.flag("blocks"),
        # The full stop at the end of a reason is left out where it is written.
        reason=f"{reason}." if reason.endswith(".") else reason,
        why=one.optional_text("why"),
        place=_place(one),
        examples=tuple(_example(row) for row in one.each("examples")),
        waiver=one.optional_text("waiver") or "",
        deferred="deferred" in one and one.flag("deferred"),
        base_value=one.number("base_value"),
    )


def _measurement(one: Members, problem: MlvalError | None) -> Measurement:
    return Measurement(
        subject=one.text("subject"),
        metric=one.text("metric"),
        limit=_limit(one),
        value=one.number("value"),
        n=one.count("n"),
        of=one.count("of"),
        interval=_interval(one),
        p_value=one.number("p_value"),
        effect=one.number("effect"),
        detectable=one.number("detectable"),
        details={key: _detail(value) for key, value in one.members("details").items()}
        if "details" in one
        else {},
        problem=problem,
    )


def _limit(one: Members) -> Limit | None:
    if "bound" not in one:
        return None
    bound = one.members("bound")
    if "size" in bound:
        bound.only(("size", "alpha"), ("name", "unit"))
        is_plain = bound.get("unit") is not None and bound.word("unit", ("value",)) == "value"
        name = bound.optional_text("name") or ""
        return TwoKeys(bound.known("size"), bound.known("alpha"), name, "value" if is_plain else "share")
    if "against" in bound:
        bound.word("against", ("champion",))
        if "alpha" in bound:
            bound.only(("alpha", "better", "against"))
            higher = bound.word("better", ("higher", "lower")) == "higher"
            return NoDrop(bound.known("alpha"), "higher" if higher else "lower")
        bound.only(("confidence", "against"), ("min", "max", "share"))
        low, high, share = (bound.number(name) for name in ("min", "max", "share"))
        return Margin(low, high, bound.known("confidence"), share)
    bound.only((), ("min", "max", "confidence"))
    low, high, confidence = (bound.number(name) for name in ("min", "max", "confidence"))
    return Bound(low, high, confidence, _UNITS[one.word("unit", tuple(_UNITS))])


def _interval(one: Members) -> Interval | None:
    if "interval" not in one:
        return None
    interval = one.members("interval").only(("low", "high", "confidence"))
    return Interval(interval.known("low"), interval.known("high"), interval.known("confidence"))


def _place(one: Members) -> Place | None:
    if "location" not in one:
        return None
    location = one.members("location").only(("path", "line", "column"))
    line, column = location.whole("line"), location.whole("column")
    if min(line, column) < 1:
        raise location.wrong("line")
    return Place(line, column)


def _example(row: Members) -> dict[str, str | None]:
    return {column: None if cell is None else row.text(column) for column, cell in row.items()}


def _detail(value: Json) -> Detail:
    if isinstance(value, dict):
        return {key: _detail(part) for key, part in value.items()}
    return tuple(_detail(part) for part in value) if isinstance(value, list) else value
