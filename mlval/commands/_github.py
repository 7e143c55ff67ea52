"""GitHub as commands reach it: over this machine's network, by its clock."""

import time

from mlval.github.client import Client, session
from mlval.github.event import Event
from mlval.github.retry import Clock


def connected(event: Event, token: str) -> Client:
    """Return a client for an event."""
    clock = Clock(monotonic=time.monotonic, now=time.time, sleep=time.sleep)
    return Client(session(), event, token=token, clock=clock)
