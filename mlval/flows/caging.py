"""How models may run on this machine: what the door was told, and where it keeps copies and environments."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlval.flows.request import Caging


def caging(
    private: Path,
    variables: Mapping[str, str],
    *,
    environments: Path,
    allow_degraded: bool = False,
    python_downloads: bool = False,
    seconds: float | None = None,
    memory: int | None = None,
) -> Caging:
    """Return how models may run.

    Parameters
    ----------
    private : an empty folder for copies of models; it is opened to the user of the cage, who cannot list it
    variables : the runner's environment: where packages come from
    environments : the folder that keeps environments between runs
    allow_degraded : whether models may run where a layer of the cage is missing
    python_downloads : whether an interpreter may be downloaded for a model
    seconds, memory : limits of one scoring; None is the default
    """
    from mlval.scoring.environment import Builder

    private.chmod(0o711)
    beside = str(Path(sys.executable).parent)
    uv = shutil.which("uv", path=beside) or shutil.which("uv", path=variables.get("PATH"))
    builder = None
    if uv is not None:
        builder = Builder(Path(uv), environments, variables, python_downloads=python_downloads)
    made = Caging(private=private, builder=builder, allow_degraded=allow_degraded)
    return replace(made, seconds=seconds or made.seconds, memory=memory or made.memory)


def is_root() -> bool:
    """Return whether this process may act for every user; Windows has no such user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def environments_folder(home: str | None, *, is_root: bool) -> Path:
    """Return where environments of models are kept: a folder that the user of the cage can reach."""
    return Path("/var/cache") / "mlval" if is_root or not home else Path(home) / ".cache" / "mlval"
