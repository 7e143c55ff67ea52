"""A model in a cage, asked for predictions: loaded once, fed in batches, every answer checked."""

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature
from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFiles
from mlval.domain.text import shown
from mlval.scoring.cage.layer import Layer
from mlval.scoring.cage.room import Limits, Room
from mlval.scoring.cage.start import start as start_cage
from mlval.scoring.environment import Environment
from mlval.scoring.failure import declined, ended
from mlval.scoring.outbox import Outbox
from mlval.scoring.protocol import (
    VALUES_LIMIT,
    Declined,
    Disagreement,
    Loaded,
    Predicted,
    checked,
    header_frame,
    read_description,
    read_end,
    read_outputs,
    read_predictions,
    row_count,
    rows_frame,
)

__all__ = ["Loaded", "Predicted", "Scorer", "Session"]

WORKER: Final = Path(__file__).with_name("worker")
BATCH_VALUES: Final = 1 << 20
_MOST_ROWS: Final = 1 << 16
_PROBED: Final = 16
_AHEAD: Final = 2
_PATIENCE: Final = 3.0


class Session(Protocol):
    """What a cage gives: two pipes, what was written to the terminal, and how it ended."""

    to_child: BinaryIO
    from_child: BinaryIO
    layers: tuple[Layer, ...]

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def tail(self) -> str:
        """Return the last lines that were written, raw."""
        ...

    def ending(self, wait: float = 0.0) -> str | None:
        """Return why it ended, None while it runs; wait some seconds for it at most."""
        ...


class Scorer:
    """A loaded model; a context manager, whose end is the end of every process of the model."""

    def __init__(self, name: str, session: Session) -> None:
        """Take over a session whose worker waits for its first frame."""
        self._name = shown(name, 80)
        self._session = session
        self._outbox = Outbox(session.to_child)
        self._loaded: Loaded | None = None
        self._usable = True

    @classmethod
    def start(
        cls,
        model: ModelFiles,
        description: ModelDescription,
        *,
        environment: Environment,
        limits: Limits | None = None,
        allow_degraded: bool = False,
        cage: Callable[[Sequence[str], Room], Session] | None = None,
    ) -> Self:
        """Start the worker in a cage and load the model there.

        `cage` stands in for the real one in tests.

        Raises
        ------
        Unmeasurable
            If the model does not load; the text says why, with the last lines that it wrote.
        SandboxMissing
            If this machine lacks a layer of the cage and `allow_degraded` is not set.
        """
        root = Path(model.root)
        room = Room((*environment.readable, WORKER, root), limits or Limits())
        command = [str(environment.python), "-I", str(WORKER / "main.py")]
        session = cage(command, room) if cage else start_cage(command, room, allow_degraded=allow_degraded)
        session.__enter__()
        scorer = cls(model.name, session)
        try:
            scorer._load(_request(root, description))
        except BaseException:
            scorer.close()
            raise
        return scorer

    def __enter__(self) -> Self:
        """Return the scorer: it is loaded already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the model."""
        self.close()

    def close(self) -> None:
        """Kill what runs; nothing can be asked afterwards."""
        self._usable = False
        # The cage goes first: a write that nobody reads ends with its reader.
        self._session.__exit__(None, None, None)
        self._outbox.close()

    @property
    def loaded(self) -> Loaded:
        """What the model says of itself."""
        if self._loaded is None:
            message = f"the model {self._name!r} is not loaded"
            raise Unmeasurable(message)
        return self._loaded

    @property
    def missing_layers(self) -> tuple[str, ...]:
        """The layers of the cage that do not hold here: it was allowed to go without them."""
        return tuple(layer.name for layer in self._session.layers if not layer.holds)

    def batch_rows(self, columns: int) -> int:
        """Return how many rows a batch should have, that neither side holds more than some megabytes."""
        widest = max(columns, len(self.loaded.outputs), 1)
        return max(1, min(_MOST_ROWS, BATCH_VALUES // widest))

    def predict(
        self,
        batches: Iterable[Sequence[Feature]],
        *,
        progress: Callable[[int], None] | None = None,
        as_given: bool = False,
    ) -> Iterator[Predicted]:
        """Predict batches in order; the next one is read while the model works on the last.

        Columns are put into the order of the model's features, unless they go `as_given`. `progress` gets
        the rows done so far. The predictions may only be used once the iterator has ended: what was too
        many shows at the end.

        Raises
        ------
        Unmeasurable
            If the features are not the model's, the model fails, or its predictions cannot be such.
        """
        if not self._usable:
            message = f"the model {self._name!r} cannot be asked again after it was interrupted"
            raise Unmeasurable(message)
        self._usable = False
        waiting: deque[int] = deque()
        done = 0
        for batch in batches:
            if rows := row_count(batch):
                self._send(batch if as_given else self._in_order(batch), rows)
                waiting.append(rows)
            if len(waiting) == _AHEAD:
                done += waiting[0]
                yield self._receive(waiting.popleft())
                _tell(progress, done)
        while waiting:
            done += waiting[0]
            yield self._receive(waiting.popleft())
            _tell(progress, done)
        self._finish()
        self._usable = True

    def _load(self, request: Mapping[str, object]) -> None:
        self._outbox.put([header_frame(request)])
        try:
            answer = read_description(self._session.from_child)
        except (EOFError, Disagreement) as error:
            raise self._failure(error, while_loading=True) from error
        if isinstance(answer, Declined):
            # It ends now; what it printed is whole then.
            self._session.ending(_PATIENCE)
            raise declined(self._name, answer, self._session.tail())
        self._loaded = answer

    def _send(self, batch: Sequence[Feature], rows: int) -> None:
        try:
            if not self.loaded.outputs:
                self._probe(batch)
            if rows * len(self.loaded.outputs) > VALUES_LIMIT:
                message = f"a batch of {rows:,} rows has too many predictions at once"
                raise Unmeasurable(message)
            self._outbox.put(rows_frame("predict", batch))
        except ValueError as error:
            raise Unmeasurable(str(error)) from error

    def _in_order(self, batch: Sequence[Feature]) -> Sequence[Feature]:
        wanted = self.loaded.features
        if wanted is None:
            return batch
        given = {column.name: column for column in batch}
        missing = [name for name in wanted if name not in given]
        extra = [column.name for column in batch if column.name not in set(wanted)]
        if missing or extra or len(given) != len(batch):
            raise _wrong_features(self._name, missing, extra)
        return [given[name] for name in wanted]

    def _probe(self, batch: Sequence[Feature]) -> None:
        """Learn the outputs from a few rows, where the model cannot tell before."""
        self._outbox.put(rows_frame("probe", [_first(column) for column in batch]))
        try:
            outputs = read_outputs(self._session.from_child)
        except (EOFError, Disagreement) as error:
            raise self._failure(error) from error
        loaded = self.loaded
        self._loaded = Loaded(loaded.task, loaded.classes, outputs, loaded.features)

    def _receive(self, rows: int) -> Predicted:
        try:
            values = read_predictions(self._session.from_child, rows, len(self.loaded.outputs))
            return checked(values, self.loaded)
        except (EOFError, Disagreement) as error:
            raise self._failure(error) from error

    def _finish(self) -> None:
        mark = secrets.token_bytes(16)
        self._outbox.put([header_frame({"kind": "end"}), mark])
        try:
            read_end(self._session.from_child, mark)
        except (EOFError, Disagreement) as error:
            raise self._failure(error) from error

    def _failure(self, error: EOFError | Disagreement, *, while_loading: bool = False) -> Unmeasurable:
        return ended(self._name, error, self._session, while_loading=while_loading)


def _request(root: Path, description: ModelDescription) -> dict[str, object]:
    return {
        "kind": "load",
        "path": str(root if root.is_file() else root / description.file),
        "format": description.format,
        "code": [str(root / folder) for folder in description.code],
    }


def _first(column: Feature) -> Feature:
    nulls = None if column.nulls is None else column.nulls[:_PROBED]
    return Feature(column.name, column.kind, column.values[:_PROBED], nulls=nulls, levels=column.levels)


def _tell(progress: Callable[[int], None] | None, done: int) -> None:
    if progress is not None:
        progress(done)


def _wrong_features(name: str, missing: Sequence[str], extra: Sequence[str]) -> Unmeasurable:
    parts = [
        f"{what} {', '.join(repr(shown(each, 60)) for each in names[:5])}"
        + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        for what, names in (("it lacks", missing), ("it does not know", extra))
        if names
    ]
    wrong = "; ".join(parts) or "one stands twice"
    message = f"the features are not those that the model {name!r} was trained on: {wrong}"
    return Unmeasurable(message, remedy="name the model's features in `features:` of the dataset")
