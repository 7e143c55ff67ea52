"""One model in its cage, one dataset: its rows are shown as they are, or some of them changed."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import Scores
from mlval.domain.errors import MlvalError
from mlval.domain.features import Feature
from mlval.domain.model_description import SignatureColumn
from mlval.flows.request import Progress
from mlval.measure.engine import Engine
from mlval.measure.features import BLOCK
from mlval.measure.predicted import Outputs
from mlval.scoring.coercion import coerced
from mlval.scoring.feature_changes import Showing, changed
from mlval.scoring.feature_rows import Block, chosen, taken
from mlval.scoring.scorer import Loaded, Scorer

ROWS = 20_000
"""How many rows are shown changed, where nobody says."""


@dataclass(slots=True)
class Session:
    """What is needed to show a model the rows of a dataset."""

    engine: Engine
    scorer: Scorer
    names: tuple[str, ...]
    signature: Sequence[SignatureColumn]
    rows: int
    notes: tuple[str, ...] = ()
    _some: dict[int, Block] = field(default_factory=dict)

    def score(self, ask: Scores, progress: Progress) -> None:
        """Show the model what is asked for, and hand its predictions to the engine.

        Raises
        ------
        Unmeasurable
            If the model fails: the session is over then. That a change cannot be made ends nothing, and is
            told to the engine.
        """
        if ask.rows is None and ask.change is None:
            self._take(ask, self._whole(ask.dataset), progress=progress)
            return
        try:
            places, features = self._sampled(ask)
            showing = changed(places, features, ask.change)
        except MlvalError as error:
            self.engine.no_predictions(ask, cause=error)
            return
        self._take(ask, self._batches(showing), progress=progress, as_given=showing.as_given)

    def _blocks(self, dataset: str) -> Iterator[Block]:
        for places, block in self.engine.features(dataset, self.names):
            given = coerced(block, self.signature)
            self.notes = given.notes
            yield places, given.features

    def _whole(self, dataset: str) -> Iterator[Block]:
        for places, features in self._blocks(dataset):
            yield from self._batches(Showing(places, features))

    def _batches(self, showing: Showing) -> Iterator[Block]:
        size = showing.batch or self.scorer.batch_rows(len(showing.features))
        for start in range(0, len(showing.places), size):
            part = slice(start, start + size)
            yield showing.places[part], tuple(taken(feature, part) for feature in showing.features)

    def _sampled(self, ask: Scores) -> Block:
        most = min(ask.rows or ROWS, max(1, BLOCK // max(1, len(self.names))))
        if most not in self._some:
            self._some[most] = chosen(self._blocks(ask.dataset), most)
        return self._some[most]

    def _take(
        self, ask: Scores, batches: Iterator[Block], *, progress: Progress, as_given: bool = False
    ) -> None:
        waiting: deque[NDArray[np.int64]] = deque()

        def shown() -> Iterator[tuple[Feature, ...]]:
            for places, features in batches:
                waiting.append(places)
                yield features

        predictions = None
        told = self._told(ask, progress)
        for predicted in self.scorer.predict(shown(), progress=told, as_given=as_given):
            if predictions is None:
                predictions = self.engine.predicted(ask, _outputs(self.scorer.loaded))
            predictions.take(waiting.popleft(), predicted.labels, predicted.scores)
        if predictions is None:
            self.engine.predicted(ask, _outputs(self.scorer.loaded))

    def _told(self, ask: Scores, progress: Progress) -> Callable[[int], None]:
        total = self.rows if ask.rows is None else min(self.rows, ask.rows)

        def told(done: int) -> None:
            progress("scoring", done=done, total=total, label=ask.model)

        return told


def _outputs(loaded: Loaded) -> Outputs:
    if loaded.classes:
        return Outputs(loaded.classes, probabilities=len(loaded.outputs) > 1)
    return Outputs(numbers=loaded.outputs or ("prediction",))
