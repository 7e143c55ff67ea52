"""Scoring: a model in its cage is shown the features of a dataset, and its predictions become a table."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mlval.domain.asks import Ask, Scores, Shape, TableShape
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.feature_change import ShownFeatures
from mlval.domain.inputs import Dataset, Model
from mlval.domain.model_findings import ModelFindings
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.models import Models, Opened, moved, reference
from mlval.flows.request import Progress, Request
from mlval.measure.driver import crashed
from mlval.measure.engine import Engine
from mlval.scoring.findings import inspect

if TYPE_CHECKING:
    from mlval.domain.asks import Column
    from mlval.flows.scoring_session import Session
    from mlval.scoring.environment import Environment
    from mlval.scoring.scorer import Loaded

Key = tuple[str, str]
"""A model and a dataset."""
_SESSIONS: Final = 5
"""How often a model is started that breaks."""


class Scoring:
    """Answers what is asked about models, and scores each on a dataset once."""

    def __init__(self, request: Request, engine: Engine, opened: Models) -> None:
        """Take over the models; none is started before it is asked for."""
        self._request, self._engine, self._opened = request, engine, opened
        self._scored: set[Scores] = set()
        self._names: dict[Key, tuple[str, ...] | MlvalError] = {}
        self._notes: dict[str, dict[str, None]] = {}
        self.cautions: tuple[str, ...] = ()
        """What weakens every verdict about these models."""

    def answer(self, asks: Sequence[Ask[Any]], progress: Progress) -> Mapping[Ask[Any], Any]:
        """Answer what the files tell, and have ready the predictions that the engine will be asked for."""
        found: dict[Ask[Any], Any] = {
            ask: self._findings(ask) for ask in asks if isinstance(ask, ModelFindings)
        }
        wanted: dict[Key, list[Scores]] = {}
        told = [ask for ask in asks if isinstance(ask, ShownFeatures) and ask.model in self._opened]
        for names in told:
            wanted.setdefault((names.model, names.dataset), [])
        for ask in asks:
            if isinstance(ask, Scores) and ask.model in self._opened:
                wanted.setdefault((ask.model, ask.dataset), []).append(ask)
        for key, scores in wanted.items():
            self._have_ready(key, scores, progress)
        return found | {ask: self._shown(ask) for ask in told}

    def records(self) -> tuple[InputRecord, ...]:
        """Return what was read of models, and how it was changed to be shown to them."""
        return tuple(
            InputRecord(name, "model", shown(reference(self._request, name)))
            if isinstance(one, MlvalError)
            else replace(one.record, notes=tuple(self._notes.get(name, ())))
            for name, one in self._opened.items()
        )

    def outdated(self) -> Mapping[str, MlvalError]:
        """Return the models whose alias means another version by now: they were not judged."""
        return moved(self._request, self._opened)

    def _findings(self, ask: ModelFindings) -> Any:  # noqa: ANN401 - an answer or a failure
        one = self._opened.get(ask.model)
        if one is None:
            message = f"{shown(ask.model)!r} has predictions only, and no files"
            return Failure(Unmeasurable(message, remedy="name a model with `uri:` or `path:`"))
        if isinstance(one, MlvalError):
            return Failure(one)
        try:
            return inspect(one.files, one.description)
        except MlvalError as error:
            return Failure(error)
        except Exception as error:  # noqa: BLE001 - a model that crashes one ask must not take the others along
            return Failure(crashed(error))

    def _shown(self, ask: ShownFeatures) -> "tuple[Column, ...] | Failure":
        names = self._names[ask.model, ask.dataset]
        if isinstance(names, MlvalError):
            return Failure(names)
        try:
            known = {column.name: column for column in self._shape(ask.dataset).columns}
            return tuple(known[name] for name in names)
        except KeyError as error:
            return Failure(Unmeasurable(f"the dataset has no column {shown(error.args[0])!r}"))

    def _have_ready(self, key: Key, asks: Sequence[Scores], progress: Progress) -> None:
        """Score in one session whatever was not scored before; a session that breaks is started again."""
        waiting = deque(ask for ask in asks if ask not in self._scored)
        self._scored |= set(waiting)
        one = self._opened[key[0]]
        if isinstance(one, MlvalError):
            self._give_up(key, waiting, one)
            return
        broken = 0
        while waiting or key not in self._names:
            asked: Scores | None = None
            try:
                with self._session(key, one) as session:
                    while waiting:
                        asked = waiting.popleft()
                        session.score(asked, progress)
                        self._note(key[0], *session.notes)
            except Exception as error:  # noqa: BLE001 - as above
                cause = error if isinstance(error, MlvalError) else crashed(error)
                broken += 1
                if asked is not None:
                    self._engine.no_predictions(asked, cause=cause)
                # What does not start, or breaks again and again, is not started for every change.
                if asked is None or broken == _SESSIONS:
                    self._give_up(key, waiting, cause)

    def _give_up(self, key: Key, waiting: deque[Scores], cause: MlvalError) -> None:
        self._names.setdefault(key, cause)
        while waiting:
            self._engine.no_predictions(waiting.popleft(), cause=cause)

    @contextmanager
    def _session(self, key: Key, opened: Opened) -> "Iterator[Session]":
        from mlval.flows.scoring_session import Session
        from mlval.scoring.cage.room import Limits
        from mlval.scoring.scorer import Scorer

        caging = self._request.caging
        assert caging is not None, "models were opened"  # noqa: S101 - for the type checker
        inputs = self._request.contract.inputs
        model, dataset = inputs.models[key[0]], inputs.datasets[key[1]]
        shape = self._shape(key[1])
        environment = _environment(model, opened, self._request)
        if environment.digest is not None:
            self._note(key[0], f"environment by uv, lock sha256 {environment.digest}")
        with Scorer.start(
            opened.files,
            opened.description,
            environment=environment,
            limits=Limits(seconds=caging.seconds, memory=caging.memory),
            allow_degraded=caging.allow_degraded,
        ) as scorer:
            self._caution(key[0], scorer.missing_layers)
            hidden = {*inputs.predicted(key[1]), *dataset.keys, dataset.target}
            names = features_of(dataset, shape, opened=opened, loaded=scorer.loaded, hidden=hidden)
            self._names[key] = names
            yield Session(self._engine, scorer, names, opened.description.signature or (), shape.rows)

    def _note(self, model: str, *sentences: str) -> None:
        """Remember what was done for a model or to its features; each sentence once."""
        self._notes.setdefault(model, {}).update(dict.fromkeys(sentences))

    def _caution(self, model: str, missing: Sequence[str]) -> None:
        caution = f"model {shown(model)} ran in a degraded cage, without: {', '.join(missing)}"
        if missing and caution not in self.cautions:
            self.cautions += (caution,)

    def _shape(self, dataset: str) -> TableShape:
        shape = self._engine.answer((Shape(dataset),))[Shape(dataset)]
        if isinstance(shape, Failure):
            raise shape.cause
        return shape  # type: ignore[no-any-return] # the answer to a `Shape`


def features_of(
    dataset: Dataset,
    shape: TableShape,
    *,
    opened: Opened,
    loaded: "Loaded",
    hidden: Collection[str | None],
) -> tuple[str, ...]:
    """Return the columns that a model is shown: those that the contract names, the model knows, or all.

    `hidden` are the target, the keys and what holds predictions.

    Raises
    ------
    Unmeasurable
        If one of the hidden columns is among them: a model that sees the answer is not tested.
    """
    signature = opened.description.signature
    if opened.description.tensors:
        message = "the model takes tensors, and is shown columns"
        raise Unmeasurable(message, remedy="log the model with a signature of columns")
    if dataset.features is not None:
        names = dataset.features
    elif signature is not None:
        names = tuple(column.name for column in signature if column.required or shape.has(column.name))
    elif loaded.features is not None:
        names = loaded.features
    else:
        names = tuple(name for name in shape.names if name not in {*hidden, dataset.time})
    if seen := [name for name in names if name in hidden]:
        message = f"the model is not shown {shown(seen[0])!r}, which is the target, a key or a prediction"
        raise Unmeasurable(message, remedy="train the model without it, or name its columns in `features:`")
    return names


def _environment(model: Model, opened: Opened, request: Request) -> "Environment":
    from mlval.scoring import environment
    from mlval.scoring.cage.start import need_linux

    # Before packages are fetched for a model that cannot be started.
    need_linux()
    if model.environment == "image":
        return environment.own()
    builder = None if request.caging is None else request.caging.builder
    if builder is None:
        message = "environments cannot be built here: there is no uv"
        raise Unmeasurable(message, remedy="install uv beside the gate, or use the image")
    return environment.build(opened.description.requirements, builder, python=opened.description.python)
