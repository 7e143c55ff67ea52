"""The guard around unit tests and the rule against skips, shown at work on throwaway tests."""

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.process

CASES = """
import os, socket, subprocess, sys
import pytest

def test_reaches_out():
    with socket.socket() as open_socket:
        open_socket.connect(("192.0.2.1", 80))

def test_looks_up_a_name():
    socket.getaddrinfo("example.com", 443)

def test_starts_a_process():
    subprocess.run([sys.executable, "-c", ""])

def test_swallows_the_refusal():
    try:
        os.system("true")
    except RuntimeError:
        pass

def test_skips():
    pytest.skip("no reason is good enough")

@pytest.mark.process
def test_may_start_a_process():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_may_listen_at_home():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

@pytest.mark.xfail
def test_may_fail_as_expected():
    raise AssertionError
"""


def test_what_a_unit_test_must_not_do_fails_it(pytester: pytest.Pytester) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), pytester.path)
    pytester.makepyfile(CASES)
    pytester.makeini("[pytest]\nmarkers = process: starts a process\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    # Each refusal counts twice, where it happens and afterwards, so that swallowing it does not help.
    result.assert_outcomes(passed=3, failed=4, errors=4, xfailed=1)


def test_a_skipped_file_is_an_error(pytester: pytest.Pytester) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), pytester.path)
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_module')\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
