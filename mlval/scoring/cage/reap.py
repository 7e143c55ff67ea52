"""Ending a caged program and everything that it started, until the kernel says that nothing is left."""

import os
import signal
import time
from contextlib import suppress

from mlval.scoring.cage import watch

PATIENCE = 30.0
"""Seconds after which what does not die is left and reported: such as one that waits for a broken disk."""


def collect(leader: int) -> "str | None":
    """Reap orphans that have ended; return how the leader ended, or None while it runs.

    The leader itself is not reaped: as long as it is there, its number is nobody else's group.
    """
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return "ended"
        if found is None:
            return None
        if found.si_pid == leader:
            exited = found.si_code == os.CLD_EXITED
            return f"exit status {found.si_status}" if exited else f"signal {found.si_status}"
        os.waitpid(found.si_pid, 0)


def end_all(leader: int) -> bool:
    """Kill the leader's group and every other descendant; reap all; say whether nothing is left.

    One signal to a group reaches all of it at once, and what has it pending can start no more processes. The
    filter of system calls keeps everything in the group; what left it without a filter is killed one by one.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            reaped, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if reaped == 0:
            for process in watch.used(os.getpid())[2]:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.001)
    return False
