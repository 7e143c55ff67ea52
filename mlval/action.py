"""The door of the Action: the runner's environment in; report, annotations, outputs and exit code out."""

import functools
import os
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mlval import __version__
from mlval.domain.advice import Finding
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, ExitCode, UsageError
from mlval.domain.reports import Reports
from mlval.domain.verdict import BaseResult, Report
from mlval.flows import annotations, arguments, certificates
from mlval.flows.base_result import ARTIFACT, base_result
from mlval.flows.caging import caging, environments_folder, is_root
from mlval.flows.contract_file import DEFAULT
from mlval.flows.guarding import Guard, after_run, over_joined, with_gone
from mlval.flows.legs import read_legs
from mlval.flows.many import Change, Located, Task, Wish, judge_each
from mlval.flows.merge import merge
from mlval.flows.outputs import NAMES, clear, prepare, prepare_for, render_each, write_all
from mlval.flows.policy_guard import Guarding
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
from mlval.github.changes import changed_files
from mlval.github.client import Client, public_authorities, session
from mlval.github.errors import EventError, PublishError
from mlval.github.event import Event
from mlval.github.retry import Clock
from mlval.github.step import Step
from mlval.measure.connection import Resources
from mlval.report import combined, escape
from mlval.report.ending import ending
from mlval.report.ending import markdown as ending_as_markdown
from mlval.report.progress import Quiet
from mlval.sources.bucket import Buckets
from mlval.sources.confine import Boundary
from mlval.sources.database import Databases
from mlval.sources.mlflow import Artifacts

INPUTS: Final[Mapping[str, str]] = {
    "contract": DEFAULT,
    "name": "",
    "merge": "",
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
    "guard": "true",
    "base-report": ARTIFACT,
    "ca-bundle": "",
    "comment": "true",
    "status": "true",
    "doctor": "false",
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
        with _authorities(world):
            return _judged(world, step)
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not look like a verdict
        return _failed(step, error)


def _authorities(world: World) -> AbstractContextManager[None]:
    given = _input(world, "ca-bundle")
    root = workspace(world.environ.get("GITHUB_WORKSPACE", "")) if given else Path()
    return certificates.trusted(world.environ, given, root=root, public=public_authorities())


def _judged(world: World, step: Step) -> int:
    if arguments.switch(_input(world, "doctor"), "input `doctor`"):
        return _examined(world, step)
    _refuse_event(world.environ)
    root = workspace(world.environ.get("GITHUB_WORKSPACE", ""))
    folder = output_folder(root, _input(world, "output"))
    wanted = Wanted(
        *(arguments.switch(_input(world, name), f"input `{name}`") for name in ("comment", "status"))
    )
    new = missing_folders(root, folder)
    clear(folder)
    prepare(folder)
    github = _github(world)
    reports = _reports(world, step, Places(root, folder), github=github)
    files = render_each(reports)
    new += tuple(one for one in sorted({(folder / name).parent for name in files}) if not one.exists())
    write_all(folder, files)
    trouble = hand_over(root, [*new, *(folder / name for name in files)], chown=world.chown)
    step.quote(combined.terminal(reports, color=False, width=_WIDTH))
    step.annotate(annotations.of_reports(reports))
    if trouble:
        step.warn(trouble)
    step.summarise(*combined.variants(reports))
    step.put_out(_outputs(reports, folder.relative_to(root)))
    _publish(step, reports, github, wanted=wanted)
    return reports.exit_code


def _examined(world: World, step: Step) -> int:
    """Look at everything that the gate rests on, from inside of its container, and judge nothing."""
    from mlval.flows.doctor import Surroundings, examine, told  # wanted where somebody sets the gate up

    root = workspace(world.environ.get("GITHUB_WORKSPACE", ""))
    references = inputs.lines(world.environ, "contract") or (INPUTS["contract"],)
    with tempfile.TemporaryDirectory(prefix="mlval-") as scratch:
        around = Surroundings(
            environ=world.environ,
            root=root,
            contract=references[0],
            artifacts=Artifacts(world.environ, Path(scratch)),
            token=inputs.text(world.environ, "token"),
            connect=world.connect,
        )
        found = tuple(examine(around))
    step.quote("".join(map(told, found)))
    is_well = all(one.finding is not Finding.MISSING for one in found)
    return ExitCode.PASSED if is_well else ExitCode.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Places:
    """Folders with every link followed: the workspace, and where outputs go."""

    root: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class GitHub:
    """What is known of GitHub: the event, a client where there is a token, else why there is none."""

    event: Event | None = None
    client: Client | None = None
    trouble: str = ""


def _github(world: World) -> GitHub:
    """Read the event; that it cannot be read is told where it would be needed, and changes no verdict."""
    token = inputs.text(world.environ, "token")
    try:
        payload = Path(world.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
        found = event.read(world.environ, payload)
        return GitHub(found, world.connect(found, token) if token else None)
    except (EventError, PublishError, OSError) as error:
        return GitHub(trouble=str(error))
    except Exception as error:  # noqa: BLE001 - a bug on the way to GitHub must not look like a verdict
        return GitHub(trouble=_bug(error))


def _publish(step: Step, reports: Reports, github: GitHub, *, wanted: Wanted) -> None:
    """Tell GitHub; whatever goes wrong here is a warning and leaves the verdict as it is."""
    if not (wanted.comment or wanted.status):
        return
    if github.event is None:
        step.warn(f"Nothing was published: {github.trouble}")
        return
    client = None if github.event.token_is_read_only else github.client
    try:
        tell(step, publish_report(client, github.event, reports, wanted=wanted))
    except (EventError, PublishError, OSError) as error:
        step.warn(f"Nothing was published: {error}")
    except Exception as error:  # noqa: BLE001 - a bug in publishing must not look like a verdict either
        step.warn(f"Nothing was published: {_bug(error)}")


def _bug(error: Exception) -> str:
    return f"a bug of mlval {__version__} ({type(error).__name__}); please report it."


def _refuse_event(environ: Mapping[str, str]) -> None:
    name = environ.get("GITHUB_EVENT_NAME", "")
    if not name:
        message = "GITHUB_EVENT_NAME is not set"
        raise UsageError(message, remedy="this is the door of the Action; on your machine use `mlval run`")
    refusal = event.refuse(name)
    if refusal is not None:
        raise UsageError(refusal.sentence, remedy=refusal.remedy)


def _reports(world: World, step: Step, places: Places, *, github: GitHub) -> Reports:
    """Read the contracts; then judge them, or join what other jobs have judged."""
    environ, root = world.environ, places.root
    folders, buckets = arguments.places(inputs.lines(environ, "allow-sources"))
    boundary = Boundary(root, tuple(root / folder for folder in folders))
    repository = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2]
    references = inputs.lines(environ, "contract") or (INPUTS["contract"],)
    default_name = repository or root.name
    contracts = located(boundary, references, default_name=default_name)
    guard = _guard(world, github, places, default_name=default_name)
    name = arguments.contract_name(_input(world, "name"), "input `name`")
    now = _input(world, "now")
    moment = arguments.moment(now, "input `now`") if now else arguments.clock_time(world.clock())
    prepare_for(places.folder, contracts)
    change = Change(root, _changed(step, contracts, github))
    if results := inputs.lines(environ, "merge"):
        legs = read_legs(results, boundary, root, trusted=False)
        joined = merge(contracts, legs, name=name, change=change, now=moment)
        if guard is None:
            return joined
        return with_gone(guard, over_joined(guard, joined, contracts), references, now=moment)
    bindings = Bindings(
        arguments.pairs(inputs.lines(environ, "data"), "input `data`"),
        arguments.pairs(inputs.lines(environ, "models"), "input `models`"),
    )
    threads, memory = (_input(world, name) for name in ("threads", "memory"))

    def judged(task: Task) -> Report:
        found = guard.findings(task.contract, task.bindings) if guard else Guarding()
        base = _base_result(world, github, task.contract.name)
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
                contract=task.contract,
                base=task.base,
                start=root,
                boundary=boundary,
                bindings=task.bindings,
                only=task.only,
                now=moment,
                resources=resources,
                artifacts=Artifacts(environ, Path(scratch)),
                buckets=Buckets(Path(scratch), buckets),
                databases=Databases(environ, Path(scratch), inputs.words(environ, "allow-connections")),
                caging=_caging(world, Path(private)),
                allow_examples=arguments.switch(_input(world, "allow-examples"), "input `allow-examples`"),
                stranger=github.event is not None and github.event.token_is_read_only,
                terms=found.terms,
                base_result=base if isinstance(base, BaseResult) else None,
            )
            report = run(request, Quiet())
        return after_run(report, found, base, own=task.contract.terms)

    only = inputs.words(environ, "only")
    wish = Wish(name=name, only=only, bindings=bindings, start=root, change=change)
    reports = judge_each(contracts, wish, judged)
    return with_gone(guard, reports, references, now=moment) if guard else reports


def _guard(world: World, github: GitHub, places: Places, *, default_name: str) -> Guard | None:
    if not arguments.switch(_input(world, "guard"), "input `guard`"):
        return None
    return Guard(
        root=places.root,
        default_name=default_name,
        event_name=world.environ.get("GITHUB_EVENT_NAME", ""),
        event=github.event,
        client=github.client,
        trouble=github.trouble,
    )


def _base_result(world: World, github: GitHub, name: str) -> BaseResult | str:
    """Return what the base branch has been judged to be, or why that is not known."""
    if github.event is None or github.client is None:
        return github.trouble or "there is no token to ask GitHub for it"
    return base_result(github.client, github.event, name, artifact=_input(world, "base-report"))


def _changed(step: Step, contracts: Sequence[Located], github: GitHub) -> tuple[str, ...] | None:
    """Ask GitHub which files the event changes, if a contract wants to know; None where it does not say."""
    asked = any(isinstance(one.contract, Contract) and one.contract.terms.changed for one in contracts)
    if not asked or github.event is None or github.client is None:
        return None
    try:
        return changed_files(github.client, github.event)
    except PublishError as error:
        step.warn(f"Which files changed is not known, so that every contract is judged: {error}")
        return None


def _caging(world: World, private: Path) -> Caging:
    seconds, memory = _input(world, "model-timeout"), _input(world, "model-memory")
    degraded, downloads = (
        arguments.switch(_input(world, name), f"input `{name}`")
        for name in ("allow-degraded-sandbox", "allow-python-downloads")
    )
    return caging(
        private,
        world.environ,
        environments=environments_folder(world.environ.get("HOME"), is_root=is_root()),
        allow_degraded=degraded,
        python_downloads=downloads,
        seconds=arguments.seconds(seconds, "input `model-timeout`") if seconds else None,
        memory=arguments.size(memory, "input `model-memory`") if memory else None,
    )


def _outputs(reports: Reports, folder: Path) -> dict[str, str]:
    """Return the outputs; of several contracts counts are summed, and each result has a line."""
    counts = Counter[str]()
    for report in reports.judged:
        counts.update(report.verdict.counts)
    alone = reports.alone
    results = (
        [folder / NAMES[0]]
        if alone
        else [folder / report.contract_name / NAMES[0] for report in reports.judged]
    )
    return {
        "verdict": combined.state(reports).value,
        "exit-code": str(int(reports.exit_code)),
        "reason": alone.verdict.reason if alone else escape.terminal(combined.headline(reports)),
        **{name: str(counts[name]) for name in COUNTS},
        "result-file": "\n".join(path.as_posix() for path in results),
        **{name: (folder / file).as_posix() for name, file in FILES.items() if file != NAMES[0]},
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
    if is_root():
        os.chown(path, user, group, follow_symlinks=False)
