"""What the Action may touch, and what its inputs say."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlval.action.declared import INPUTS
from mlval.flows import arguments
from mlval.flows.workspace import Chown, workspace
from mlval.github import inputs, runner
from mlval.github.client import Client
from mlval.github.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the Action may touch.

    Attributes
    ----------
    environ : the runner's environment; MLflow's client reads its credentials there
    write : to the log of the step
    clock : the time, with its zone
    word : a random word that nobody can guess
    chown : gives a path to a user and a group
    connect : makes a client of GitHub for an event and a token
    """

    environ: MutableMapping[str, str]
    write: runner.Writer
    clock: Callable[[], datetime]
    word: runner.Token
    chown: Chown
    connect: Callable[[Event, str], Client]

    def given(self, name: str) -> str:
        """Return an input, or its default where it is empty."""
        return inputs.text(self.environ, name, default=INPUTS[name])

    def is_on(self, name: str) -> bool:
        """Return an input that is `true` or `false`; anything else is a `UsageError`."""
        return arguments.switch(self.given(name), f"input `{name}`")

    def contracts(self) -> tuple[str, ...]:
        """Return the files and patterns that the input `contract` names."""
        return inputs.lines(self.environ, "contract") or (INPUTS["contract"],)

    def workspace(self) -> Path:
        """Return the folder that the runner checked out; a `UsageError` where there is none."""
        return workspace(self.environ.get("GITHUB_WORKSPACE", ""))
