"""What every test of this room starts from: one pull request, some tokens, a clock that only tests move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import requests

from mlval.github.client import Client
from mlval.github.event import Event
from mlval.github.retry import Clock
from tests.github.faults import Fault
from tests.github.forge import REPOSITORY, Forge, Holder
from tests.github.stand_in import StandIn

PULL = 7
HEAD = "a" * 40
OLDER = "b" * 40
NEWER = "c" * 40
START = 1_790_000_000.0
"""The time at which every test begins, in seconds since 1970."""

BOT = "github-actions[bot]"
JOB, READER, PERSON, APP = "ghs_job", "ghs_reader", "ghp_person", "ghs_app"
WRITES = {"contents": "read", "pull_requests": "write", "statuses": "write", "checks": "write"}


@dataclass
class Timeline:
    """A clock that moves only when somebody waits."""

    passed: float = 0.0
    on_first_wait: Callable[[], None] = lambda: None
    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.passed, now=lambda: START + self.passed, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        if not self.waits:
            self.on_first_wait()
        self.waits.append(seconds)
        self.passed += seconds


def forge() -> Forge:
    """Return the repository: one open pull request whose newest commit is `HEAD`."""
    return Forge(
        holders={
            JOB: Holder(BOT, WRITES),
            READER: Holder(BOT, {"contents": "read", "pull_requests": "read", "statuses": "read"}),
            PERSON: Holder("mona"),
            APP: Holder("gatekeeper[bot]", WRITES),
        },
        heads={PULL: HEAD},
        commits={HEAD, OLDER, NEWER},
    )


def event(**changes: object) -> Event:
    """Return the event of the pull request, run 20, with some fields changed."""
    usual = Event(
        name="pull_request",
        repository=REPOSITORY,
        head_sha=HEAD,
        base_sha=OLDER,
        pull_request=PULL,
        is_fork=False,
        is_dependabot=False,
        server_url="https://github.com",
        api_url="",
        graphql_url="",
        run_id=20,
        run_attempt=1,
    )
    return replace(usual, **changes)  # type: ignore[arg-type] # the names of fields, spelt by tests


def limited(operation: str, *, seconds: int = 5) -> Fault:
    """Return one answer that asks to wait."""
    return Fault(operation, 429, {"Retry-After": str(seconds)})


@contextmanager
def connected(
    github: StandIn,
    *,
    token: str = JOB,
    timeline: Timeline | None = None,
    about: Event | None = None,
    silence: float = 10.0,
) -> Iterator[Client]:
    """Give a real client of the stand-in, over a real socket; it bears `silence` for so many seconds."""
    target = replace(about or event(), api_url=github.url, graphql_url=f"{github.url}/graphql")
    with requests.Session() as session:
        session.trust_env = False
        yield Client(
            session,
            target,
            token=token,
            clock=(timeline or Timeline()).clock(),
            timeout=(10.0, silence),
        )
