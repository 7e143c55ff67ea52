"""Foreign files as text in, a loaded contract and its coverage out."""

import json
from typing import Any

from mlval.config.load import load
from mlval.config.yaml_nodes import document
from mlval.config.yaml_text import yaml_text
from mlval.domain.contract import Contract
from mlval.flows.lint import check_predicates
from mlval.flows.predicate_refusal import refusal
from mlval.interchange.coverage import Coverage, Item
from mlval.interchange.dbt import read_schema
from mlval.interchange.demand import Fragment
from mlval.interchange.great_expectations import read_suite
from mlval.interchange.json_text import read_json
from mlval.interchange.odcs import read_odcs

REFUSAL = refusal()

Read = tuple[Fragment, Coverage]


def suite(value: Any) -> Read:  # noqa: ANN401 - any JSON
    """Read a value as a suite."""
    text = value if isinstance(value, str) else json.dumps(value)
    return read_suite(read_json(text.encode(), name="suite.json"), file="suite.json", refusal=REFUSAL)


def expectation(kind: str, **kwargs: Any) -> Read:  # noqa: ANN401 - any JSON
    """Read a suite of one expectation."""
    return suite({"name": "s", "expectations": [{"type": kind, "kwargs": kwargs}]})


def odcs(text: str) -> Read:
    """Read YAML as an Open Data Contract."""
    tree = document(text.encode())
    assert tree.problems == ()
    return read_odcs(tree.value, file="x.odcs.yaml", places=tree.places, refusal=REFUSAL)


def dbt(text: str) -> Read:
    """Read YAML as a schema file of dbt."""
    tree = document(text.encode())
    assert tree.problems == ()
    return read_schema(tree.value, file="schema.yml", places=tree.places, refusal=REFUSAL)


def loaded(fragment: Fragment) -> Contract:
    """Load a contract from what it is written as, its predicates too."""
    contract = load(yaml_text(fragment.contract).encode(), file="mlval.yml", default_name="c")
    check_predicates(contract)
    return contract


def only(coverage: Coverage) -> Item:
    """Return the single item."""
    (item,) = coverage.items
    return item


def body(fragment: Fragment) -> dict[str, Any]:
    """Return the single validation, without its type and dataset."""
    (validation,) = fragment.validations
    return {key: value for key, value in validation.items() if key not in {"type", "dataset"}}
