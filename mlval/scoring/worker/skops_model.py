"""Models in skops' format, of which only types that we trust are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlval.scoring.worker import sklearn_model
from mlval.scoring.worker.libraries import library
from mlval.scoring.worker.model import Model
from mlval.scoring.worker.refusal import Refused
from mlval.scoring.worker.skops_types import is_trusted

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = 5


def load(path: Path) -> Model:
    """Return the model of a skops file.

    Raises
    ------
    Refused
        If the file needs a type beyond the trusted ones.
    """
    io = library("skops.io")
    asked = io.get_untrusted_types(file=path)
    strange = sorted({str(name) for name in asked if not is_trusted(str(name))})
    if strange:
        more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
        raise Refused(
            "untrusted", f"the file needs types that are not trusted: {', '.join(strange[:_NAMED])}{more}"
        )
    return sklearn_model.wrapped(io.load(path, trusted=asked))
