"""Attacks on the second phase: each is refused with its reason, and nothing is written."""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome
from mlval.report.result_json import project, render
from tests.commands.handed_over import (
    BRANCH,
    CONTRACT,
    FAILED,
    FORK,
    HERE,
    PASSED,
    RUN,
    Gate,
    finished_run,
    report,
    zipped,
)
from tests.github.past_runs import pull_request
from tests.github.repository_files import Link
from tests.github.world import HEAD, NEWER, OLDER, PULL
from tests.report.conftest import hostile

GOOD = render(report(PASSED)).encode()
Attack = Callable[[Gate], object]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with finished_run(tmp_path) as found:
        yield found


def _document(**changes: object) -> bytes:
    return json.dumps({**project(report(FAILED)), **changes}).encode()


def _verdict(**changes: object) -> bytes:
    honest: Any = project(report(FAILED))["verdict"]
    return _document(verdict={**honest, **changes})


def _result(**changes: object) -> bytes:
    whole: Any = project(report(PASSED))
    return json.dumps({**whole, "results": [{**whole["results"][0], **changes}]}).encode()


DOCUMENTS = {
    "a verdict that its results do not have": (
        _verdict(state="passed", exit_code=0),
        "its verdict is passed with exit code 0, but its results amount to blocked with 1",
    ),
    "no results at all": (
        _document(results=[], verdict=json.loads(GOOD)["verdict"]),
        "it is not what mlval writes of these results",
    ),
    "wrong counts": (_verdict(counts={"failed": 0}), "verdict.counts.passed is missing"),
    "a pass beyond its bound": (_result(value=0), "data on holdout passed beyond its bound"),
    "a pass without a value": (
        json.dumps(
            {
                **project(report(PASSED)),
                "results": [
                    {
                        key: value
                        for key, value in json.loads(GOOD)["results"][0].items()
                        if key not in {"value", "bound", "unit"}
                    }
                ],
            }
        ).encode(),
        "data on holdout passed without a value",
    ),
    "a deferral of what was judged": (_result(deferred=True), "is deferred although it was judged"),
    "Markdown of its own": (_document(markdown="# passed"), "markdown is not part of the format"),
    "a number of a pull request": (_document(pull_request=8), "pull_request is not part of the format"),
    "a commit": (_document(head_sha=NEWER), "head_sha is not part of the format"),
    "keys twice": (GOOD.replace(b'"now":', b'"now": "x", "now":'), "the key now stands there twice"),
    "NaN": (_result().replace(b'"value": 3', b'"value": NaN'), "it holds NaN"),
    "deep JSON": (b"[" * 100_000, "it is nested more than 20 levels deep"),
    "no JSON": (b"<html>", "it is not JSON"),
    "text of any length": (_result(why="x" * 1_000), "it is not what mlval writes"),
    "another contract": (
        render(replace(report(PASSED), contract_name="payments")).encode(),
        "about payments",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_forged_report_is_refused(gate: Gate, name: str) -> None:
    document, reason = DOCUMENTS[name]
    gate.leave(zipped({"result.json": document}))
    _is_refused(gate, reason)


def _flipped(archive: bytes, at: int) -> bytes:
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def _encrypted(archive: bytes) -> bytes:
    """Set the flag of encryption in the header and in the directory."""
    start = archive.index(b"PK\x01\x02")
    return archive[:6] + b"\x01\x00" + archive[8 : start + 8] + b"\x01\x00" + archive[start + 10 :]


def _claiming(size: int) -> bytes:
    """Change the length that the directory claims of the member."""
    archive = zipped({"result.json": GOOD})
    start = archive.index(b"PK\x01\x02") + 24
    return archive[:start] + struct.pack("<I", size) + archive[start + 4 :]


def _packed(method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("result.json", GOOD)
    return stream.getvalue()


def _zip64() -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w") as archive,
        archive.open("result.json", "w", force_zip64=True) as member,
    ):
        member.write(GOOD)
    return stream.getvalue()


def _twins() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("result.json", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("result.json", GOOD)
    return stream.getvalue()


ONE = zipped({"result.json": GOOD})
ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "two members": (
        lambda: zipped({"result.json": GOOD, "report.md": b"# passed"}),
        "The artifact holds result.json, report.md; it has to hold result.json and nothing else",
    ),
    "one member twice": (_twins, "The artifact holds result.json, result.json"),
    "no member": (lambda: zipped({}), "The artifact holds nothing"),
    "a way out of the folder": (lambda: zipped({"../result.json": GOOD}), "holds ../result.json"),
    "an absolute path": (lambda: zipped({"/result.json": GOOD}), "holds /result.json"),
    "another letter case": (lambda: zipped({"Result.json": GOOD}), "holds Result.json"),
    "a name that is cut": (
        lambda: zipped({"result.json_x": GOOD}).replace(b"json_x", b"json\0x"),
        "holds result.json\\x00x",
    ),
    "a command as a name": (lambda: zipped({"\n::error::x": GOOD}), "holds \\n::error::x"),
    "a bomb": (
        lambda: zipped({"result.json": b" " * 50_000_000}),
        "result.json in the artifact has more than 5,000,000 bytes",
    ),
    "a bomb that claims to be small": (
        lambda: zipped({"result.json": b" " * 4_900_000}).replace(
            struct.pack("<I", 4_900_000), struct.pack("<I", 10)
        ),
        "The artifact is not an archive that can be read",
    ),
    "less than it claims": (lambda: _claiming(4_000_000), "is not as long as the archive says"),
    "broken bytes": (lambda: _flipped(ONE, 60), "The artifact is not an archive that can be read"),
    "an encrypted member": (lambda: _encrypted(ONE), "The artifact is encrypted"),
    "an unusual method": (lambda: _packed(zipfile.ZIP_LZMA), "packed by an unusual method"),
    "a format for huge files": (_zip64, "packed in a format for files of more than 4 GB"),
    "bytes before it": (lambda: b"#!/bin/sh\n" + ONE, "bytes that belong to no file"),
    "an archive before it": (lambda: ONE + ONE, "bytes that belong to no file"),
    "a comment": (lambda: ONE[:-2] + b"\x04\x00PK\x03\x04", "bytes that belong to no file"),
    "no archive": (lambda: b"PK", "The artifact is not an archive that can be read"),
    "nothing": (lambda: b"", "The artifact is not an archive that can be read"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_of_another_kind_is_refused(gate: Gate, name: str) -> None:
    archive, reason = ARCHIVES[name]
    gate.leave(archive())
    _is_refused(gate, reason)


def _two_of_a_name(gate: Gate) -> None:
    gate.leave(ONE)


def _no_contract(gate: Gate) -> None:
    gate.github.forge.files.commits[OLDER].clear()


def _a_contract_of_the_head_alone(gate: Gate) -> None:
    gate.github.forge.files.commits = {OLDER: {}, HEAD: {"mlval.yml": CONTRACT}}


def _a_link_to_a_contract(gate: Gate) -> None:
    files = gate.github.forge.files.commits[OLDER]
    files |= {"gates/churn.yml": CONTRACT, "mlval.yml": Link("gates/churn.yml")}


def _artifact(**changes: object) -> Attack:
    return lambda gate: gate.github.forge.past.artifacts[RUN][0].update(changes)


def _of_the_run(**changes: object) -> Attack:
    return lambda gate: gate.run.update(changes)


def _pulls(*pulls: dict[str, Any]) -> Attack:
    return lambda gate: gate.github.forge.past.pulls.update({BRANCH: list(pulls)})


RUNS: dict[str, tuple[Attack, str]] = {
    "another workflow": (
        _of_the_run(path=".github/workflows/other.yml"),
        "The run is one of .github/workflows/other.yml",
    ),
    "a workflow of nearly this name": (
        _of_the_run(path=".github/workflows/mlval.yml@x"),
        "The run is one of .github/workflows/mlval.yml@x",
    ),
    "another event": (_of_the_run(event="push"), "The run was started by push"),
    "a trusted event": (_of_the_run(event="pull_request_target"), "was started by pull_request_target"),
    "a run that goes on": (lambda gate: gate.event.update(action="requested"), "The run has not ended"),
    "another repository": (
        _of_the_run(repository={"id": 9, "full_name": "mona/churn"}),
        "The run belongs to another repository",
    ),
    "a fork that is gone": (_of_the_run(head_repository=None), "that the pull request came from is gone"),
    "a commit that is none": (_of_the_run(head_sha="main"), "head_sha is main"),
    "two pull requests of one commit": (
        _pulls(*(pull_request(number, head=(HEAD, FORK), base=(OLDER, HERE)) for number in (PULL, 8))),
        "The pull requests 7, 8 have the same branch",
    ),
    "two artifacts of one name": (_two_of_a_name, "The run has left 2 artifacts mlval-report"),
    "an expired artifact": (_artifact(expired=True), "The artifact mlval-report has expired"),
    "an artifact of another run": (
        _artifact(workflow_run={"id": 54, "head_sha": HEAD}),
        "The artifact mlval-report belongs to another run",
    ),
    "an artifact of another commit": (
        _artifact(workflow_run={"id": RUN, "head_sha": NEWER}),
        "The artifact mlval-report belongs to another run",
    ),
    "an artifact of nobody knows which run": (_artifact(workflow_run=None), "belongs to another run"),
    "an artifact of another name": (_artifact(name="mlval-report2"), "has left no artifact mlval-report"),
    "an artifact of an earlier attempt": (
        _artifact(created_at="2026-04-01T11:59:59Z"),
        "has left no artifact mlval-report",
    ),
    "a huge artifact": (_artifact(size_in_bytes=5_000_001), "has more than 5,000,000 bytes"),
    "an artifact that was exchanged": (_artifact(digest=f"sha256:{'0' * 64}"), "its digest differs"),
    "a base without a contract": (_no_contract, "the base branch has none"),
    "a contract of the change alone": (_a_contract_of_the_head_alone, "the base branch has none"),
    "a link to a contract": (_a_link_to_a_contract, "of the base branch cannot be read"),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_does_not_fit_is_refused(gate: Gate, name: str) -> None:
    attack, reason = RUNS[name]
    gate.leave(ONE)
    attack(gate)
    _is_refused(gate, reason)


def test_a_pull_request_of_another_fork_does_not_count(gate: Gate) -> None:
    gate.github.forge.past.pulls[BRANCH] = [pull_request(PULL, head=(HEAD, 3), base=(OLDER, HERE))]
    gate.leave(ONE)
    assert gate.publish() is ExitCode.PASSED
    assert (gate.comments, gate.statuses) == ([], [])


def test_an_archive_longer_than_it_is_listed_is_cut_off(gate: Gate) -> None:
    gate.leave(b"x" * 6_000_000, size_in_bytes=10)
    _is_refused(gate, "the answer was longer than 5000000 bytes")


def test_a_second_redirect_is_not_followed(gate: Gate) -> None:
    gate.leave(ONE)
    gate.storage.moved["/artifact/900"] = f"http://localhost:{gate.storage.port}/artifact/901"
    gate.storage.keep("/artifact/901", ONE)
    _is_refused(gate, "GitHub redirected a download twice")


@pytest.mark.parametrize("address", ["ftp://localhost/a", "http://user@localhost/a", "/a", "http://", ""])
def test_an_address_that_must_not_be_asked_is_refused(gate: Gate, address: str) -> None:
    gate.leave(ONE)
    gate.github.forge.past.storage[900] = address or " "
    _is_refused(gate, "GitHub did not redirect to an address that may be asked")


def test_text_that_attacks_is_inert_wherever_it_stands(gate: Gate) -> None:
    told = hostile()
    results = tuple(replace(one, blocks=True, outcome=Outcome.FAILED) for one in told.verdict.results)
    gate.leave_report(replace(told, contract_name="churn", verdict=report(*results).verdict))
    assert gate.publish() is ExitCode.PASSED
    (comment,) = gate.comments
    lowered = comment.lower()
    assert "<img" not in lowered
    assert "@org" not in lowered
    assert "](http" not in lowered
    assert "\n::" not in comment
    assert not any("\n::error" in line for line in gate.log)
    ((*_, description),) = gate.statuses
    assert "::" not in description


def test_the_log_of_a_refusal_holds_no_command_of_a_stranger(gate: Gate) -> None:
    gate.leave(zipped({"x\n::set-output name=a::b": GOOD}))
    assert gate.publish() is ExitCode.UNPUBLISHED
    commands = [line for line in gate.said.splitlines() if line.startswith("::")]
    assert {line.split(" ")[0].split("::")[1] for line in commands} <= {"add-mask", "warning"}


def _is_refused(gate: Gate, reason: str) -> None:
    assert gate.publish() is ExitCode.UNPUBLISHED
    assert reason in gate.said.replace("%0A", "\n").replace("%25", "%")
    assert "::warning" in gate.said
    assert (gate.comments, gate.statuses) == ([], [])
