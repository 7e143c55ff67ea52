"""Bad input: one clear screen, the right exit code, and nothing half-written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import CONTRACT, OUTPUTS, TRIPS, Call, Ended

ONE_SCREEN = 24


def is_one_screen(text: str) -> bool:
    return 0 < len(text.splitlines()) <= ONE_SCREEN and "Traceback" not in text and "\x1b" not in text


def is_nothing_half_written(output: Path) -> bool:
    """Say whether all outputs are there, whole, or none."""
    if not output.is_dir():
        return True
    written = {path.name for path in output.iterdir()}
    return written in (set(), OUTPUTS) and all((output / name).stat().st_size for name in written)


def _missing(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link_to(target: str) -> Callable[[Path], object]:
    def linked(path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return linked


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


REFUSED, BROKEN, AWAY = ExitCode.USAGE, ExitCode.BLOCKED, ExitCode.UNAVAILABLE
DATA: dict[str, tuple[Callable[[Path], object], ExitCode, str]] = {
    "missing": (_missing, AWAY, "does not exist"),
    "empty": (_bytes(b""), BROKEN, "is empty"),
    "without rows": (_bytes(b"fare,plan\n"), BROKEN, "no rows"),
    "ragged": (_bytes(TRIPS.encode() + b"1\n2,3,4\n"), BROKEN, "2 rows without exactly 2 fields: line 4, 5"),
    "binary": (_bytes(bytes(range(256)) * 9), BROKEN, "trips.csv"),
    "not UTF-8": (_bytes("fare,plan\n1,é\n".encode("latin-1")), BROKEN, "UTF-8"),
    "another format": (_bytes(b"PAR1" + bytes(99) + b"PAR1"), BROKEN, "trips.csv"),
    "a folder": (_folder, REFUSED, "is a folder"),
    "a pipe": (_fifo, REFUSED, "is a pipe"),
    "a link to the environment": (_link_to("/proc/self/environ"), REFUSED, "leads to the system"),
    "a link to a device": (_link_to("/dev/zero"), REFUSED, "leads to the system"),
    "a link out": (_link_to("../outside.csv"), REFUSED, "leads out of the workspace"),
    "a link to nothing": (_link_to("nothing.csv"), AWAY, "is a link to nothing"),
    "a link to itself": (_link_to("trips.csv"), AWAY, "trips.csv"),
}


@pytest.mark.parametrize("name", DATA)
def test_data_that_cannot_be_used(call: Call, folder: Path, name: str) -> None:
    spoil, code, told = DATA[name]
    (folder.parent / "outside.csv").write_text(TRIPS)
    spoil(folder / "trips.csv")
    ended = call("run", "--output", "report")
    assert ended.code == code
    assert told in _unwrapped(ended)
    assert is_one_screen(ended.err + ended.out)
    assert is_nothing_half_written(folder / "report")


PLACES = {
    "out of the workspace": ("../outside.csv", "leads out of the workspace"),
    "absolute": ("/etc/hostname", "absolute path"),
    "in .git": (".git/config", "leads into .git"),
    "in .git by another case": (".GIT/config", "leads into .git"),
    "the environment": ("/proc/self/environ", "leads to the system"),
    "over http": ("https://example.com/trips.csv", "https"),
    "a chained URL": ("simplecache::s3://bucket/trips.csv", "simplecache"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_may_not_be_read(call: Call, folder: Path, name: str) -> None:
    reference, told = PLACES[name]
    (folder / ".git").mkdir()
    (folder / ".git/config").write_text(TRIPS)
    (folder.parent / "outside.csv").write_text(TRIPS)
    (folder / "mlval.yml").write_text(CONTRACT.replace("trips.csv", reference))
    ended = call("run", "--output", "report")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert told in ended.err
    assert is_one_screen(ended.err)
    assert is_nothing_half_written(folder / "report")


def _huge(path: Path) -> None:
    with path.open("ab") as stream:
        stream.truncate(100 * 2**20)


CONTRACTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (_missing, "there is no contract mlval.yml"),
    "empty": (_bytes(b""), "empty"),
    "no YAML": (_bytes(b"a: [1, 2\nb: }"), "mlval.yml:"),
    "a list": (_bytes(b"- 1\n"), "expected a mapping"),
    "not UTF-8": (_bytes(b"version: 1\nname: \xff\n"), "UTF-8"),
    "binary": (_bytes(bytes(range(256)) * 9), "mlval.yml"),
    "100 MB": (_huge, "larger than 1 MiB"),
    "deep": (_bytes(b"a: " + b"[" * 100_000), "deep"),
    "an alias bomb": (_bytes(b"a: &a [1]\nb: &b [*a, *a]\n"), "mlval.yml:1"),
    "code": (_bytes(b"a: !!python/object/apply:os.system [id]\n"), "mlval.yml:1"),
    "a folder": (_folder, "mlval.yml"),
    "a pipe": (_fifo, "is not a file"),
    "a link to a device": (_link_to("/dev/zero"), "is not a file"),
}


@pytest.mark.parametrize("command", ["run", "lint"])
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_that_cannot_be_read(call: Call, folder: Path, name: str, command: str) -> None:
    spoil, told = CONTRACTS[name]
    spoil(folder / "mlval.yml")
    ended = call(command, *(["--output", "report"] if command == "run" else []))
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert told in ended.err
    assert is_one_screen(ended.err)
    assert not (folder / "report").exists()


OPEN = CONTRACT.replace("path: trips.csv", "from: input")
USAGE = {
    "a name left unbound": ([], "give --data trips=PATH"),
    "bound twice": (["--data", "trips=trips.csv", "--data", "trips=b.csv"], "is given twice"),
    "a name that is not there": (["--data", "tolls=trips.csv"], "trips"),
    "a binding without a path": (["--data", "trips"], "expected NAME=PATH"),
    "a model that is not there": (["--data", "trips=trips.csv", "--model", "m=trips.csv"], "--model m"),
    "only nothing": (["--data", "trips=trips.csv", "--only", "drfit"], "there are: data"),
    "a time that is none": (["--data", "trips=trips.csv", "--now", "noon"], "ISO 8601"),
    "no threads": (["--data", "trips=trips.csv", "--threads", "0"], "--threads"),
    "too many threads": (["--data", "trips=trips.csv", "--threads", "999"], "--threads"),
    "threads that are no number": (["--data", "trips=trips.csv", "--threads", "all"], "--threads"),
    "memory that is none": (["--data", "trips=trips.csv", "--memory", "lots"], "such as 4GB"),
    "an unknown option": (["--ouput", "report"], "--output"),
    "a pattern without a contract": (["gates/*.yml"], "no contract matches gates/*.yml"),
}


@pytest.mark.parametrize("name", USAGE)
def test_a_call_that_cannot_work(call: Call, folder: Path, name: str) -> None:
    arguments, told = USAGE[name]
    (folder / "mlval.yml").write_text(OPEN)
    ended = call("run", *arguments, "--output", "report")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert told in ended.err
    assert is_one_screen(ended.err)
    assert is_nothing_half_written(folder / "report")


def test_a_name_that_is_bound_is_read(call: Call, folder: Path) -> None:
    (folder / "mlval.yml").write_text(OPEN)
    assert call("run", "--data", "trips=trips.csv").code == ExitCode.PASSED


def test_an_unknown_command(call: Call) -> None:
    ended = call("rnu")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert "rnu" in ended.err


@pytest.mark.parametrize("output", ["trips.csv", "trips.csv/report", "/proc/report", "/dev/null"])
def test_an_output_that_cannot_be_written(call: Call, folder: Path, output: str) -> None:
    ended = call("run", "--output", output)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert "cannot write to the output folder" in ended.err
    assert is_one_screen(ended.err)
    assert (folder / "trips.csv").read_text() == TRIPS


@pytest.mark.parametrize("taken", sorted(OUTPUTS))
def test_an_output_whose_place_is_taken_leaves_the_others_as_they_were(
    call: Call, folder: Path, taken: str
) -> None:
    (folder / "report" / taken).mkdir(parents=True)
    ended = call("run", "--output", "report")
    assert ended.code == ExitCode.USAGE
    assert "cannot write" in ended.err
    assert [path.name for path in (folder / "report").iterdir()] == [taken]


def _unwrapped(ended: Ended) -> str:
    """Return what was said without the line breaks of the layout."""
    return " ".join((ended.out + ended.err).split())
