"""Progress on a terminal, and silence anywhere else."""

from io import StringIO

from mlval.report.progress import Quiet, TerminalProgress


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(stream: StringIO) -> list[str]:
    return stream.getvalue().split("\r\x1b[K")[1:]


def test_rate_and_time_left() -> None:
    stream, clock = Terminal(), Clock()
    progress = TerminalProgress(stream, clock)
    progress("measuring", done=0, total=40, label="trips")
    clock.now += 2
    progress("measuring", done=10, total=40, label="trips")
    assert shown(stream) == ["measuring 0 of 40, trips", "measuring 10 of 40, 5/s, 6 s left, trips"]


def test_an_unknown_total_is_only_counted() -> None:
    stream, clock = Terminal(), Clock()
    progress = TerminalProgress(stream, clock)
    progress("reading", done=1_000)
    clock.now += 1
    progress("reading", done=2_000)
    assert shown(stream) == ["reading 1,000", "reading 2,000"]


def test_it_writes_at_most_ten_times_a_second_and_at_the_end() -> None:
    stream, clock = Terminal(), Clock()
    progress = TerminalProgress(stream, clock)
    for done in range(101):
        progress("measuring", done=done, total=100)
        clock.now += 0.0015
    assert len(shown(stream)) == 3
    assert shown(stream)[-1] == "measuring 100 of 100"


def test_another_event_is_written_at_once() -> None:
    stream = Terminal()
    progress = TerminalProgress(stream, Clock())
    progress("reading", done=0, total=2)
    progress("judging", done=0, total=2)
    assert shown(stream) == ["reading 0 of 2", "judging 0 of 2"]


def test_a_label_cannot_move_the_cursor_or_leave_the_line() -> None:
    stream = Terminal()
    TerminalProgress(stream, Clock(), width=40)("reading", done=0, total=2, label="a\x1b[2J\n" + "b" * 99)
    (line,) = shown(stream)
    assert "\\x1b[2J\\n" in line
    assert len(line) == 39


def test_finish_erases_the_line_once() -> None:
    stream = Terminal()
    progress = TerminalProgress(stream, Clock())
    progress.close()
    progress("reading", done=0, total=2)
    progress.close()
    progress.close()
    assert shown(stream) == ["reading 0 of 2", ""]


def test_a_pipe_gets_nothing() -> None:
    stream = StringIO()
    progress = TerminalProgress(stream, Clock())
    progress("reading", done=0, total=2)
    progress.close()
    assert stream.getvalue() == ""


def test_quiet_takes_what_a_terminal_takes() -> None:
    quiet = Quiet()
    quiet("reading", done=0, total=2, label="x")
    quiet.close()
