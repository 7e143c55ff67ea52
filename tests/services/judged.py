"""The real command in a checkout, and what came of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCAL = "id,amount\n1,2.5\n"


@dataclass(frozen=True, slots=True)
class Judged:
    """The exit code, `result.json`, and all that was printed or written."""

    code: int
    result: dict[str, Any]
    output: str

    def outcomes(self, validation: str) -> set[str]:
        return {one["outcome"] for one in self.result["results"] if one["validation"] == validation}

    def reasons(self) -> str:
        return " ".join(one.get("reason", "") for one in self.result["results"])

    def record(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.result["inputs"] if one["name"] == name)
        return found


def judge(folder: Path, dataset: str, environ: Mapping[str, str], *arguments: str) -> Judged:
    """Judge a contract whose dataset `remote` is `dataset`, beside one of a local file."""
    (folder / "mlval.yml").write_text(
        f"""\
version: 1
name: remote
datasets:
  remote: {dataset}
  local: {{path: local.csv}}
validations:
  - {{type: data, dataset: remote, id: remote-data, rows: {{min: 1}}, columns: {{id: {{min: 0}}}}}}
  - {{type: data, dataset: local, id: local-data, rows: {{min: 1}}}}
""",
        encoding="utf-8",
    )
    (folder / "local.csv").write_text(LOCAL, encoding="utf-8")
    foreign = ("AWS_", "MLVAL_", "PG")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    ended = subprocess.run(
        [sys.executable, "-m", "mlval", "run", "--output", "out", *arguments],
        cwd=folder,
        env={**bare, "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    files = sorted((folder / "out").glob("*")) if (folder / "out").is_dir() else []
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    result = folder / "out" / "result.json"
    return Judged(
        ended.returncode,
        json.loads(result.read_text(encoding="utf-8")) if result.exists() else {},
        f"{ended.stdout}{ended.stderr}{written}",
    )
