"""A worker outside any cage, to test the conversation alone; and models on disk, as sources see them."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from mlval.domain.features import Feature
from mlval.domain.model_description import Format, ModelDescription
from mlval.domain.model_files import ModelFile, ModelFiles, Source
from mlval.scoring.cage.layer import Layer
from mlval.scoring.cage.room import Room
from mlval.scoring.environment import Environment
from mlval.scoring.scorer import Scorer

HERE = Environment(Path(sys.executable), ())


class Uncaged:
    """Runs a command with two pipes as files 3 and 4, and none of a cage's limits."""

    def __init__(self, command: Sequence[str], room: Room) -> None:
        to_child, from_parent = os.pipe()
        to_parent, from_child = os.pipe()
        self.room = room
        self.layers: tuple[Layer, ...] = ()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the session

        def number() -> None:
            read, written = os.dup(to_child), os.dup(from_child)
            os.dup2(read, 3)
            os.dup2(written, 4)

        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            pass_fds=(3, 4),
            preexec_fn=number,  # noqa: PLW1509 - nothing else numbers files
        )
        os.close(to_child)
        os.close(from_child)
        self.to_child: BinaryIO = os.fdopen(from_parent, "wb")
        self.from_child: BinaryIO = os.fdopen(to_parent, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.to_child.close()
        self.from_child.close()
        self._output.close()

    def tail(self) -> str:
        self._output.seek(0)
        return self._output.read().decode("utf-8", "replace")

    def ending(self, wait: float = 0.0) -> str | None:
        try:
            code = self._process.wait(wait)
        except subprocess.TimeoutExpired:
            return None
        return f"exit status {code}" if code >= 0 else f"signal {-code}"


def on_disk(path: Path) -> ModelFiles:
    """Return a file or folder as a resolved model; digests are not looked at here."""
    kind: Source = "folder" if path.is_dir() else "file"
    return ModelFiles("candidate", kind, str(path), str(path), (ModelFile(path.name, 1, "0"),), "0")


def started(path: Path, form: Format, environment: Environment = HERE) -> Scorer:
    """Load a model outside any cage."""
    return Scorer.start(on_disk(path), ModelDescription(form, ""), environment=environment, cage=Uncaged)


def columns(matrix: np.ndarray[tuple[int, int], np.dtype[np.float64]], names: Sequence[str]) -> list[Feature]:
    """Return a matrix of floats as a batch."""
    return [Feature(name, "float", np.ascontiguousarray(matrix[:, i])) for i, name in enumerate(names)]
