"""An interrupt that is swallowed on its way is not forgotten."""

import os
import signal

import pytest

from mlval.commands._interrupts import remembered


def test_a_swallowed_interrupt_is_raised_again() -> None:
    with remembered() as check:
        check()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()


def test_the_handler_of_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with remembered():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
