"""What is fuzzed, by name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzz.campaign import Target
from tests.fuzz.contract_text import ContractText
from tests.fuzz.csv_bytes import CsvBytes
from tests.fuzz.predicates import Predicates
from tests.fuzz.suite_json import SuiteJson

TARGETS: Mapping[str, Callable[[Path], Target]] = {
    "contract": ContractText,
    "predicate": Predicates,
    "csv": CsvBytes,
    "suite": SuiteJson,
}
