"""A job on a runner, which starts the image as GitHub's runner starts a Docker action."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.workflow_files import ACTION

OWNER: Final = 1001 if os.geteuid() == 0 else os.geteuid()
"""Whom everything in the workspace belongs to: the user of GitHub's hosted runners, where we may give it."""

_FOLDERS: Final = {
    "workspace": "/github/workspace",
    "home": "/github/home",
    "workflow": "/github/workflow",
    "commands": "/github/file_commands",
    "temp": "/github/runner_temp",
}
_FILES: Final = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
_OUTPUT: Final = re.compile(r"^([\w-]+)<<(\w+)\n(.*?)\n\2$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step left behind; the log is both of its streams."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    seconds: float


@dataclass
class Job:
    """The folders of a job, and what its steps are told.

    Attributes
    ----------
    image : what is started
    root : the folder that holds workspace, home, event file, command files and temporary files
    token : what `${{ github.token }}` stands for
    environ : variables beyond, or instead of, those that the runner always sets
    """

    image: str
    root: Path
    token: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    steps: int = 0

    def __post_init__(self) -> None:
        """Make the folders, and the event file of a run that somebody started by hand."""
        for name in _FOLDERS:
            (self.root / name).mkdir()
        self.event({"inputs": {}})

    @property
    def workspace(self) -> Path:
        """The folder that a check-out fills."""
        return self.root / "workspace"

    def event(self, payload: Mapping[str, Any]) -> None:
        """Write the event file."""
        (self.root / "workflow" / "event.json").write_text(json.dumps(payload), encoding="utf-8")

    def check_out(self, *, root: Path) -> None:
        """Copy a tree into the workspace and give everything to the runner's user."""
        shutil.copytree(root, self.workspace, dirs_exist_ok=True)
        self.give_away()

    def give_away(self) -> None:
        """Give the folders of the job to the runner's user."""
        if os.geteuid() != OWNER:
            for path in (self.root, *self.root.rglob("*")):
                os.chown(path, OWNER, OWNER, follow_symlinks=False)

    def later_step(self, *command: str) -> str:
        """Run a program in the workspace as the runner's user does; return what it prints."""
        user = OWNER if os.geteuid() != OWNER else None
        done = subprocess.run(
            command,
            cwd=self.workspace,
            user=user,
            group=user,
            extra_groups=None if user is None else (),
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def step(self, *, options: Sequence[str] = (), workspace: str = "rw", **inputs: str) -> Ran:
        """Start the action with inputs (`a_b` is `a-b`), options of Docker and the mode of the mount."""
        self.steps += 1
        files = {name: self.root / "commands" / f"{name.lower()}_{self.steps}" for name in _FILES}
        for file in files.values():
            file.touch()
        self.give_away()
        inside = {name: f"{_FOLDERS['commands']}/{file.name}" for name, file in files.items()}
        environ = self._environ(inputs) | inside
        started = time.monotonic()
        done = subprocess.run(
            self._command(environ, options, workspace),
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=300,
        )
        seconds = time.monotonic() - started
        outputs = {
            name: value for name, _, value in _OUTPUT.findall(files["GITHUB_OUTPUT"].read_text("utf-8"))
        }
        summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return Ran(done.returncode, done.stdout, outputs, summary, seconds)

    def _command(self, environ: Mapping[str, str], options: Sequence[str], workspace: str) -> list[str]:
        """Return the runner's command line: variables by name alone, so that no value is an argument."""
        socket = os.environ.get("DOCKER_HOST", "").removeprefix("unix://") or "/var/run/docker.sock"
        mounts = [f"{socket}:/var/run/docker.sock"]
        mounts += [f"{self.root / name}:{target}" for name, target in _FOLDERS.items() if name != "workspace"]
        mounts += [f"{self.workspace}:{_FOLDERS['workspace']}:{workspace}"]
        return [
            *("docker", "run", "--rm", "--network=host", "--workdir", _FOLDERS["workspace"]),
            *("-e", f"HOME={_FOLDERS['home']}"),
            *(part for name in environ for part in ("-e", name)),
            *(part for mount in mounts for part in ("-v", mount)),
            *options,
            self.image,
        ]

    def _environ(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a step: every input of action.yml is there, with its default."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        unknown = given.keys() - ACTION["inputs"].keys()
        if unknown:
            raise ValueError(f"the action has no inputs {sorted(unknown)}")
        defaults = {name: value["default"] for name, value in ACTION["inputs"].items()}
        values = defaults | {"token": self.token} | given
        return {
            **_ALWAYS,
            **self.environ,
            **{f"INPUT_{name.upper()}": value for name, value in values.items()},
        }


_ALWAYS: Final = {
    "ACTIONS_RUNTIME_TOKEN": "runtime-token-of-the-job",
    "ACTIONS_RUNTIME_URL": "https://runtime.invalid/",
    "CI": "true",
    "GITHUB_ACTION": "__mlval_mlval",
    "GITHUB_ACTIONS": "true",
    "GITHUB_ACTOR": "mona",
    "GITHUB_API_URL": "https://api.invalid",
    "GITHUB_EVENT_NAME": "workflow_dispatch",
    "GITHUB_EVENT_PATH": "/github/workflow/event.json",
    "GITHUB_GRAPHQL_URL": "https://api.invalid/graphql",
    "GITHUB_JOB": "mlval",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REPOSITORY": "octo/churn",
    "GITHUB_REPOSITORY_OWNER": "octo",
    "GITHUB_RUN_ATTEMPT": "1",
    "GITHUB_RUN_ID": "20",
    "GITHUB_RUN_NUMBER": "4",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_SHA": "d" * 40,
    "GITHUB_TRIGGERING_ACTOR": "mona",
    "GITHUB_WORKFLOW": "mlval",
    "GITHUB_WORKSPACE": "/github/workspace",
    "RUNNER_ARCH": "X64",
    "RUNNER_ENVIRONMENT": "github-hosted",
    "RUNNER_NAME": "runner",
    "RUNNER_OS": "Linux",
    "RUNNER_TEMP": "/github/runner_temp",
}
