"""Models on a real disk, as a source would hand them over."""

from pathlib import Path
from typing import Any

from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFiles
from mlval.sources.confine import Boundary
from mlval.sources.model_files import resolve_model


def written(folder: Path, contents: dict[str, bytes]) -> ModelFiles:
    """Write files as a model folder, and resolve it."""
    for name, content in contents.items():
        place = folder / "model" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return resolved(folder, "model")


def single(folder: Path, name: str, content: bytes) -> ModelFiles:
    """Write one file, and resolve it as a model."""
    (folder / name).write_bytes(content)
    return resolved(folder, name)


def resolved(folder: Path, reference: str, **options: Any) -> ModelFiles:  # noqa: ANN401 - the tests know the types
    private = folder.with_name(f"{folder.name}-private")
    private.mkdir()
    return resolve_model(
        "m", reference, boundary=Boundary(folder), base=folder, trusted=False, private=private, **options
    )


def described(**fields: Any) -> ModelDescription:  # noqa: ANN401
    return ModelDescription(**{"format": "sklearn-pickle", "file": "model.pkl", **fields})
