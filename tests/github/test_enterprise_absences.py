"""What a GitHub Enterprise Server lacks, found in workflows; and which servers are such."""

import pytest

from mlval.github.enterprise import absences, is_server
from tests.workflow_files import FOR_USERS

SHA = "a" * 40


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://github.com", False),
        ("https://GitHub.com", False),
        ("https://acme.ghe.com", False),
        ("https://github.example.org", True),
        ("https://github.com.example.org", True),
        ("https://notgithub.com", True),
        ("http://10.0.0.1:8080", True),
    ],
)
def test_where_a_run_is(url: str, *, expected: bool) -> None:
    assert is_server(url) is expected


@pytest.mark.parametrize(
    "line, expected",
    [
        ("- uses: actions/upload-artifact@v4", {"actions/upload-artifact"}),
        ("  uses: 'actions/download-artifact@v8.0.1'", {"actions/download-artifact"}),
        (f"- uses: actions/upload-artifact@{SHA} # v7.0.1", {"actions/upload-artifact"}),
        (f"- uses: actions/upload-artifact@{SHA}", {"actions/upload-artifact"}),
        (f"- uses: actions/upload-artifact@{SHA} # v3.2.1", set()),
        ("- uses: actions/upload-artifact@v3", set()),
        ("- uses: actions/attest-build-provenance@v2", {"actions/attest-build-provenance"}),
        ("- uses: $/composite", {"uses: $/"}),
        ("# uses: actions/upload-artifact@v4", set()),
        ("- uses: actions/checkout@v4", set()),
        ("- run: echo uses nothing", set()),
    ],
)
def test_what_is_absent_there(line: str, expected: set[str]) -> None:
    assert dict(absences(f"jobs:\n{line}\n{line}\n")).keys() == expected


def test_our_own_workflows_lack_nothing_but_artifacts() -> None:
    found = {what for path in FOR_USERS for what, _ in absences(path.read_text(encoding="utf-8"))}
    assert found <= {"actions/upload-artifact", "actions/download-artifact"}
