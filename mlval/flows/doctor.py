"""Looking at everything that the gate rests on, before anybody relies on it; nothing is judged."""

import os
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlval.config.findings import Unreadable
from mlval.config.yaml_nodes import document
from mlval.domain.advice import Advice, missing, note, well
from mlval.domain.contract import Contract
from mlval.domain.errors import MlvalError
from mlval.domain.text import shown
from mlval.flows.contract_file import read_contract
from mlval.github import codeowners, enterprise, event, permissions
from mlval.github.errors import EventError, PublishError
from mlval.github.event import Event
from mlval.github.publish import PERMISSIONS
from mlval.github.workflow_gates import Gate, gates
from mlval.scoring.cage.layers import REMEDIES, Layer, layers
from mlval.sources.mlflow import Artifacts
from mlval.sources.mlflow_uri import is_mlflow

if TYPE_CHECKING:
    from mlval.github.client import Client

LARGEST: Final = 1 << 20
"""Bytes of a workflow file that is looked at."""
_WORKFLOWS: Final = ".github/workflows"
_RUNNER_FILES: Final = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is looked at.

    Attributes
    ----------
    environ : the environment of the process
    root : the top of the repository
    contract : the contract, relative to it
    artifacts : where MLflow would be asked
    token : the token of the job; empty where there is none
    connect : makes a client of GitHub for an event and a token
    layers : tries every layer of the cage
    """

    environ: Mapping[str, str]
    root: Path
    contract: str
    artifacts: Artifacts
    token: str = ""
    connect: Callable[[Event, str], "Client"]
    layers: Callable[[], tuple[Layer, ...]] = layers


def told(advice: Advice) -> str:
    """Return one fact as a line, and what mends it below."""
    line = f"{advice.finding:<8}{advice.topic:<10}{advice.sentence}\n"
    return line + textwrap.indent(f"{advice.remedy}\n", " " * 18) if advice.remedy else line


def examine(around: Surroundings) -> Iterator[Advice]:
    """Yield one fact after the other; what cannot be looked at is said as well."""
    in_workflow = around.environ.get("GITHUB_ACTIONS") == "true"
    if in_workflow:
        yield from _event(around)
        yield from _mounts(around)
    else:
        yield note("event", "this is no workflow of GitHub's", "event, token and mounts are looked at there")
    contract = _contract(around)
    yield contract if isinstance(contract, Advice) else _read(contract, around)
    if isinstance(contract, Contract):
        yield from _mlflow(contract, around)
    yield from _checks(around)
    yield from _owners(around)
    yield from _cage(
        around.layers(), is_wanted=not isinstance(contract, Contract) or _starts_models(contract)
    )


def _event(around: Surroundings) -> Iterator[Advice]:
    try:
        text = Path(around.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
        found = event.read(around.environ, text)
    except (EventError, OSError) as error:
        yield missing("event", f"the event cannot be read: {shown(error)}", "mount the runner's event file")
        return
    if refusal := event.refuse(found.name):
        yield missing("event", f"{found.name}: the gate does not start here", refusal.remedy)
    else:
        whose = " from a fork" if found.is_fork else " by Dependabot" if found.is_dependabot else ""
        yield well("event", f"{found.name}{whose}")
    yield from _token(around, found)


def _token(around: Surroundings, found: Event) -> Iterator[Advice]:
    if found.token_is_read_only:
        yield note(
            "token",
            "GitHub gives this run no token that may write",
            "add the `workflow_run` workflow that calls `mlval publish`",
        )
        return
    if not around.token:
        yield missing("token", "there is no token", "give the step `token: ${{ github.token }}`")
        return
    client = around.connect(found, around.token)
    try:
        may = {"statuses": permissions.may_set_status(client)}
        if found.pull_request is not None:
            may["pull-requests"] = permissions.may_comment(client, found.pull_request)
    except PublishError as error:
        yield missing("token", f"GitHub could not be asked: {error}", "check the token and `GITHUB_API_URL`")
        return
    for scope, allowed in may.items():
        if allowed:
            yield well("token", f"{scope}: write")
        else:
            yield missing("token", f"{scope}: write is not granted", f"give the job:\n{PERMISSIONS}")


def _mounts(around: Surroundings) -> Iterator[Advice]:
    if os.access(around.root, os.W_OK):
        yield well("workspace", "can be read and written")
    else:
        yield missing("workspace", "cannot be written to", "run as the user that the checkout belongs to")
    for name in _RUNNER_FILES:
        path = around.environ.get(name, "")
        if path and os.access(path, os.W_OK):
            yield well("runner", f"{name} can be written")
        else:
            yield missing(
                "runner",
                f"{name} cannot be written",
                "run it as a step of a job, not in a container of your own",
            )


def _contract(around: Surroundings) -> Contract | Advice:
    try:
        return read_contract(around.root / around.contract, around.contract)
    except MlvalError as error:
        return missing("contract", shown(error, 400), error.remedy or "run `mlval lint`")


def _read(contract: Contract, around: Surroundings) -> Advice:
    asked = len(contract.validations)
    return well("contract", f"{shown(around.contract)}: {asked:,} validation{'' if asked == 1 else 's'}")


def _mlflow(contract: Contract, around: Surroundings) -> Iterator[Advice]:
    texts = [one for model in contract.inputs.models.values() for one in (model.uri, model.metrics)]
    texts += [dataset.mlflow for dataset in contract.inputs.datasets.values()]
    if not any(isinstance(one, str) and is_mlflow(one) for one in texts):
        return
    try:
        around.artifacts.connect().client.search_registered_models(max_results=1)
    except MlvalError as error:
        yield missing("mlflow", shown(error, 400), error.remedy)
    except Exception as error:  # noqa: BLE001 - the client raises many kinds; its words may hold addresses
        remedy = "check MLFLOW_TRACKING_URI and the credentials beside it"
        yield missing("mlflow", f"the server does not answer ({type(error).__name__})", remedy)
    else:
        yield well("mlflow", "the server answers")


def _checks(around: Surroundings) -> Iterator[Advice]:
    found: list[Gate] = []
    is_server = enterprise.is_server(around.environ.get("GITHUB_SERVER_URL", "https://github.com"))
    for path in sorted((around.root / _WORKFLOWS).glob("*.y*ml")):
        name = f"{_WORKFLOWS}/{path.name}"
        try:
            text = path.read_bytes()[:LARGEST]
            found += gates(name, document(text).value)
        except (Unreadable, OSError):
            yield note("workflow", f"{shown(name)} cannot be read", "see the run of the workflow itself")
            continue
        for what, remedy in enterprise.absences(text.decode("utf-8", "replace")) if is_server else ():
            yield missing("workflow", f"{shown(name)}: {shown(what)} is not there on this server", remedy)
    judging = [gate for gate in found if {"pull_request", "merge_group"} & set(gate.triggers)]
    if not judging:
        yield missing(
            "check",
            "no workflow judges pull requests",
            "copy the workflow `pull-request-gate.yml` of mlval's README to `.github/workflows/`",
        )
    for gate in judging:
        yield from _required(gate)
    named = [gate.check for gate in judging if gate.check is not None]
    for name in sorted({one for one in named if named.count(one) > 1}):
        yield missing("check", f"several jobs are called {shown(name)}", "give each job a name of its own")


def _required(gate: Gate) -> Iterator[Advice]:
    where = f"{shown(gate.file)}, job {shown(gate.job)}"
    if gate.check is None:
        remedy = "add one job that runs `mlval merge` with `if: always()`, and require that"
        yield missing("check", f"{where}: has a name of its own in every leg of a matrix", remedy)
    else:
        yield well("check", f"{where}: require the check {shown(gate.check)!r}")
    if "merge_group" not in gate.triggers:
        remedy = "add `merge_group:` to `on:`; a merge queue waits for ever for a check that never comes"
        yield missing("check", f"{where}: does not start in a merge queue", remedy)
    for event_name in gate.unguarded():
        remedy = "leave it to branches that are merged, or out: nothing is compared with a base there"
        yield missing("check", f"{where}: `{event_name}:` gives any branch the same check, unguarded", remedy)
    for key in gate.filters():
        remedy = f"remove `{key}:` and name the files in the contract: `changed:`"
        yield missing("check", f"{where}: `{key}:` keeps the check from coming at all", remedy)


def _owners(around: Surroundings) -> Iterator[Advice]:
    files = [around.root / name for name in codeowners.PLACES if (around.root / name).is_file()]
    text = files[0].read_text(encoding="utf-8", errors="replace")[:LARGEST] if files else ""
    for path, what in ((around.contract, "the contract"), (f"{_WORKFLOWS}/any.yml", "the workflows")):
        owners = codeowners.owners(text, path)
        if owners:
            yield well("owners", f"{what}: {shown(', '.join(owners))}")
        else:
            line = f"/{around.contract} @TEAM" if what == "the contract" else "/.github/ @TEAM"
            yield missing("owners", f"CODEOWNERS names nobody for {what}", f"add the line `{line}`")


def _starts_models(contract: Contract) -> bool:
    """Whether the contract names a model itself, and not only what it predicted or how it scored."""
    models = contract.inputs.models.values()
    return any(one.uri or one.path or one.source for one in models)


def _cage(found: tuple[Layer, ...], *, is_wanted: bool) -> Iterator[Advice]:
    for layer in found:
        if layer.holds:
            yield well("cage", f"{layer.name}: {shown(layer.detail)}")
        elif not is_wanted:
            remedy = "only a model that is loaded needs it, and this contract names none"
            yield note("cage", f"{layer.name}: {shown(layer.detail)}", remedy)
        else:
            yield missing("cage", f"{layer.name}: {shown(layer.detail)}", REMEDIES[layer.name])
