"""Scoring: a model in its cage is shown the features of a dataset, and its predictions become a table."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlval.domain.asks import Ask, Scores, Shape, TableShape
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.features import Feature
from mlval.domain.inputs import Dataset, Model
from mlval.domain.model_findings import ModelFindings
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.models import Models, Opened, moved, reference
from mlval.flows.request import Progress, Request
from mlval.measure.driver import crashed
from mlval.measure.engine import Engine
from mlval.measure.predicted import Outputs
from mlval.scoring.findings import inspect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlval.scoring.environment import Environment
    from mlval.scoring.scorer import Loaded


class Scoring:
    """Answers what is asked about models, and scores each on a dataset once."""

    def __init__(self, request: Request, engine: Engine, opened: Models) -> None:
        """Take over the models; none is started before it is asked for."""
        self._request, self._engine, self._opened = request, engine, opened
        self._scored: set[tuple[str, str]] = set()
        self._notes: dict[str, dict[str, None]] = {}
        self.cautions: tuple[str, ...] = ()
        """What weakens every verdict about these models."""

    def answer(self, asks: Sequence[Ask[Any]], progress: Progress) -> Mapping[Ask[Any], Any]:
        """Answer what the files tell, and have ready the predictions that the engine will be asked for."""
        found: dict[Ask[Any], Any] = {}
        for ask in asks:
            if isinstance(ask, ModelFindings):
                found[ask] = self._findings(ask)
            elif isinstance(ask, Scores) and ask.model in self._opened:
                self._have_ready(ask, progress)
        return found

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

    def _have_ready(self, ask: Scores, progress: Progress) -> None:
        key = ask.model, ask.dataset
        if key in self._scored:
            return
        self._scored.add(key)
        one = self._opened[ask.model]
        if isinstance(one, MlvalError):
            self._engine.no_predictions(*key, cause=one)
            return
        try:
            self._score(ask, one, progress)
        except MlvalError as error:
            self._engine.no_predictions(*key, cause=error)
        except Exception as error:  # noqa: BLE001 - as above
            self._engine.no_predictions(*key, cause=crashed(error))

    def _score(self, ask: Scores, opened: Opened, progress: Progress) -> None:
        from mlval.scoring.cage.room import Limits
        from mlval.scoring.coercion import coerced
        from mlval.scoring.scorer import Scorer

        caging = self._request.caging
        assert caging is not None, "models were opened"  # noqa: S101 - for the type checker
        inputs = self._request.contract.inputs
        model, dataset = inputs.models[ask.model], inputs.datasets[ask.dataset]
        shape = self._shape(ask.dataset)
        environment = _environment(model, opened, self._request)
        if environment.digest is not None:
            self._note(ask.model, f"environment by uv, lock sha256 {environment.digest}")
        limits = Limits(seconds=caging.seconds, memory=caging.memory)
        with Scorer.start(
            opened.files,
            opened.description,
            environment=environment,
            limits=limits,
            allow_degraded=caging.allow_degraded,
        ) as scorer:
            self._caution(ask.model, scorer.missing_layers)
            hidden = {*inputs.predicted(ask.dataset), *dataset.keys, dataset.target}
            names = features_of(dataset, shape, opened=opened, loaded=scorer.loaded, hidden=hidden)
            signature = opened.description.signature or ()
            waiting: deque[NDArray[np.int64]] = deque()

            def batches() -> Iterator[tuple[Feature, ...]]:
                size = scorer.batch_rows(len(names))
                for places, block in self._engine.features(ask.dataset, names):
                    changed = coerced(block, signature)
                    self._note(ask.model, *changed.notes)
                    for start in range(0, len(places), size):
                        waiting.append(places[start : start + size])
                        yield tuple(_part(feature, start, start + size) for feature in changed.features)

            def told(done: int) -> None:
                progress("scoring", done=done, total=shape.rows, label=ask.model)

            taken = None
            for predicted in scorer.predict(batches(), progress=told):
                if taken is None:
                    taken = self._engine.predicted(ask.model, ask.dataset, _outputs(scorer.loaded))
                taken.take(waiting.popleft(), predicted.labels, predicted.scores)
            if taken is None:
                self._engine.predicted(ask.model, ask.dataset, _outputs(scorer.loaded))

    def _note(self, model: str, *sentences: str) -> None:
        """Remember what was done for a model or to its features; each sentence once."""
        self._notes.setdefault(model, {}).update(dict.fromkeys(sentences))

    def _caution(self, model: str, missing: Sequence[str]) -> None:
        if missing:
            self.cautions += (f"model {shown(model)} ran in a degraded cage, without: {', '.join(missing)}",)

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

    if model.environment == "image":
        return environment.own()
    builder = None if request.caging is None else request.caging.builder
    if builder is None:
        message = "environments cannot be built here: there is no uv"
        raise Unmeasurable(message, remedy="install uv beside the gate, or use the image")
    return environment.build(opened.description.requirements, builder, python=opened.description.python)


def _outputs(loaded: "Loaded") -> Outputs:
    if loaded.classes:
        return Outputs(loaded.classes, probabilities=len(loaded.outputs) > 1)
    return Outputs(numbers=loaded.outputs or ("prediction",))


def _part(feature: Feature, start: int, stop: int) -> Feature:
    nulls = None if feature.nulls is None else feature.nulls[start:stop]
    return Feature(feature.name, feature.kind, feature.values[start:stop], nulls=nulls, levels=feature.levels)
