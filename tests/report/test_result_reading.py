"""result.json read back: a round trip for whatever mlval writes, a refusal for whatever it does not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.bound import Bound, Margin, NoDrop, TwoKeys
from mlval.domain.errors import ExitCode, Place, SourceUnavailable, Unmeasurable
from mlval.domain.measurement import Detail, Interval, Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import InputRecord, Report, Result
from mlval.judge.verdict import verdict
from mlval.report import markdown
from mlval.report.result_json import render
from mlval.report.result_reading import read_report
from mlval.report.strict_json import DEEPEST, MOST_BYTES, ReportRefused
from tests.report.conftest import report as built

TEXTS = st.text(max_size=20) | st.text(alphabet=".; \n\u202e…x", max_size=450)
NUMBERS = st.integers(-(10**30), 10**30) | st.floats()
FINITE = st.floats(allow_nan=False, allow_infinity=False)
COUNTS = st.none() | st.integers(0, 10**9)
LIMITS = st.one_of(
    st.none(),
    st.builds(
        Bound, st.none() | FINITE, st.none() | FINITE, st.none() | FINITE, st.sampled_from(["value", "rows"])
    ),
    st.builds(TwoKeys, FINITE, FINITE, TEXTS, st.sampled_from(["share", "value"])),
    st.builds(Margin, st.none() | FINITE, st.none() | FINITE, FINITE, st.none() | FINITE),
    st.builds(NoDrop, FINITE, st.just("higher")),
)
DETAILS: st.SearchStrategy[Detail] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MEASUREMENTS = st.builds(
    Measurement,
    subject=TEXTS,
    metric=TEXTS,
    limit=LIMITS,
    value=st.none() | NUMBERS,
    n=COUNTS,
    of=COUNTS,
    interval=st.none() | st.builds(Interval, st.floats(), st.floats(), FINITE),
    p_value=st.none() | NUMBERS,
    effect=st.none() | NUMBERS,
    detectable=st.none() | NUMBERS,
    details=st.dictionaries(TEXTS, DETAILS, max_size=3),
    problem=st.none() | st.builds(Unmeasurable, TEXTS, remedy=TEXTS) | st.builds(SourceUnavailable, TEXTS),
    absent=st.none() | TEXTS,
)
RESULTS = st.builds(
    Result,
    validation=TEXTS,
    type=TEXTS,
    outcome=st.sampled_from(Outcome),
    severity=st.sampled_from(Severity),
    measurement=MEASUREMENTS,
    blocks=st.booleans(),
    reason=TEXTS,
    why=st.none() | TEXTS,
    place=st.none() | st.builds(Place, st.integers(1, 999), st.integers(1, 99)),
    examples=st.lists(st.dictionaries(TEXTS, st.none() | TEXTS, max_size=2), max_size=2).map(tuple),
    waiver=TEXTS,
    deferred=st.booleans(),
    base_value=st.none() | NUMBERS,
).map(lambda one: one if one.measurement.problem is None else replace(one, outcome=Outcome.ERRORED))
"""Results as they are judged: where there is a problem, the outcome is errored."""
INPUTS = st.builds(
    InputRecord, TEXTS, TEXTS, TEXTS, st.none() | TEXTS, COUNTS, st.lists(TEXTS, max_size=2).map(tuple)
)
REPORTS = st.builds(
    Report,
    tool_version=TEXTS,
    contract_name=TEXTS,
    contract_path=TEXTS,
    contract_sha256=TEXTS,
    now=TEXTS,
    verdict=st.lists(RESULTS, max_size=3).map(verdict),
    inputs=st.lists(INPUTS, max_size=2).map(tuple),
    cautions=st.lists(TEXTS, max_size=2).map(tuple),
)


def read(document: object) -> Report:
    return read_report(json.dumps(document).encode())


@given(REPORTS)
def test_what_was_written_is_read_and_written_the_same(report: Report) -> None:
    text = render(report)
    assert render(read_report(text.encode())) == text


@given(REPORTS)
def test_the_outcomes_fold_into_the_same_verdict_again(report: Report) -> None:
    first = read_report(render(report).encode())
    again = verdict(first.verdict.results)
    assert (again.state, again.exit_code) == (report.verdict.state, report.verdict.exit_code)


@pytest.mark.parametrize("name", ["passed", "undecided", "drifted", "inconclusive", "unavailable"])
def test_the_comment_says_the_same(reports: Mapping[str, Report], name: str) -> None:
    report = reports[name]
    assert markdown.render(read_report(render(report).encode())) == markdown.render(report)


def test_rows_of_the_data_are_not_told_again(reports: Mapping[str, Report]) -> None:
    report = read_report(render(reports["blocked"]).encode())
    assert any(result.examples for result in report.verdict.results)
    assert not any(result.examples_told for result in report.verdict.results)


RAW = {
    "too long": (b" " * (MOST_BYTES + 1), "it has more than 5,000,000 bytes"),
    "deep": (b"[" * 21 + b"]" * 21, f"it is nested more than {DEEPEST} levels deep"),
    "very deep": (b"[" * 1_000_000, f"it is nested more than {DEEPEST} levels deep"),
    "NaN": (b'{"value": NaN}', "it holds NaN, which is not a number of JSON"),
    "Infinity": (b'{"value": -Infinity}', "it holds -Infinity, which is not a number of JSON"),
    "beyond floats": (b'{"value": 1e999}', "it holds a number beyond all floats"),
    "a long number": (b"9" * 5_000, "it holds a number of more than 100 digits"),
    "a key twice": (b'{"a": {"state": 1, "state": 2}}', "the key state stands there twice"),
    "not UTF-8": (b"\xff", "it is not UTF-8"),
    "not JSON": (b"{", "it is not JSON"),
    "empty": (b"", "it is not JSON"),
    "a list": (b"[]", "the whole is not an object"),
    "a later version": (
        b'{"schema_version": 2}',
        "it is of version 2 of the format, and this mlval reads up to 1",
    ),
}


@pytest.mark.parametrize("name", RAW)
def test_a_text_beyond_the_limits_is_refused(name: str) -> None:
    text, reason = RAW[name]
    with pytest.raises(ReportRefused) as refused:
        read_report(text)
    assert refused.value.message == reason


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = to

    return change


def _without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]

    return change


NOT_WRITTEN = "it is not what mlval writes of these results: counts, names or roundings differ"
CHANGES = {
    "a word of its own": (_set("verdict", "state", to="great"), "verdict.state is not as"),
    "another exit code": (_set("verdict", "exit_code", to=9), "verdict.exit_code is not as"),
    "a code that is a float": (_set("verdict", "exit_code", to=1.0), "verdict.exit_code is not as"),
    "wrong counts": (_set("verdict", "counts", "failed", to=0), NOT_WRITTEN),
    "negative counts": (_set("verdict", "counts", "failed", to=-1), "verdict.counts.failed is not as"),
    "an unknown key": (_set("results", 0, "markdown", to="x"), "results[0].markdown is not part of the"),
    "a key that attacks": (_set("a\n::error::", to=1), "a\\n::error:: is not part of the format"),
    "a missing key": (_without("results", 0, "metric"), "results[0].metric is missing"),
    "a truth that is a number": (_set("results", 0, "blocks", to=1), "results[0].blocks is not as"),
    "a value that is text": (_set("results", 0, "value", to="1"), "results[0].value is not as"),
    "a count that is true": (_set("results", 0, "of", to=True), "results[0].of is not as"),
    "a place that is none": (_set("results", 0, "location", "line", to=0), "results[0].location.line is not"),
    "a place elsewhere": (_set("results", 0, "location", "path", to="x"), NOT_WRITTEN),
    "an id of its own": (_set("results", 0, "id", to="x"), NOT_WRITTEN),
    "a control character": (_set("results", 0, "why", to="a\u202eb"), NOT_WRITTEN),
    "a long text": (_set("results", 0, "why", to="x" * 5_000), NOT_WRITTEN),
    "too many digits": (_set("results", 0, "value", to=0.1234567891234), NOT_WRITTEN),
    "a unit without bound": (_without("results", 0, "bound"), NOT_WRITTEN),
    "a bound without unit": (_without("results", 0, "unit"), "results[0].unit is not as"),
    "a bound of two kinds": (
        _set("results", 0, "bound", to={"size": 1, "alpha": 1, "min": 0}),
        "results[0].bound.min is not part of the format",
    ),
    "inputs that are an object": (_set("inputs", to={}), "inputs is not as the format describes it"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_mlval_does_not_write_is_refused(reports: Mapping[str, Report], name: str) -> None:
    change, reason = CHANGES[name]
    document = json.loads(render(reports["blocked"]))
    change(document)
    with pytest.raises(ReportRefused) as refused:
        read(document)
    assert refused.value.message.startswith(reason)


def test_names_that_would_take_long_to_tell_apart_are_refused(reports: Mapping[str, Report]) -> None:
    one = reports["passed"].verdict.results[0]
    many = built((one,) * 1_001, exit_code=ExitCode.PASSED, reason="")
    with pytest.raises(ReportRefused, match="more than 1,000 of its results have the same name"):
        read_report(render(many).encode())


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_other_json_is_refused(document: object) -> None:
    with pytest.raises(ReportRefused):
        read(document)


KNOWN = st.sampled_from(
    [
        *("at_least", "at_most", "auc", "bounded", "columns", "current_median", "current_nulls", "demands"),
        *("false_alarm_rate", "hidden_share", "method", "missing", "moved", "pair", "reference", "current"),
        *("reference_median", "remark", "rows_needed", "shape", "top", "weighted", "why"),
    ]
)
WILD: st.SearchStrategy[Detail] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(["psi", "ks", "js", 0, 0.0, -1, 1e308]),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(
            st.sampled_from(["reference", "current", "labels", "label", "x"]), inner, max_size=3
        )
    ),
    max_leaves=10,
)


@settings(max_examples=60)
@given(st.lists(st.tuples(RESULTS, st.dictionaries(KNOWN, WILD, max_size=6)), min_size=1, max_size=3))
def test_whatever_is_read_can_be_shown(drawn: list[tuple[Result, dict[str, Detail]]]) -> None:
    results = tuple(
        replace(one, type="drift", measurement=replace(one.measurement, details=details))
        for one, details in drawn
    )
    report = built(results, exit_code=verdict(results).exit_code, reason="")
    read = read_report(render(report).encode())
    assert markdown.render(read)
    assert markdown.render(read, level="failures")
