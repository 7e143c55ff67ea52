"""result.json against its own schema, and what must never be in it."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mlval.domain.bound import Bound
from mlval.domain.errors import ExitCode
from mlval.domain.measurement import Detail, Interval, Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import Report, Result, Verdict
from mlval.report import result_json, result_schema
from mlval.report.result_schema import schema

VALIDATOR = Draft202012Validator(schema())


def loaded(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result_json.render(report), parse_constant=pytest.fail)
    return document


def projected(measurement: Measurement) -> dict[str, Any]:
    """Return a result with this measurement as result.json has it."""
    result = Result(
        validation="v", type="data", outcome=Outcome.FAILED, severity=Severity.BLOCK, measurement=measurement
    )
    verdict = Verdict(state=State.BLOCKED, exit_code=ExitCode.BLOCKED, reason="x", results=(result,))
    report = Report(
        tool_version="0",
        contract_name="c",
        contract_path="c.yml",
        contract_sha256="0",
        now="now",
        verdict=verdict,
    )
    (found,) = loaded(report)["results"]
    return dict(found)


@pytest.mark.parametrize(
    "name", ["passed", "undecided", "blocked", "drifted", "inconclusive", "unavailable", "crashed", "hostile"]
)
def test_the_schema_describes_it(reports: Mapping[str, Report], name: str) -> None:
    VALIDATOR.validate(loaded(reports[name]))


def test_the_schema_is_valid_and_closed() -> None:
    Draft202012Validator.check_schema(schema())

    waiting: list[object] = [schema()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend(part.values())
            assert part.get("type") != "object" or {"additionalProperties", "description"} <= set(part)
        elif isinstance(part, list):
            waiting.extend(part)


@pytest.mark.parametrize(
    "path, value",
    [
        (("verdict", "state"), "maybe"),
        (("verdict", "exit_code"), 9),
        (("results", 0, "outcome"), "ok"),
        (("results", 0, "surprise"), 1),
        (("results", 0, "n"), -1),
        (("results", 0, "value"), "0.5"),
        (("schema_version",), 2),
    ],
)
def test_the_schema_refuses(
    reports: Mapping[str, Report], path: tuple[str | int, ...], value: object
) -> None:
    document = loaded(reports["blocked"])
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_absent(value: float) -> None:
    result = projected(
        Measurement(
            subject="a",
            metric="m",
            value=value,
            p_value=value,
            effect=value,
            interval=Interval(0.1, value, 0.95),
            details={"x": value},
        )
    )
    assert not {"value", "p_value", "effect", "interval"} & set(result)
    assert result["details"] == {"x": None}


def test_floats_have_nine_digits_and_integers_stay() -> None:
    result = projected(Measurement(subject="a", metric="m", value=0.1 + 0.2, n=7, limit=Bound(min=1 / 3)))
    assert (result["value"], result["n"], result["bound"]) == (0.3, 7, {"min": 0.333333333})


def test_details_are_sorted_rounded_and_shown() -> None:
    details: Mapping[str, Detail] = {"b": (1, 2 / 3, True, None), "a": {"z": "\n", "y": 1 / 3}}
    result = projected(Measurement(subject="a", metric="m", details=details))
    assert json.dumps(result["details"]) == (
        '{"a": {"y": 0.333333333, "z": "\\\\n"}, "b": [1, 0.666666667, true, null]}'
    )


def test_every_result_has_an_identity_of_its_own(reports: Mapping[str, Report]) -> None:
    blocked = reports["blocked"]
    first = blocked.verdict.results[0]
    decoy = replace(first, measurement=replace(first.measurement, metric="rows/2"))
    document = loaded(
        replace(blocked, verdict=replace(blocked.verdict, results=(first, decoy, first, first)))
    )
    identities = [result["id"] for result in document["results"]]
    assert len(set(identities)) == len(identities)
    assert identities[0] == "trips/trips/rows"


def test_it_is_written_for_people_and_tools(reports: Mapping[str, Report]) -> None:
    text = result_json.render(reports["blocked"])
    assert text.endswith("}\n")
    assert text.startswith('{\n  "schema_version": 1,\n')
    assert text == result_json.render(reports["blocked"])


def test_the_schema_says_where_it_is_published() -> None:
    written = json.loads(result_schema.render())
    assert written["$id"] == "https://github.com/mlval/mlval/releases/latest/download/result.schema.json"
    assert written["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_golden_files_are_valid_too() -> None:
    for path in sorted((Path(__file__).parent / "golden").glob("*.json")):
        VALIDATOR.validate(json.loads(path.read_text(encoding="utf-8")))
