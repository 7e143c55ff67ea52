"""The JSON Schema of result.json, version 1: closed objects, so that a reader may rely on every word."""

import json
from collections.abc import Collection
from typing import Final

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome, Severity, State
from mlval.report.result_json import SCHEMA_VERSION, Json

ADDRESS: Final = "https://github.com/mlval/mlval/releases/latest/download/result.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Json]


def render() -> str:
    """Return the schema as JSON text, as `schemas/result.schema.json` holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def schema() -> Schema:
    """Return the schema (draft 2020-12) of what `mlval.report.result_json.render` writes."""
    return {
        "$schema": _DIALECT,
        "$id": ADDRESS,
        "title": "mlval result",
        **_closed(
            "What a run of mlval measured and decided. Text from outside is cut, and control characters in "
            "it are shown escaped. Floats have nine significant digits. What is unknown is absent.",
            {
                "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this format."},
                "tool": _tool(),
                "contract": _contract(),
                "now": _text("The time that the run took as now."),
                "verdict": _verdict(),
                "cautions": _list(
                    "What weakens the whole verdict, such as a cage with a missing layer.",
                    _text("A sentence."),
                ),
                "inputs": _list("What was read.", _input()),
                "results": _list(
                    "Every measurement with its outcome, in the order of the contract.", _result()
                ),
            },
            optional={"cautions"},
        ),
        "$defs": {"detail": _detail()},
    }


def _tool() -> Schema:
    return _closed(
        "What wrote this file.",
        {"name": {"const": "mlval", "description": "Always mlval."}, "version": _text("Its version.")},
    )


def _contract() -> Schema:
    return _closed(
        "The contract that was judged.",
        {
            "name": _text("Its name."),
            "path": _text("Its path in the repository."),
            "sha256": _text("The digest of its bytes."),
        },
    )


def _verdict() -> Schema:
    count: Schema = {outcome.value: _count(f"How many are {outcome.value}.") for outcome in Outcome}
    count["blocking"] = _count("How many block the merge.")
    codes = ", ".join(f"{code.value} {code.name.lower()}" for code in ExitCode)
    return _closed(
        "All outcomes folded.",
        {
            "state": _enum("Whether the change may be merged.", [state.value for state in State]),
            "exit_code": _enum(f"What the process returned: {codes}.", [code.value for code in ExitCode]),
            "reason": _text("The verdict in one sentence."),
            "counts": _closed("How many results there are of each outcome, and how many block.", count),
        },
    )


def _input() -> Schema:
    return _closed(
        "One dataset or model.",
        {
            "name": _text("Its name in the contract."),
            "kind": _text("What it is."),
            "uri": _text("Where it came from, without credentials."),
            "sha256": _text("The digest of its bytes."),
            "rows": _count("How many rows were read."),
            "notes": _list("What was done to it before it was judged.", _text("A sentence.")),
        },
        optional={"sha256", "rows", "notes"},
    )


def _result() -> Schema:
    required: Schema = {
        "validation": _text("The id of the validation."),
        "type": _text("The type of the validation."),
        "id": _text("A name that no other result of this file has."),
        "subject": _text("What was measured: a column, a dataset, a slice."),
        "metric": _text("The rule or the metric."),
        "outcome": _enum("What became of it.", [outcome.value for outcome in Outcome]),
        "severity": _enum("Whether a failure would block.", [severity.value for severity in Severity]),
        "blocks": {"type": "boolean", "description": "Whether this result alone blocks the merge."},
    }
    known: Schema = {
        "deferred": {"const": True, "description": "A later run, which has credentials, decides it."},
        "waiver": _text("Why a failure is let pass, by whom and until when."),
        "base_value": _number("The value of the same result at the base branch."),
        "value": _number("The measured value, in `unit`; for drift the distance of its method."),
        "unit": _enum("What value and bound count.", ["value", "share", "rows", "seconds"]),
        "bound": {"description": "What the contract demands.", "oneOf": _bounds()},
        "interval": _interval(),
        "p_value": _number("The p-value, corrected for every comparison of the validation."),
        "effect": _number(
            "The size of a change: the share of rows that would have to move, or in the bound's unit."
        ),
        "detectable": _number("The smallest effect that these rows could have shown."),
        "n": _count("Rows that count."),
        "of": _count("Out of how many."),
        "reason": _text("What the numbers alone do not say."),
        "why": _text("The reason that the contract gives for the validation."),
        "location": _location(),
        "details": _open("What a type of validation adds.", {"$ref": "#/$defs/detail"}),
        "examples": _list(
            "Rows that show a failure, where the contract asks for them.",
            _open("Columns and their values as text.", {"type": ["string", "null"]}),
        ),
    }
    return _closed("One judged measurement.", {**required, **known}, optional=set(known))


def _bounds() -> list[Json]:
    return [_range(), _two_keys(), _margin(), _no_drop()]


def _margin() -> Schema:
    return _closed(
        "The interval of the difference, candidate less champion, lies wholly on the right side of the end.",
        {
            "min": _number("The smallest difference, where higher is better."),
            "max": _number("The largest difference, where lower is better."),
            "confidence": _number("The confidence of the bound of one side."),
            "share": _number("The margin as a share of the champion's value, where the contract gives one."),
            "against": _enum("What the difference is to.", ["champion"]),
        },
        optional={"min", "max", "share"},
    )


def _no_drop() -> Schema:
    return _closed(
        "No significant change for the worse.",
        {
            "alpha": _number("The significance level, after Holm's correction."),
            "better": _enum("Which way the metric gets better.", ["higher", "lower"]),
            "against": _enum("What the difference is to.", ["champion"]),
        },
    )


def _range() -> Schema:
    return _closed(
        "The value, or with `confidence` its whole interval, lies within these ends.",
        {
            "min": _number("The smallest value that passes."),
            "max": _number("The largest value that passes."),
            "confidence": _number("The confidence of the interval that must clear the bound."),
        },
        optional={"min", "max", "confidence"},
    )


def _two_keys() -> Schema:
    return _closed(
        "Drift is a change that is both significant and large.",
        {
            "size": _number("From which on a change is large: the share of rows, or a number by its unit."),
            "alpha": _number("The significance level."),
            "name": _text("The word for this size."),
            "unit": _enum("What size and effect are where they are no share of rows.", ["value"]),
        },
        optional={"name", "unit"},
    )


def _interval() -> Schema:
    return _closed(
        "The confidence interval of the value.",
        {
            "low": _number("Its lower end."),
            "high": _number("Its upper end."),
            "confidence": _number("Its level."),
        },
    )


def _location() -> Schema:
    return _closed(
        "Where the demand stands.",
        {
            "path": _text("The file."),
            "line": {"type": "integer", "minimum": 1, "description": "The line, from 1."},
            "column": {"type": "integer", "minimum": 1, "description": "The column, from 1."},
        },
    )


def _detail() -> Schema:
    again: Schema = {"$ref": "#/$defs/detail"}
    return {
        "description": "A value, or a tree of them.",
        "type": ["string", "number", "boolean", "null", "array", "object"],
        "items": again,
        "additionalProperties": again,
    }


def _closed(description: str, properties: Schema, *, optional: Collection[str] = ()) -> Schema:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _open(description: str, values: Schema) -> Schema:
    return {"type": "object", "description": description, "additionalProperties": values}


def _list(description: str, items: Schema) -> Schema:
    return {"type": "array", "description": description, "items": items}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _number(description: str) -> Schema:
    return {"type": "number", "description": description}


def _count(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _enum(description: str, values: list[str] | list[int]) -> Schema:
    return {"enum": list(values), "description": description}
