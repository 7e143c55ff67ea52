"""Reading a contract from a file, within limits, before anything of it is parsed."""

import os
import stat
from pathlib import Path

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, Problem, UsageError
from mlval.domain.text import shown

DEFAULT = "mlval.yml"
LIMIT = 1 << 20
_NAME_IT = "name the file: mlval run path/to/mlval.yml"


def read_contract(path: Path, shown_as: str, *, default_name: str | None = None) -> Contract:
    """Read and load a contract.

    Parameters
    ----------
    path : where it is
    shown_as : the path that reports and annotations use
    default_name : what a contract without a `name` is called; by default its folder

    Raises
    ------
    UsageError
        If there is no such file, or it is no regular file.
    ContractError
        If it is too large or not a valid contract; with every problem and its place.
    """
    text = _bytes(path, shown_as)
    if len(text) > LIMIT:
        raise ContractError(shown_as, (Problem("the file is larger than 1 MiB, the limit for a contract"),))
    return load(text, file=shown_as, default_name=default_name or path.resolve().parent.name)


def _bytes(path: Path, shown_as: str) -> bytes:
    try:
        # A FIFO or a device would keep us waiting: look before reading.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        message = f"there is no contract {shown(shown_as)}"
        raise UsageError(message, remedy=_NAME_IT) from error
    except OSError as error:
        message = f"cannot read the contract {shown(shown_as)}: {error.strerror}"
        raise UsageError(message) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        message = f"{shown(shown_as)} is not a file"
        raise UsageError(message, remedy=_NAME_IT)
    with os.fdopen(handle, "rb") as stream:
        return stream.read(LIMIT + 1)


def workspace_of(contract: Path, start: Path) -> Path:
    """Return the folder that the contract's paths must stay in.

    That is the git work tree around the contract; without one, the folder that the gate was
    started in if the contract lies below it, else the contract's own.
    """
    folder, around = contract.resolve().parent, start.resolve()
    own = around if folder.is_relative_to(around) else folder
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), own)
