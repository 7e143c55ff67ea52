"""The inputs and outputs that action.yml declares."""

from collections.abc import Mapping
from typing import Final

from mlval.flows.base_result import ARTIFACT
from mlval.flows.contract_file import DEFAULT
from mlval.flows.outputs import NAMES

INPUTS: Final[Mapping[str, str]] = {
    "contract": DEFAULT,
    "name": "",
    "merge": "",
    "data": "",
    "models": "",
    "only": "",
    "output": "mlval-report",
    "allow-sources": "",
    "allow-connections": "",
    "allow-examples": "false",
    "allow-degraded-sandbox": "false",
    "allow-python-downloads": "false",
    "model-timeout": "",
    "model-memory": "",
    "threads": "",
    "memory": "",
    "now": "",
    "guard": "true",
    "base-report": ARTIFACT,
    "ca-bundle": "",
    "comment": "true",
    "status": "true",
    "doctor": "false",
    "token": "${{ github.token }}",
}
"""The inputs of action.yml with their defaults."""

FILES: Final[Mapping[str, str]] = dict(zip(("result-file", "report-file", "junit-file"), NAMES, strict=True))
"""The outputs that name a file, and what that file is called in the output folder."""

COUNTS: Final = ("passed", "failed", "inconclusive", "skipped", "errored", "blocking")
OUTPUTS: Final = ("verdict", "exit-code", "reason", *COUNTS, *FILES)
"""The outputs of action.yml, in its order."""
