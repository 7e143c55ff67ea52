"""Runs the gate on both examples, and shows each command, its report and its exit code."""

import subprocess
import sys
from pathlib import Path

import make_data

ROOT = Path(__file__).resolve().parents[1]
MLVAL = Path(sys.executable).with_name("mlval")

EXPECTED = {"examples/passing/mlval.yml": 0, "examples/blocked/mlval.yml": 1}
MEANING = {0: "passed: this change may be merged", 1: "blocked: this change may not be merged"}


def main() -> int:
    """Return 0 if both examples ended as they should."""
    make_data.make()
    print(f"Made the data in {make_data.DATA.resolve().relative_to(ROOT)}.\n", flush=True)
    as_expected = [_shown(contract) == code for contract, code in EXPECTED.items()]
    if not all(as_expected):
        print("An example did not end as it should.", file=sys.stderr)
        return 1
    print("Both ended as they should. Their contracts: " + ", ".join(EXPECTED))
    return 0


def _shown(contract: str) -> int:
    program = MLVAL.relative_to(ROOT) if MLVAL.is_relative_to(ROOT) else MLVAL
    print(f"$ {program} run {contract}", flush=True)
    code = subprocess.run([MLVAL, "run", contract], cwd=ROOT, check=False).returncode
    print(f"\nExit code {code}, {MEANING.get(code, 'neither passed nor blocked')}.\n", flush=True)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
