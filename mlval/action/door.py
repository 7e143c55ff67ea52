"""Where the Action begins and ends: what the runner gives is masked, judged and told, in this order."""

import functools
import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mlval.action.asking import github
from mlval.action.judging import Places, reports
from mlval.action.telling import failed, outputs, publish
from mlval.action.world import World
from mlval.domain.advice import Finding
from mlval.domain.errors import ExitCode, UsageError
from mlval.flows import annotations, certificates
from mlval.flows.caging import is_root
from mlval.flows.outputs import clear, clear_each, prepare, render_each, write_all
from mlval.flows.publishing import Wanted
from mlval.flows.workspace import hand_over, missing_folders, output_folder
from mlval.github import event, inputs, masking
from mlval.github.client import Client, public_authorities, session
from mlval.github.event import Event
from mlval.github.retry import Clock
from mlval.github.step import Step
from mlval.report import combined
from mlval.sources.mlflow import Artifacts

_WIDTH: Final = 120


def from_runner() -> int:
    """Run in the container that the runner started."""
    return main(
        World(
            environ=os.environ,
            write=functools.partial(print, end="", flush=True),
            clock=lambda: datetime.now(UTC),
            word=lambda: secrets.token_hex(16),
            chown=_chown,
            connect=_connect,
        )
    )


def main(world: World) -> int:
    """Judge the contract of the workspace, tell the runner, and return the exit code of the step."""
    step = Step(environ=world.environ, write=world.write, word=world.word)
    # Nothing may be written before the secrets are masked.
    step.mask(masking.secrets(world.environ))
    try:
        with _authorities(world):
            return _judged(world, step)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not look like a verdict
        return failed(step, error)


def _authorities(world: World) -> AbstractContextManager[None]:
    given = world.given("ca-bundle")
    root = world.workspace() if given else Path()
    return certificates.trusted(world.environ, given, root=root, public=public_authorities())


def _judged(world: World, step: Step) -> int:
    if world.is_on("doctor"):
        return _examined(world, step)
    _refuse_event(world.environ)
    root = world.workspace()
    folder = output_folder(root, world.given("output"))
    wanted = Wanted(comment=world.is_on("comment"), status=world.is_on("status"))
    new = missing_folders(root, folder)
    clear(folder)
    prepare(folder)
    known = github(world)
    found = reports(world, step, Places(root, folder), github=known)
    if found.alone is None:
        # The guard may have added contracts that the checkout has not, but perhaps links of their names.
        clear_each(folder, [report.contract_name for report in found.judged])
    files = render_each(found)
    new += tuple(one for one in sorted({(folder / name).parent for name in files}) if not one.exists())
    write_all(folder, files)
    trouble = hand_over(root, [*new, *(folder / name for name in files)], chown=world.chown)
    step.quote(combined.terminal(found, color=False, width=_WIDTH))
    step.annotate(annotations.of_reports(found))
    if trouble:
        step.warn(trouble)
    step.summarise(*combined.variants(found))
    step.put_out(outputs(found, folder.relative_to(root)))
    publish(step, found, known, wanted=wanted)
    return found.exit_code


def _examined(world: World, step: Step) -> int:
    """Look at everything that the gate rests on, from inside of its container, and judge nothing."""
    from mlval.flows.doctor import Surroundings, examine, told  # wanted where somebody sets the gate up

    root = world.workspace()
    with tempfile.TemporaryDirectory(prefix="mlval-") as scratch:
        around = Surroundings(
            environ=world.environ,
            root=root,
            contract=world.contracts()[0],
            artifacts=Artifacts(world.environ, Path(scratch)),
            token=inputs.text(world.environ, "token"),
            connect=world.connect,
        )
        found = tuple(examine(around))
    step.quote("".join(map(told, found)))
    is_well = all(one.finding is not Finding.MISSING for one in found)
    return ExitCode.PASSED if is_well else ExitCode.UNAVAILABLE


def _refuse_event(environ: Mapping[str, str]) -> None:
    name = environ.get("GITHUB_EVENT_NAME", "")
    if not name:
        message = "GITHUB_EVENT_NAME is not set"
        raise UsageError(message, remedy="this is the door of the Action; on your machine use `mlval run`")
    refusal = event.refuse(name)
    if refusal is not None:
        raise UsageError(refusal.sentence, remedy=refusal.remedy)


def _connect(found: Event, token: str) -> Client:
    return Client(
        session(), found, token=token, clock=Clock(monotonic=time.monotonic, now=time.time, sleep=time.sleep)
    )


def _chown(path: Path, user: int, group: int) -> None:
    if is_root():
        os.chown(path, user, group, follow_symlinks=False)
