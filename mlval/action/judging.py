"""Inputs to reports: contracts are read, then judged, or joined from what other jobs have judged."""

import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mlval.action.asking import GitHub, changed, result_of_base
from mlval.action.world import World
from mlval.domain.reports import Reports
from mlval.domain.verdict import BaseResult, Report
from mlval.flows import arguments
from mlval.flows.caging import caging, environments_folder, is_root
from mlval.flows.guarding import Guard, after_run, over_joined, over_unchosen, with_gone
from mlval.flows.legs import read_legs
from mlval.flows.many import Change, Task, Wish, judge_each
from mlval.flows.merge import merge
from mlval.flows.outputs import prepare_for
from mlval.flows.policy_guard import Guarding
from mlval.flows.request import Bindings, Caging, Request
from mlval.flows.run import run
from mlval.flows.workspace import located
from mlval.github import inputs
from mlval.github.step import Step
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.bucket import Buckets
from mlval.sources.confine import Boundary
from mlval.sources.database import Databases
from mlval.sources.mlflow import Artifacts


@dataclass(frozen=True, slots=True)
class Places:
    """Folders with every link followed: the workspace, and where outputs go."""

    root: Path
    folder: Path


def reports(world: World, step: Step, places: Places, *, github: GitHub) -> Reports:
    """Read the contracts; then judge them, or join what other jobs have judged.

    Raises
    ------
    MlvalError
        If an input is not what it has to be, or what the only contract ended with.
    """
    environ, root = world.environ, places.root
    folders, buckets = arguments.places(inputs.lines(environ, "allow-sources"))
    boundary = Boundary(root, tuple(root / folder for folder in folders))
    default_name = environ.get("GITHUB_REPOSITORY", "").rpartition("/")[2] or root.name
    contracts = located(boundary, world.contracts(), default_name=default_name)
    guard = _guard(world, github, root, default_name=default_name) if world.is_on("guard") else None
    name = arguments.contract_name(world.given("name"), "input `name`")
    now = world.given("now")
    moment = arguments.moment(now, "input `now`") if now else arguments.clock_time(world.clock())
    prepare_for(places.folder, contracts)
    change = Change(root, changed(step, contracts, github))
    bindings = _bindings(world)
    if results := inputs.lines(environ, "merge"):
        legs = read_legs(results, boundary, root, trusted=False)
        found = merge(contracts, legs, name=name, change=change, now=moment, bindings=bindings)
        found = over_joined(guard, found, contracts, bindings=bindings) if guard else found
    else:
        only = inputs.words(environ, "only")
        wish = Wish(name=name, only=only, bindings=bindings, start=root, change=change)
        call = _Call(
            world=world, github=github, boundary=boundary, buckets=buckets, guard=guard, moment=moment
        )
        found = judge_each(contracts, wish, partial(_judged, call))
        found = over_unchosen(guard, found, contracts, now=moment) if guard else found
    return with_gone(guard, found, contracts, now=moment) if guard else found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What holds for every contract of a step: where it may read, who guards it, and its time."""

    world: World
    github: GitHub
    boundary: Boundary
    buckets: tuple[str, ...]
    guard: Guard | None
    moment: str


def _judged(call: _Call, task: Task) -> Report:
    """Judge one contract, after what the guard finds and beside what the base has been judged to be."""
    found = call.guard.findings(task.contract, task.bindings) if call.guard else Guarding()
    base = result_of_base(call.world, call.github, task.contract.name)
    with (
        tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
        tempfile.TemporaryDirectory(prefix="mlval-models-") as private,
    ):
        request = _request(call, task, scratch=Path(scratch), private=Path(private))
        asked = replace(
            request, terms=found.terms, base_result=base if isinstance(base, BaseResult) else None
        )
        report = run(asked, Quiet())
    return after_run(report, found, base, own=task.contract.terms)


def _request(call: _Call, task: Task, *, scratch: Path, private: Path) -> Request:
    environ, event = call.world.environ, call.github.event
    return Request(
        contract=task.contract,
        base=task.base,
        start=call.boundary.root,
        boundary=call.boundary,
        bindings=task.bindings,
        only=task.only,
        now=call.moment,
        resources=_resources(call.world, scratch),
        artifacts=Artifacts(environ, scratch),
        buckets=Buckets(scratch, call.buckets),
        databases=Databases(environ, scratch, inputs.words(environ, "allow-connections")),
        caging=_caging(call.world, private),
        allow_examples=call.world.is_on("allow-examples"),
        stranger=event is not None and event.token_is_read_only,
    )


def _bindings(world: World) -> Bindings:
    return Bindings(
        arguments.pairs(inputs.lines(world.environ, "data"), "input `data`"),
        arguments.pairs(inputs.lines(world.environ, "models"), "input `models`"),
    )


def _guard(world: World, github: GitHub, root: Path, *, default_name: str) -> Guard:
    return Guard(
        root=root,
        default_name=default_name,
        event_name=world.environ.get("GITHUB_EVENT_NAME", ""),
        event=github.event,
        client=github.client,
        trouble=github.trouble,
        references=world.contracts(),
    )


def _resources(world: World, scratch: Path) -> Resources:
    threads, memory = world.given("threads"), world.given("memory")
    return Resources(
        scratch,
        arguments.threads(threads, "input `threads`") if threads else None,
        arguments.memory(memory, "input `memory`") if memory else None,
    )


def _caging(world: World, private: Path) -> Caging:
    seconds, memory = world.given("model-timeout"), world.given("model-memory")
    return caging(
        private,
        world.environ,
        environments=environments_folder(world.environ.get("HOME"), is_root=is_root()),
        allow_degraded=world.is_on("allow-degraded-sandbox"),
        python_downloads=world.is_on("allow-python-downloads"),
        seconds=arguments.seconds(seconds, "input `model-timeout`") if seconds else None,
        memory=arguments.size(memory, "input `model-memory`") if memory else None,
    )
