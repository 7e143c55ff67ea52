"""Suites of Great Expectations: every expectation is accounted for, and what comes of it is a contract."""

import json
import random
from pathlib import Path
from typing import Any

from mlval.config.load import load
from mlval.domain.errors import MlvalError
from mlval.flows.interchange import imported
from mlval.interchange.coverage import Fate
from tests.fuzz import mutation

EXPECTATIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("column_values_to_be_between", {"column": "fare", "min_value": 0, "max_value": 500, "mostly": 0.995}),
    ("column_values_to_be_between", {"column": "fare", "min_value": 0, "strict_min": True}),
    ("column_values_to_be_in_set", {"column": "plan", "value_set": ["free", "pro", 3], "mostly": 0.9}),
    ("column_values_to_not_be_null", {"column": "fare", "mostly": 0.99}),
    ("column_values_to_match_regex", {"column": "sku", "regex": "^SKU-[0-9]+$"}),
    ("column_values_to_be_of_type", {"column": "fare", "type_": "float64"}),
    ("column_value_lengths_to_be_between", {"column": "sku", "min_value": 3, "max_value": 9}),
    ("compound_columns_to_be_unique", {"column_list": ["id", "day"]}),
    (
        "column_values_to_be_unique",
        {"column": "id", "row_condition": "plan == 'pro'", "condition_parser": "pandas"},
    ),
    ("table_row_count_to_be_between", {"min_value": 10, "max_value": None}),
    ("column_mean_to_be_between", {"column": "fare", "min_value": 1.5, "max_value": 20}),
    ("column_pair_values_a_to_be_greater_than_b", {"column_A": "end", "column_B": "start", "or_equal": True}),
    ("column_most_common_value_to_be_in_set", {"column": "plan", "value_set": ["free"], "ties_okay": True}),
    (
        "column_quantile_values_to_be_between",
        {"column": "fare", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[1, 9]]}},
    ),
    ("column_kl_divergence_to_be_less_than", {"column": "fare", "threshold": 0.1, "partition_object": {}}),
    ("column_to_be_invented", {"column": "fare"}),
)
OLD: dict[str, Any] = {
    "expectation_suite_name": "old",
    "expectations": [
        {"expectation_type": f"expect_{kind}", "kwargs": kwargs, "meta": {}} for kind, kwargs in EXPECTATIONS
    ],
    "meta": {"great_expectations_version": "0.18.0"},
}
NEW: dict[str, Any] = {
    "name": "new",
    "expectations": [
        {"type": f"expect_{kind}", "kwargs": kwargs, "severity": "warning", "id": str(number)}
        for number, (kind, kwargs) in enumerate(EXPECTATIONS)
    ],
}


class SuiteJson:
    """Imports suites."""

    name = "suite"
    ends = frozenset({"refused", "imported", "imported in part", "nothing in it"})

    def __init__(self, folder: Path) -> None:
        """Remember where the suite is written."""
        self.path = folder / "suite.json"

    def make(self, draw: random.Random) -> bytes:
        """Take some expectations of a suite, change them as a tree, then, one time in ten, as bytes."""
        suite = draw.choice((OLD, NEW))
        part = {**suite, "expectations": draw.sample(suite["expectations"], k=draw.randint(1, 6))}
        written = json.dumps(mutation.tree((part, part, suite), draw, changes=3)).encode()
        return mutation.text(written, draw, changes=3) if draw.random() < 0.1 else written

    def judge(self, case: bytes) -> str:
        """Nothing vanishes: no fewer items than expectations, and the contract loads."""
        self.path.write_bytes(case)
        try:
            found = imported(self.path, shown_as="suite.json", kind="gx")
        except MlvalError as error:
            return "refused" if error.message else "refused without a reason"
        items = found.coverage.items
        expectations = json.loads(case)["expectations"]
        assert len(items) >= len(expectations), f"{len(expectations)} expectations, {len(items)} items"
        load(found.text.encode(), file="mlval.yml", default_name="x")
        unmapped = [item for item in items if item.fate is Fate.UNMAPPED]
        assert all(item.note for item in unmapped), "not mapped, and nobody knows why"
        return "imported in part" if unmapped else "imported"
