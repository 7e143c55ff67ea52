"""Whether an attack worked: most get something, some leave something behind or print more than is kept."""

from typing import Any, Final

LEAVE_PROCESSES: Final = frozenset({"daemon_with_a_session", "daemon_without_a_session", "hopping_daemon"})
PRINT: Final = "endless_output"
LEAVE_FILES: Final = "deep_folders"
KEPT: Final = 4096

FAILED: Final = "nothing"


def judged(name: str, result: dict[str, Any]) -> tuple[bool, str]:
    """Return whether an attack worked without the cage, and what it got in spite of the cage."""
    uncaged, caged = result["uncaged"], result["caged"]
    if caged["left"]:
        return False, f"{caged['left']} left behind"
    if name in LEAVE_PROCESSES:
        return uncaged["left"] > 0, FAILED
    if name == PRINT:
        return uncaged["printed"] > 1 << 20, FAILED if caged["printed"] <= KEPT else "room for its output"
    if name == LEAVE_FILES:
        return bool(uncaged["got"]), FAILED
    return bool(uncaged["got"]), FAILED if not caged["got"] else str(caged["got"])
