"""A job that runs the composite action: its steps as a runner would run them, its expressions filled in."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.test_action import read, read_outputs
from tests.workflow_files import ROOT, load

TWIN: Final = load(ROOT / "composite" / "action.yml")
_EXPRESSION: Final = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


@dataclass(frozen=True, slots=True)
class Ended:
    """What one step left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


@dataclass
class Runner:
    """A runner with a folder of its own: `values` are what expressions stand for."""

    folder: Path
    environ: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)

    def step(self, name: str) -> Ended:
        """Run a step of composite/action.yml, in bash as the runner starts it."""
        step: dict[str, Any] = next(one for one in TWIN["runs"]["steps"] if one["name"] == name)
        assert step["shell"] == "bash"
        script = self.folder / f"{step['id']}.sh"
        script.write_text(step["run"], encoding="utf-8")
        given = {name: self.filled(text) for name, text in step["env"].items()}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        ended = self.run(command, step["id"], given)
        self.values |= {f"steps.{step['id']}.outputs.{key}": text for key, text in ended.outputs.items()}
        return ended

    def run(self, command: list[str], name: str, environ: Mapping[str, str]) -> Ended:
        """Run a program with the files through which it talks to the runner."""
        output, summary = self.folder / f"{name}.output", self.folder / f"{name}.summary"
        own = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        done = subprocess.run(
            command,
            cwd=self.environ["GITHUB_WORKSPACE"],
            env={"PATH": os.environ["PATH"], **self.environ, **own, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = dict(line.split("=", 1) for line in read(output).splitlines() if re.match(r"[\w-]+=", line))
        return Ended(done.returncode, done.stdout + done.stderr, read_outputs(output) or lines, read(summary))

    def filled(self, text: str) -> str:
        """Return a text with its expressions replaced; one that is unknown is an error."""
        return _EXPRESSION.sub(lambda found: self.values[found[1]], text)
