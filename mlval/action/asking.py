"""What GitHub is asked before anything is judged; where it does not answer, the reason is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlval import __version__
from mlval.action.world import World
from mlval.domain.contract import Contract
from mlval.domain.verdict import BaseResult
from mlval.flows.base_result import base_result
from mlval.flows.many import Located
from mlval.github import event, inputs
from mlval.github.changes import changed_files
from mlval.github.client import Client
from mlval.github.errors import EventError, PublishError
from mlval.github.event import Event
from mlval.github.step import Step


@dataclass(frozen=True, slots=True)
class GitHub:
    """What is known of GitHub: the event, a client where there is a token, else why there is none."""

    event: Event | None = None
    client: Client | None = None
    trouble: str = ""


def github(world: World) -> GitHub:
    """Read the event; that it cannot be read is told where it would be needed, and changes no verdict."""
    token = inputs.text(world.environ, "token")
    try:
        payload = Path(world.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
        found = event.read(world.environ, payload)
        return GitHub(found, world.connect(found, token) if token else None)
    except (EventError, PublishError, OSError) as error:
        return GitHub(trouble=str(error))
    except Exception as error:  # noqa: BLE001 - a bug on the way to GitHub must not look like a verdict
        return GitHub(trouble=bug(error))


def bug(error: Exception) -> str:
    """Return what is said of an error that is in no catalogue; its text may hold anything."""
    return f"a bug of mlval {__version__} ({type(error).__name__}); please report it."


def result_of_base(world: World, asked: GitHub, name: str) -> BaseResult | str:
    """Return what the base branch has been judged to be, or why that is not known."""
    if asked.event is None or asked.client is None:
        return asked.trouble or "there is no token to ask GitHub for it"
    return base_result(asked.client, asked.event, name, artifact=world.given("base-report"))


def changed(step: Step, contracts: Sequence[Located], asked: GitHub) -> tuple[str, ...] | None:
    """Return which files the event changes, if a contract wants to know; None where GitHub does not say."""
    is_wanted = any(isinstance(one.contract, Contract) and one.contract.terms.changed for one in contracts)
    if not is_wanted or asked.event is None or asked.client is None:
        return None
    try:
        return changed_files(asked.client, asked.event)
    except PublishError as error:
        step.warn(f"Which files changed is not known, so that every contract is judged: {error}")
        return None
