"""What a model says of itself, as data: its format, what it is loaded by, its columns, its requirements."""

from dataclasses import dataclass
from typing import Literal

Format = Literal["sklearn-pickle", "sklearn-joblib", "skops", "onnx", "xgboost", "lightgbm", "mlflow"]
"""How the bytes are loaded. `mlflow` goes through MLflow's own loader; all others load one file."""

ColumnType = Literal[
    "boolean", "integer", "long", "float", "double", "string", "binary", "datetime", "unsupported"
]


@dataclass(frozen=True, slots=True)
class SignatureColumn:
    """One column that a model takes or gives, by MLflow's names of types.

    `spelled` is the type as the model writes it, safe to show; it tells what `unsupported` stands for.
    """

    name: str
    type: ColumnType
    required: bool = True
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A path that the description of a model names: by which key, and as written there."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """What is known of a model before anything of it is run. Every text in it is hostile.

    Attributes
    ----------
    format : how it is loaded
    file : the path of what is loaded, relative to the root; "" is the root itself
    flavour : the flavour of MLflow that is used, "" for a plain file
    loader : MLflow's `loader_module`, None where there is none
    signature : the columns that it takes; None where it does not say, or says it in tensors
    outputs : the columns that it gives, likewise
    tensors : whether it takes tensors, which is not supported
    requirements : the lines of its requirements, without comments
    python : the version of Python that it was made with
    model_class : the class that was saved, where the flavour says so
    skops_trusted : the types that the model asks to be trusted with
    code : the folders of code that it brings
    paths : every path that the description names
    """

    format: Format
    file: str
    flavour: str = ""
    loader: str | None = None
    signature: tuple[SignatureColumn, ...] | None = None
    outputs: tuple[SignatureColumn, ...] | None = None
    tensors: bool = False
    requirements: tuple[str, ...] = ()
    python: str | None = None
    model_class: str | None = None
    skops_trusted: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    paths: tuple[NamedPath, ...] = ()
