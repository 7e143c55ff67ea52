"""GitHub and its runner as commands reach them: this machine's environment, network and clock."""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from mlval.domain.errors import UsageError
from mlval.github import masking
from mlval.github.client import Client, session
from mlval.github.event import Event
from mlval.github.retry import Clock
from mlval.github.runner import Writer
from mlval.github.step import Step

TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of the variable


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is outside: the environment, the log, random words, and how GitHub is reached."""

    environ: Mapping[str, str]
    write: Writer
    word: Callable[[], str]
    connect: Callable[[Event, str], Client]

    def step(self) -> Step:
        """Return the step that the runner listens to; what is secret is masked before anything is written."""
        step = Step(environ=self.environ, write=self.write, word=self.word)
        step.mask(masking.secrets(self.environ))
        return step

    def token(self) -> str:
        """Return the token of the job; a `UsageError` where there is none."""
        found = self.environ.get(TOKEN, "")
        if not found:
            message = f"{TOKEN} is not set"
            raise UsageError(message, remedy=f"env: {TOKEN}: ${{{{ github.token }}}}")
        return found


def outside() -> World:
    """Return the world of this process."""
    return World(
        environ=os.environ,
        write=partial(print, end="", flush=True),
        word=lambda: secrets.token_hex(16),
        connect=connected,
    )


def connected(event: Event, token: str) -> Client:
    """Return a client for an event."""
    clock = Clock(monotonic=time.monotonic, now=time.time, sleep=time.sleep)
    return Client(session(), event, token=token, clock=clock)


def lines(given: Iterable[str]) -> tuple[str, ...]:
    """Return every line of every value once, since the input of a step may hold several."""
    found = (line.strip() for one in given for line in one.splitlines())
    return tuple(dict.fromkeys(line for line in found if line))
