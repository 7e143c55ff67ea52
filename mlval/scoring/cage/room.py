"""What a caged program is given: files to read, limits, and its whole environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

GIB = 1 << 30
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the machine a caged program may use; what goes beyond is killed.

    Attributes
    ----------
    seconds : wall clock of the whole session
    memory : resident bytes of all its processes together, and data of any one of them
    processes : processes and threads together
    file_bytes : bytes of its scratch folder together, and of any one file
    output_tail : bytes of its standard output and error that are kept, the last ones
    """

    seconds: float = 600.0
    memory: int = 4 * GIB
    processes: int = 128
    file_bytes: int = 256 * MIB
    output_tail: int = 16 * 1024


@dataclass(frozen=True, slots=True)
class Room:
    """The surroundings of a caged program.

    Attributes
    ----------
    readable : files and folders that may be read and executed: interpreter, its libraries, worker, model.
        The libraries of the system are readable besides; only a scratch folder can be written to
    limits : how much it may use
    environment : variables; those that the cage sets itself (`variables`) stand where these say nothing
    """

    readable: tuple[Path, ...]
    limits: Limits = Limits()
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def variables(room: Room, scratch: str) -> dict[str, str]:
    """Return the whole environment of a caged program whose scratch folder is given.

    One thread a library: sums then have the same order on every machine. Semaphores need shared memory, which
    the cage has not, so joblib is told not to look for them.
    """
    own = {
        "HOME": scratch,
        "TMPDIR": scratch,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "USER": "model",
        "LOGNAME": "model",
        "TZ": "UTC",
        "JOBLIB_MULTIPROCESSING": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(_ONE_THREAD, "1"),
    }
    return own | dict(room.environment)
