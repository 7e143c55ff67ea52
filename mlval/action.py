"""The door of the Action: the runner's environment in; report, annotations, outputs and exit code out."""

import functools
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mlval import __version__
from mlval.domain.errors import ContractError, UsageError
from mlval.domain.verdict import Report
from mlval.flows import annotations, arguments
from mlval.flows.caging import caging, environments_folder
from mlval.flows.contract_file import DEFAULT
from mlval.flows.outputs import NAMES, clear, prepare, render_all, write_all
from mlval.flows.publishing import Wanted, publish_report, tell
from mlval.flows.request import Bindings, Caging, Request
from mlval.flows.run import run
from mlval.flows.workspace import (
    Chown,
    hand_over,
    located,
    missing_folders,
    output_folder,
    workspace,
)
from mlval.github import event, inputs, masking, runner
from mlval.github.client import Client, session
from mlval.github.errors import EventError, PublishError
from mlval.github.event import Event
from mlval.github.retry import Clock
from mlval.github.step import Step
from mlval.measure.connection import Resources
from mlval.report import markdown, terminal
from mlval.report.ending import ending
from mlval.report.ending import markdown as ending_as_markdown
from mlval.report.progress import Quiet
from mlval.sources.bucket import Buckets
from mlval.sources.confine import Boundary
from mlval.sources.database import Databases
from mlval.sources.mlflow import Artifacts

INPUTS: Final[Mapping[str, str]] = {
    "contract": DEFAULT,
    "data": "",
    "models": "",
    "only": "",
    "output": "mlval-report",
    "allow-sources": "",
    "allow-connections": "",
    "allow-examples": "false",
    "allow-degraded-sandbox": "false",
    "allow-python-downloads": "false",
    "model-timeout": "",
    "model-memory": "",
    "threads": "",
    "memory": "",
    "now": "",
    "comment": "true",
    "status": "true",
    "token": "${{ github.token }}",
}
"""The inputs of action.yml with their defaults."""

FILES: Final[Mapping[str, str]] = dict(zip(("result-file", "report-file", "junit-file"), NAMES, strict=True))
"""The outputs that name a file, and what that file is called in the output folder."""

COUNTS: Final = ("passed", "failed", "inconclusive", "skipped", "errored", "blocking")
OUTPUTS: Final = ("verdict", "exit-code", "reason", *COUNTS, *FILES)
"""The outputs of action.yml, in its order."""

_WIDTH: Final = 120


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
        return _judged(world, step)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not look like a verdict
        return _failed(step, error)


def _judged(world: World, step: Step) -> int:
    _refuse_event(world.environ)
    root = workspace(world.environ.get("GITHUB_WORKSPACE", ""))
    folder = output_folder(root, _input(world, "output"))
    wanted = Wanted(
        *(arguments.switch(_input(world, name), f"input `{name}`") for name in ("comment", "status"))
    )
    new = missing_folders(root, folder)
    clear(folder)
    prepare(folder)
    report = _report(world, root)
    write_all(folder, render_all(report))
    written = (folder / name for name in FILES.values())
    trouble = hand_over(root, [*new, *written], chown=world.chown)
    step.quote(terminal.render(report, color=False, width=_WIDTH))
    step.annotate(annotations.of_report(report))
    if trouble:
        step.warn(trouble)
    step.summarise(markdown.render(report), markdown.render(report, level="failures"))
    step.put_out(_outputs(report, folder.relative_to(root)))
    _publish(world, step, report, wanted=wanted)
    return report.verdict.exit_code


def _publish(world: World, step: Step, report: Report, *, wanted: Wanted) -> None:
    """Tell GitHub; whatever goes wrong here is a warning and leaves the verdict as it is."""
    if not (wanted.comment or wanted.status):
        return
    token = inputs.text(world.environ, "token")
    try:
        payload = Path(world.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
        found = event.read(world.environ, payload)
        client = world.connect(found, token) if token and not found.token_is_read_only else None
        tell(step, publish_report(client, found, report, wanted=wanted))
    except (EventError, PublishError, OSError) as error:
        step.warn(f"Nothing was published: {error}")
    except Exception as error:  # noqa: BLE001 - a bug in publishing must not look like a verdict either
        step.warn(
            f"Nothing was published: a bug of mlval {__version__} ({type(error).__name__}); please report it."
        )


def _refuse_event(environ: Mapping[str, str]) -> None:
    name = environ.get("GITHUB_EVENT_NAME", "")
    if not name:
        message = "GITHUB_EVENT_NAME is not set"
        raise UsageError(message, remedy="this is the door of the Action; on your machine use `mlval run`")
    refusal = event.refuse(name)
    if refusal is not None:
        raise UsageError(refusal.sentence, remedy=refusal.remedy)


def _report(world: World, root: Path) -> Report:
    """Read the contract, then measure and judge what it demands."""
    environ = world.environ
    folders, buckets = arguments.places(inputs.lines(environ, "allow-sources"))
    boundary = Boundary(root, tuple(root / folder for folder in folders))
    bindings = Bindings(
        arguments.pairs(inputs.lines(environ, "data"), "input `data`"),
        arguments.pairs(inputs.lines(environ, "models"), "input `models`"),
    )
    now, threads, memory = (_input(world, name) for name in ("now", "threads", "memory"))
    repository = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    contract = located(boundary, _input(world, "contract"), default_name=repository or root.name)
    with (
        tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
        tempfile.TemporaryDirectory(prefix="mlval-models-") as private,
    ):
        resources = Resources(
            Path(scratch),
            arguments.threads(threads, "input `threads`") if threads else None,
            arguments.memory(memory, "input `memory`") if memory else None,
        )
        request = Request(
            contract=contract.contract,
            base=contract.base,
            start=root,
            boundary=boundary,
            bindings=bindings,
            only=inputs.words(environ, "only"),
            now=arguments.moment(now, "input `now`") if now else arguments.clock_time(world.clock()),
            resources=resources,
            artifacts=Artifacts(environ, Path(scratch)),
            buckets=Buckets(Path(scratch), buckets),
            databases=Databases(environ, Path(scratch), inputs.words(environ, "allow-connections")),
            caging=_caging(world, Path(private)),
            allow_examples=arguments.switch(_input(world, "allow-examples"), "input `allow-examples`"),
        )
        return run(request, Quiet())


def _caging(world: World, private: Path) -> Caging:
    seconds, memory = _input(world, "model-timeout"), _input(world, "model-memory")
    degraded, downloads = (
        arguments.switch(_input(world, name), f"input `{name}`")
        for name in ("allow-degraded-sandbox", "allow-python-downloads")
    )
    return caging(
        private,
        world.environ,
        environments=environments_folder(None, is_root=True),
        allow_degraded=degraded,
        python_downloads=downloads,
        seconds=arguments.seconds(seconds, "input `model-timeout`") if seconds else None,
        memory=arguments.size(memory, "input `model-memory`") if memory else None,
    )


def _outputs(report: Report, folder: Path) -> dict[str, str]:
    verdict = report.verdict
    return {
        "verdict": verdict.state.value,
        "exit-code": str(int(verdict.exit_code)),
        "reason": verdict.reason,
        **{name: str(verdict.counts.get(name, 0)) for name in COUNTS},
        **{name: (folder / file).as_posix() for name, file in FILES.items()},
    }


def _failed(step: Step, error: Exception) -> int:
    """Say why nothing was judged; later steps find that in the outputs as well."""
    end = ending(error, version=__version__)
    step.quote("\n".join(end.lines))
    if isinstance(error, ContractError):
        step.annotate(tuple(annotations.of_mistakes(error)))
    else:
        step.annotate((runner.Annotation(runner.Level.ERROR, end.sentence, title="mlval"),))
    step.summarise(ending_as_markdown(end))
    step.put_out({"verdict": "error", "exit-code": str(int(end.exit_code)), "reason": end.sentence})
    return end.exit_code


def _input(world: World, name: str) -> str:
    return inputs.text(world.environ, name, default=INPUTS[name])


def _connect(found: Event, token: str) -> Client:
    return Client(
        session(), found, token=token, clock=Clock(monotonic=time.monotonic, now=time.time, sleep=time.sleep)
    )


def _chown(path: Path, user: int, group: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, user, group, follow_symlinks=False)
