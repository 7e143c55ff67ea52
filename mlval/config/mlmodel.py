"""MLflow's description of a model, the file `MLmodel`, as data. It is hostile text: nothing in it is run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from mlval.config.findings import Unreadable
from mlval.config.model_requirements import conda_lines, python_version, requirement_lines
from mlval.config.model_signature import Signature, signature
from mlval.config.scalars import Value
from mlval.config.yaml_nodes import document
from mlval.domain.errors import SourceBroken
from mlval.domain.model_description import Format, ModelDescription, NamedPath
from mlval.domain.text import shown

FILE = "MLmodel"
BESIDE = ("requirements.txt", "conda.yaml", "python_env.yaml")
"""Files that say what the model needs; they are read with `MLmodel`, whatever it calls them."""

BYTES = 1 << 20

_NATIVE: tuple[Literal["sklearn", "xgboost", "lightgbm", "onnx"], ...] = (
    "sklearn",
    "xgboost",
    "lightgbm",
    "onnx",
)
_CODE_KEYS = ("code", "model_code_path")
_PATH_KEYS = ("pickled_model", "python_model", "data", "model_path", "env", "config", *_CODE_KEYS)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What a flavour says is loaded."""

    format: Format
    file: str
    flavour: str
    model_class: str | None = None


def describe(files: Mapping[str, bytes]) -> ModelDescription:
    """Read the description of a model that MLflow saved.

    Parameters
    ----------
    files : `MLmodel` and those of `BESIDE` that there are, each cut to one byte more than `BYTES`

    Raises
    ------
    SourceBroken
        If a file is not what MLflow writes, too large, or describes nothing that can be loaded.
    """
    top = mapping(files[FILE], FILE)
    flavours = _mapping(top.get("flavors"), "flavors")
    if not flavours:
        _broken("it names no flavour")
    python_function = _mapping(flavours.get("python_function", {}), "python_function")
    loaded = _loaded(flavours, python_function)
    columns, outputs = _signatures(top.get("signature"))
    lines = requirement_lines(files.get("requirements.txt"))
    return ModelDescription(
        format=loaded.format,
        file=loaded.file,
        flavour=loaded.flavour,
        loader=_text(python_function.get("loader_module"), "loader_module"),
        signature=columns.columns,
        outputs=outputs.columns,
        tensors=columns.tensors,
        requirements=lines if lines is not None else conda_lines(_yaml(files, "conda.yaml")),
        python=python_version(_yaml(files, "python_env.yaml"))
        or _text(python_function.get("python_version")),
        model_class=loaded.model_class,
        skops_trusted=_trusted(flavours),
        code=tuple(path.path for path in _paths(flavours) if path.key.endswith(_CODE_KEYS)),
        paths=tuple(_paths(flavours)),
    )


def mapping(data: bytes, name: str) -> Mapping[str, Value]:
    """Parse a YAML file that must be a mapping.

    Raises
    ------
    SourceBroken
        If it is too large, no YAML, or holds what data does not need: aliases, tags, duplicate keys.
    """
    if len(data) > BYTES:
        _broken(f"it has more than {BYTES:,} bytes", name)
    try:
        parsed = document(data)
    except Unreadable as stop:
        problem = stop.problems[0]
        raise SourceBroken(_sentence(problem.message, name), remedy=_AGAIN) from stop
    if parsed.problems:
        _broken(parsed.problems[0].message, name)
    return _mapping(parsed.value, name, file=name)


_AGAIN = "Save the model with MLflow again."


def _loaded(flavours: Mapping[str, Value], python_function: Mapping[str, Value]) -> _Loaded:
    """Choose the flavour that is loaded: a native one where it names one file, else MLflow's own loader."""
    loader = _text(python_function.get("loader_module"), "loader_module")
    for name in _NATIVE:
        # A flavour beside a loader of its own is not what MLflow would load.
        if name not in flavours or loader not in {None, f"mlflow.{name}"}:
            continue
        flavour = _mapping(flavours[name], name)
        file = _text(flavour.get("pickled_model" if name == "sklearn" else "data"), name)
        if file is None:
            continue
        chosen = _format(name, flavour, file)
        if chosen is not None:
            return _Loaded(chosen, file, name, _text(flavour.get("model_class")))
    if loader is None:
        _broken("it names no `loader_module`, and no flavour that is known here")
    return _Loaded("mlflow", "", "python_function")


def _format(name: str, flavour: Mapping[str, Value], file: str) -> Format | None:
    """Return how the file of a flavour is loaded, None where only MLflow knows."""
    match name:
        case "sklearn":
            spelled = _text(flavour.get("serialization_format"))
            known: dict[str | None, Format] = {"skops": "skops", "pickle": "sklearn-pickle"}
            return known.get("pickle" if spelled == "cloudpickle" else spelled)
        case "xgboost":
            return None if file.endswith((".pkl", ".pickle")) else "xgboost"
        case "lightgbm":
            return "sklearn-pickle" if file.endswith((".pkl", ".pickle")) else "lightgbm"
        case _:
            return "onnx"


def _signatures(value: Value) -> tuple[Signature, Signature]:
    written = _mapping(value if value is not None else {}, "signature")
    try:
        return signature(_text(written.get("inputs"))), signature(_text(written.get("outputs")))
    except ValueError as error:
        raise SourceBroken(
            _sentence(f"its signature cannot be read: {error}", FILE), remedy=_AGAIN
        ) from error


def _trusted(flavours: Mapping[str, Value]) -> tuple[str, ...]:
    sklearn = flavours.get("sklearn")
    types = sklearn.get("skops_trusted_types") if isinstance(sklearn, dict) else None
    if types is None:
        return ()
    if not isinstance(types, tuple) or not all(isinstance(one, str) for one in types):
        _broken("its `skops_trusted_types` is no list of names")
    return tuple(str(one) for one in types)


def _paths(flavours: Mapping[str, Value]) -> Iterator[NamedPath]:
    """Yield every path that a flavour names; artifacts of a Python model are a level deeper."""
    for name, flavour in flavours.items():
        if not isinstance(flavour, dict):
            continue
        for key in _PATH_KEYS:
            for path in _texts(flavour.get(key)):
                yield NamedPath(f"{name}.{key}", path)
        artifacts = flavour.get("artifacts")
        for key, artifact in artifacts.items() if isinstance(artifacts, dict) else ():
            for path in _texts(artifact.get("path") if isinstance(artifact, dict) else artifact):
                yield NamedPath(f"{name}.artifacts.{key}", path)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _yaml(files: Mapping[str, bytes], name: str) -> Mapping[str, Value]:
    return mapping(files[name], name) if name in files else {}


def _mapping(value: Value, key: str, *, file: str = FILE) -> Mapping[str, Value]:
    if not isinstance(value, dict):
        _broken(f"`{shown(key, 60)}` is no mapping of keys", file)
    return value


def _text(value: Value, key: str = "") -> str | None:
    """Return a text; a key that must be one and is not is refused, any other is left out."""
    if value is None or isinstance(value, str):
        return value
    if key:
        _broken(f"`{shown(key, 60)}` is no text")
    return None


def _sentence(message: str, file: str) -> str:
    return f"the model's `{file}` cannot be read: {message}."


def _broken(message: str, file: str = FILE) -> NoReturn:
    raise SourceBroken(_sentence(message, file), remedy=_AGAIN)
