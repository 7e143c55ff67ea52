"""The event is read as GitHub documents it, for every event that a run may have."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import event
from mlval.github.errors import EventError

HEAD, BASE, MERGE = "a" * 40, "b" * 40, "c" * 40

ENVIRON = {
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "octo/churn",
    "GITHUB_SHA": MERGE,
    "GITHUB_RUN_ID": "20",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_ACTOR": "mona",
}


def pull(*, head_repo: object = None, **more: object) -> dict[str, Any]:
    repo = {"id": 1, "full_name": "octo/churn"}
    head = {"sha": HEAD, "repo": repo if head_repo is None else head_repo}
    return {"pull_request": {"number": 7, "head": head, "base": {"sha": BASE, "repo": repo}}, **more}


def read(payload: object, **environ: str) -> event.Event:
    return event.read({**ENVIRON, **environ}, json.dumps(payload))


def test_a_pull_request_is_judged_on_its_own_head() -> None:
    found = read(pull())
    assert (found.head_sha, found.base_sha, found.pull_request, found.is_fork) == (HEAD, BASE, 7, False)
    assert found.run_url == "https://github.com/octo/churn/actions/runs/20/attempts/2"


@pytest.mark.parametrize(
    "name, payload, head, base",
    [
        ("push", {"before": BASE}, MERGE, BASE),
        ("push", {"before": "0" * 40}, MERGE, None),
        ("schedule", {}, MERGE, None),
        ("workflow_dispatch", {"inputs": None}, MERGE, None),
        ("merge_group", {"merge_group": {"head_sha": HEAD, "base_sha": BASE}}, HEAD, BASE),
        ("workflow_run", {"workflow_run": {"head_sha": HEAD}}, HEAD, None),
    ],
)
def test_other_events_have_a_commit_and_no_pull_request(
    name: str, payload: dict[str, object], head: str, base: str | None
) -> None:
    found = read(payload, GITHUB_EVENT_NAME=name)
    assert (found.head_sha, found.base_sha, found.pull_request) == (head, base, None)


@pytest.mark.parametrize(
    "head_repo, is_fork",
    [({"id": 1}, False), ({"id": 2}, True), ({}, True), ("deleted", True)],
)
def test_a_head_elsewhere_is_a_fork(head_repo: object, is_fork: bool) -> None:
    assert read(pull(head_repo=head_repo)).is_fork == is_fork


@pytest.mark.parametrize(
    "actor, head_repo, name, read_only",
    [
        ("mona", {"id": 1}, "pull_request", False),
        ("mona", {"id": 2}, "pull_request", True),
        ("dependabot[bot]", {"id": 1}, "pull_request", True),
        ("dependabot[bot]", {"id": 1}, "workflow_dispatch", False),
        ("mona", {"id": 2}, "pull_request_target", False),
    ],
)
def test_strangers_get_a_token_that_may_only_read(
    actor: str, head_repo: object, name: str, read_only: bool
) -> None:
    found = read(pull(head_repo=head_repo), GITHUB_ACTOR=actor, GITHUB_EVENT_NAME=name)
    assert found.token_is_read_only == read_only


@pytest.mark.parametrize(
    "head, is_fork", [({"id": 1}, False), ({"id": 2}, True), (None, True)], ids=["ours", "fork", "deleted"]
)
def test_the_trusted_phase_knows_a_fork_too(head: object, is_fork: bool) -> None:
    run = {"head_sha": HEAD, "head_repository": head}
    found = read({"workflow_run": run, "repository": {"id": 1}}, GITHUB_EVENT_NAME="workflow_run")
    assert (found.is_fork, found.token_is_read_only) == (is_fork, False)


def test_an_enterprise_server_is_found_by_its_variables() -> None:
    found = read(pull(), GITHUB_SERVER_URL="https://ghe.corp/", GITHUB_API_URL="https://ghe.corp/api/v3")
    assert found.api_url == "https://ghe.corp/api/v3"
    assert found.graphql_url == "https://ghe.corp/api/graphql"
    assert found.run_url.startswith("https://ghe.corp/octo/churn/actions")


@pytest.mark.parametrize("missing", ["GITHUB_EVENT_NAME", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"])
def test_a_missing_variable_is_named(missing: str) -> None:
    with pytest.raises(EventError, match=missing):
        read(pull(), **{missing: ""})


@pytest.mark.parametrize(
    "environ, payload",
    [
        ({"GITHUB_REPOSITORY": "octo/../x"}, pull()),
        ({"GITHUB_REPOSITORY": "octo/.."}, pull()),
        ({"GITHUB_REPOSITORY": "octo"}, pull()),
        ({"GITHUB_RUN_ID": "-1"}, pull()),
        ({"GITHUB_RUN_ID": "²"}, pull()),
        ({"GITHUB_API_URL": "file:///etc/passwd"}, pull()),
        ({"GITHUB_API_URL": "https://user:word@host"}, pull()),
        ({"GITHUB_API_URL": "https://["}, pull()),
        ({}, {"pull_request": {"number": 7, "head": {"sha": "main"}}}),
        ({}, {"pull_request": {"number": 7}}),
        ({"GITHUB_EVENT_NAME": "merge_group"}, {}),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_SHA": "a" * 41}, {}),
    ],
    ids=str,
)
def test_what_github_never_sends_is_refused(environ: dict[str, str], payload: object) -> None:
    with pytest.raises(EventError):
        read(payload, **environ)


KEYS = st.sampled_from(["pull_request", "head", "repo", "sha", "number", "before", "merge_group"])
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(JSON, st.sampled_from(["pull_request", "push", "merge_group", "workflow_run"]))
def test_no_payload_breaks_the_reader(payload: object, name: str) -> None:
    with suppress(EventError):
        assert read(payload, GITHUB_EVENT_NAME=name).head_sha


@pytest.mark.parametrize("text", ["{", "[" * 100_000])
def test_an_event_file_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(EventError, match="not JSON"):
        event.read(ENVIRON, text)


@pytest.mark.parametrize("name", ["pull_request_target", "workflow_run", "issue_comment"])
def test_events_that_hold_secrets_are_refused(name: str) -> None:
    refusal = event.refuse(name)
    assert refusal is not None
    assert name in refusal.sentence
    assert "mlval publish" in refusal.remedy


@pytest.mark.parametrize("name", ["pull_request", "push", "merge_group", "schedule", "workflow_dispatch"])
def test_other_events_are_judged(name: str) -> None:
    assert event.refuse(name) is None
