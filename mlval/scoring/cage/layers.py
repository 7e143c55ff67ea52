"""What this machine gives to the cage, found out by trying; and what would give the rest."""

from mlval.scoring.cage.layer import NAMES, Layer
from mlval.scoring.cage.start import tried

__all__ = ["NAMES", "REMEDIES", "Layer", "layers"]

REMEDIES = {
    "own user": "run as root, as the Action does, with an interpreter and a folder for temporary files that "
    "others may read",
    "no new privileges": "use Linux 3.5 or newer",
    "landlock": "use Linux 5.13 or newer, with landlock in the list of security modules (boot option lsm=), "
    "and a container runtime that lets its calls through",
    "seccomp": "use Linux on x86-64 or 64-bit ARM, built with seccomp filters",
    "resource limits": "start mlval where its own limits are not lower than those of the cage",
    "memory watch": "mount /proc without hidepid, and let root keep the capability KILL",
}
"""By layer, what to do where it is missing."""


def layers() -> tuple[Layer, ...]:
    """Return every layer, as a child that then started nothing found it."""
    return tried()
