"""The program of the cage: loads one model, answers frames of features with predictions until the pipe ends.

Started as `PYTHON -I main.py`, reads file descriptor 3, writes file descriptor 4.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType


def main() -> None:
    """Serve, then leave without the model's own ways of ending a process."""
    _announce_package(Path(__file__).resolve().parent)
    from mlval.scoring.worker import conversation

    status = conversation.serve(3, 4)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _announce_package(folder: Path) -> None:
    """Make the files beside this one importable by their full name, and nothing else of the package.

    The folder itself is not put on the path: a model's own modules must not be hidden by ours.
    """
    for name in ("mlval", "mlval.scoring", "mlval.scoring.worker"):
        package = ModuleType(name)
        package.__path__ = [str(folder)] if name.endswith(".worker") else []
        sys.modules[name] = package


if __name__ == "__main__":
    main()
