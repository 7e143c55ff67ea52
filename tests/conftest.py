"""What holds for every test: no skips, no network, no accidental processes, the same examples each time."""

import sys
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import hypothesis
import pytest

SUITES_OF_THEIR_OWN: Final = frozenset(
    {"docker", "docs", "cage", "mlflow", "models", "services", "slow", "taxi"}
)
STARTS_A_PROCESS: Final = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"}
)

hypothesis.settings.register_profile("gate", derandomize=True, deadline=None, max_examples=25)
hypothesis.settings.register_profile("thorough", derandomize=True, deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("gate")


class Guard:
    """Refuses sockets that leave the machine, and processes, while a unit test runs.

    It is an audit hook, which cannot be removed; so there is one, and each test arms it.
    """

    def __init__(self) -> None:
        self.armed = False
        self.processes_allowed = False
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Judge one audit event: raise for what a unit test must not do, and remember it."""
        if not self.armed:
            return
        if event in STARTS_A_PROCESS and not self.processes_allowed:
            self.refuse(f"{event} {arguments[0] if arguments else ''}")
        elif event in {"socket.connect", "socket.sendto"} and not is_local(arguments[1]):
            self.refuse(f"{event} {arguments[1]}")
        elif event == "socket.getaddrinfo" and not is_local((arguments[0],)):
            self.refuse(f"{event} {arguments[0]!r}")

    def refuse(self, what: str) -> None:
        self.refused.append(what)
        raise RuntimeError(f"a unit test must not do this: {what}")


def is_local(address: object) -> bool:
    """Say whether a socket address stays on this machine: loopback, or the path of a Unix socket."""
    if not isinstance(address, tuple):
        return True
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if host in {None, "", "localhost"}:
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


GUARD: Final = Guard()
sys.addaudithook(GUARD)


@pytest.fixture(autouse=True)
def guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a unit test that leaves the machine or starts a process, even where the code hides it."""
    folders = Path(str(request.node.path)).relative_to(Path(__file__).parent).parts[:-1]
    if SUITES_OF_THEIR_OWN.intersection(folders[:1]):
        yield
        return
    GUARD.refused.clear()
    GUARD.processes_allowed = request.node.get_closest_marker("process") is not None
    GUARD.armed = True
    try:
        yield
    finally:
        GUARD.armed = False
    if GUARD.refused:
        pytest.fail(f"the test did what unit tests must not do: {'; '.join(GUARD.refused)}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one: a suite that cannot run is not started at all."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped; tests here run or are not started"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped file into an error, as above."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped; tests here run or are not started"
    return report
