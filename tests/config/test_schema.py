"""The generated schema: valid, stable, as strict as the loader about the obvious, and good in an editor."""

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mlval import checks as real_checks
from mlval.config.load import load
from mlval.config.schema import contract_schema, render
from mlval.domain.errors import ContractError

Json = dict[str, Any]


@pytest.fixture(scope="module")
def schema(checks: ModuleType) -> Json:
    return contract_schema(checks)


def whole(*validations: object, **top: object) -> Json:
    datasets = {"a": {"path": "x", "target": "y"}}
    return {"version": 1, "datasets": datasets, "validations": list(validations), **top}


@pytest.mark.parametrize("package", [None, real_checks])
def test_it_is_a_schema_and_always_the_same(package: ModuleType | None, checks: ModuleType) -> None:
    text = render(package or checks)
    assert text == render(package or checks)
    assert text.endswith("}\n")
    Draft202012Validator.check_schema(json.loads(text))
    assert (
        json.loads(text)["$id"]
        == "https://github.com/mlval/mlval/releases/latest/download/contract.schema.json"
    )


@pytest.mark.parametrize("package", [None, real_checks])
def test_every_key_is_described(package: ModuleType | None, checks: ModuleType) -> None:
    """Keys of a bound are few and say it themselves."""
    for key, part in _keys(contract_schema(package or checks)):
        assert "description" in part or "$ref" in part or key in {"min", "max", "confidence"}, key


def test_no_mapping_is_open(schema: Json) -> None:
    for part in _parts(schema):
        if (
            "properties" in part
            and "$ref" not in part
            and part.get("type") == "object"
            and "allOf" not in part
        ):
            assert part["additionalProperties"] is False


EXAMPLES = [
    whole({"type": "waiting"}),
    whole({"type": "waiting", "day": 3}),
    whole({"type": "counting", "dataset": "a", "rows": {"min": 5}, "size": "5%"}),
    whole({"type": "counting", "dataset": "a", "rows": ">= 5", "size": "large", "where": None}),
    whole(
        {
            "type": "counting",
            "dataset": "a",
            "columns": {"c": [{"values": ["a", 1], "allow": "1%"}, {"min": 1}]},
        }
    ),
    whole({"type": "counting", "dataset": "a", "by": ["p", {"by": "q", "bins": [1, 2.5]}]}, name="x-1"),
    whole({"type": "waiting"}, models={"m": {"predictions": {"dataset": "a", "label": "p"}}}),
    whole({"type": "waiting"}, datasets={"a": {"from": "input", "key": ["k", "l"], "positive": True}}),
]
MISTAKES = [
    {},
    whole(),
    whole({"type": "waiting"}, version=2),
    whole({"type": "waiting"}, nmae="x"),
    whole({"type": "waiting"}, name="Not A Name"),
    whole({"type": "waiting"}, datasets={"1a": {"path": "x"}}),
    whole({"type": "waiting"}, datasets={"a": {"pth": "x"}}),
    whole({"type": "waiting"}, models={"a": {}}),
    whole({}),
    whole(5),
    whole({"type": "wating"}),
    whole({"type": "waiting", "dataset": "a"}),
    whole({"type": "waiting", "severity": "blok"}),
    whole({"type": "waiting", "id": "not an id"}),
    whole({"type": "counting"}),
    whole({"type": "counting", "dataset": "a", "rows": 5}),
    whole({"type": "counting", "dataset": "a", "rows": "> 5"}),
    whole({"type": "counting", "dataset": "a", "columns": {"c": {"mni": 1}}}),
    whole({"type": "counting", "dataset": "a", "columns": {"c": {"allow": 0.5}}}),
]


@pytest.mark.parametrize("contract", EXAMPLES)
def test_what_the_loader_takes_the_schema_takes(contract: Json, schema: Json, checks: ModuleType) -> None:
    load(yaml.safe_dump(contract).encode(), file="f", default_name="n", package=checks)
    Draft202012Validator(schema).validate(contract)


@pytest.mark.parametrize("contract", MISTAKES)
def test_obvious_mistakes_are_refused_by_both(contract: Json, schema: Json, checks: ModuleType) -> None:
    assert not Draft202012Validator(schema).is_valid(contract)
    with pytest.raises(ContractError):
        load(yaml.safe_dump(contract).encode(), file="f", default_name="n", package=checks)


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.5, "a", "5%", ">= 1", "block", "small", "int"])
)
values = st.recursive(
    leaves,
    lambda below: (
        st.lists(below, max_size=2)
        | st.dictionaries(
            st.sampled_from(["min", "max", "type", "values", "allow", "by", "bins", "c"]), below, max_size=2
        )
    ),
    max_leaves=4,
)
KEYS = [
    "rows",
    "size",
    "columns",
    "by",
    "id",
    "severity",
    "optional",
    "where",
    "when_inconclusive",
    "examples",
]


@given(st.dictionaries(st.sampled_from(KEYS), values, max_size=2))
def test_whatever_the_loader_takes_the_schema_takes(schema: Json, checks: ModuleType, entry: Json) -> None:
    contract = whole({"type": "counting", "dataset": "a", **entry})
    try:
        load(json.dumps(contract).encode(), file="f", default_name="n", package=checks)
    except ContractError:
        return
    Draft202012Validator(schema).validate(contract)


def test_a_mistake_is_reported_for_its_own_check_only(schema: Json) -> None:
    (error,) = Draft202012Validator(schema).iter_errors(whole({"type": "waiting", "days": "x"}))
    assert list(error.absolute_path) == ["validations", 0, "days"]


@pytest.mark.parametrize(
    "entry, expected, unexpected",
    [
        ({}, {"type"}, {"days", "rows"}),
        ({"type": "waiting"}, {"type", "days", "day", "severity"}, {"rows", "columns"}),
        ({"type": "counting"}, {"type", "rows", "columns", "severity"}, {"days"}),
    ],
)
def test_an_editor_offers_the_keys_of_the_type(
    entry: Json, expected: set[str], unexpected: set[str], schema: Json
) -> None:
    offered = set(_offered(schema["properties"]["validations"]["items"], entry, schema))
    assert expected <= offered
    assert not unexpected & offered


@pytest.mark.parametrize(
    "check, expected, unexpected",
    [
        ("data", {"dataset", "columns", "rows", "unique", "expect"}, {"metrics", "effect"}),
        ("drift", {"reference", "current", "columns", "effect", "threshold"}, {"metrics", "rows"}),
        ("performance", {"dataset", "model", "metrics", "slices"}, {"effect", "rows"}),
    ],
)
def test_an_editor_offers_the_keys_of_each_check(
    check: str, expected: set[str], unexpected: set[str]
) -> None:
    schema = contract_schema()
    offered = set(_offered(schema["properties"]["validations"]["items"], {"type": check}, schema))
    assert expected | {"type", "id", "severity"} <= offered
    assert not unexpected & offered


def test_an_editor_offers_the_types_with_what_they_are_for(schema: Json) -> None:
    offered = schema["properties"]["validations"]["items"]["properties"]["type"]
    assert offered["enum"] == ["counting", "waiting"]
    assert offered["enumDescriptions"][0] == "Whether a table has as many rows as it should."


REAL = """\
version: 1
name: churn
datasets:
  reference: {path: [a.csv, b.csv], format: {delimiter: ";"}}
  holdout: {path: data/holdout.parquet, key: customer_id, target: churned, time: signup_at}
models:
  candidate: {predictions: {path: p.csv, key: customer_id, score: p, threshold: 0.5}}
validations:
  - id: holdout-contract
    type: data
    dataset: holdout
    rows: {min: 1000}
    unique: [customer_id, [store, day]]
    columns:
      amount:
        - {type: float, min: 0, nulls: 1%}
        - {max: 100000, where: "plan = 'pro'", allow: 0.5%, severity: warn}
      plan: {in: [free, pro, team], required: false}
      fare: {range: [0, null], allow: 3}
  - {type: drift, current: holdout, columns: [amount, plan], effect: medium}
  - {type: drift, current: holdout, effect: 5%, threshold: 0.05, why: the model saw January}
  - type: performance
    dataset: holdout
    metrics:
      roc_auc: 0.85
      log_loss: {max: 0.40, confidence: 95%}
      accuracy: ">= 80%"
      f1: [0.5, null]
    slices: [plan, {by: age, bins: [25, 40]}, {by: day, every: month}, {name: ewr, where: "zone = 'EWR'"}]
    per_slice: {min_rows: 200, metrics: {roc_auc: 0.80}}
"""


def test_a_real_contract_is_taken_by_both() -> None:
    load(REAL.encode(), file="f", default_name="n")
    Draft202012Validator(contract_schema()).validate(yaml.safe_load(REAL))


def _offered(part: Json, value: Json, root: Json) -> Iterator[str]:
    """Offer keys for a mapping as editors do: those of all schemas that apply to what is there."""
    if "$ref" in part:
        yield from _offered(root["$defs"][part["$ref"].rpartition("/")[2]], value, root)
    yield from part.get("properties", ())
    for one in part.get("allOf", ()):
        if "if" not in one or Draft202012Validator(one["if"]).is_valid(value):
            yield from _offered(one.get("then", one), value, root)


def _parts(node: object) -> Iterator[Json]:
    """Yield every mapping of a schema."""
    if isinstance(node, dict):
        yield node
        for below in node.values():
            yield from _parts(below)
    elif isinstance(node, list):
        for below in node:
            yield from _parts(below)


def _keys(schema: Json) -> Iterator[tuple[str, Json]]:
    """Yield the keys that are offered with their schemas; conditions offer none."""
    for part in _parts(schema):
        if isinstance(part.get("properties"), dict):
            yield from ((key, value) for key, value in part["properties"].items() if set(value) != {"const"})
