"""Pickles made by hand, opcode by opcode, and models as real libraries pickle them."""

import io
import pickle
import struct
from collections.abc import Callable

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def text(value: str) -> bytes:
    """Push a text."""
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data


def call(module: str, name: str, argument: bytes) -> bytes:
    """Import by name, and call with one argument."""
    return f"c{module}\n{name}\n".encode() + argument + b"\x85R"


SYSTEM = call("os", "system", text("true"))
EMPTY = b"\x80\x04"


def frame(body: bytes) -> bytes:
    return b"\x95" + struct.pack("<Q", len(body)) + body


def data() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(60, 3))
    return rows, (rows[:, 0] > 0).astype(np.int64)


def pipeline() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(*data())


def forest() -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators=3, random_state=0).fit(*data())


MODELS: dict[str, Callable[[], object]] = {"pipeline": pipeline, "forest": forest}


def joblibbed(model: object, **options: object) -> bytes:
    file = io.BytesIO()
    joblib.dump(model, file, **options)
    return file.getvalue()


class Names(pickle._Unpickler):
    """The real machine, with a list of what it imported."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.names: set[tuple[str, str]] = set()

    def find_class(self, module: str, name: str) -> object:
        self.names.add((module, name))
        return super().find_class(module, name)
