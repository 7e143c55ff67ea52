"""Steps of workflows, run as a runner would: their script in bash, expressions of `env:` filled in."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.test_action import read

_EXPRESSION: Final = re.compile(r"\$\{\{ (.+?) \}\}")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a step left behind; `outputs` are those of one line."""

    code: int
    log: str
    outputs: Mapping[str, str]


def scripts(workflow: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every step with a script: the job's key and the step's name, and the step."""
    for key, job in workflow["jobs"].items():
        for step in job.get("steps", ()):
            if "run" in step:
                yield f"{key}: {step['name']}", step


def run(
    step: Mapping[str, Any], cwd: Path, values: Mapping[str, str], environ: Mapping[str, str] | None = None
) -> Ended:
    """Run a step in a folder; `values` are what its expressions stand for, and must hold each of them."""
    assert "${{" not in step["run"]
    output = cwd.parent / f"{cwd.name}.output"
    output.unlink(missing_ok=True)
    given = {
        name: _EXPRESSION.sub(lambda found: values[found[1]], text)
        for name, text in step.get("env", {}).items()
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=cwd / step.get("working-directory", "."),
        env={**os.environ, "GITHUB_OUTPUT": str(output), **(environ or {}), **given},
        capture_output=True,
        text=True,
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in read(output).splitlines())
    return Ended(done.returncode, done.stdout + done.stderr, outputs)
