"""The stand-in is as strict as GitHub: its description, and the rules that the description lacks."""

from collections.abc import Iterator

import pytest
import requests

from tests.github import world
from tests.github.stand_in import StandIn, serving
from tests.github.world import HEAD, JOB, PERSON, PULL, READER

COMMENTS = f"issues/{PULL}/comments"
CHECK = {"name": "mlval", "head_sha": HEAD}


@pytest.fixture
def loose() -> Iterator[StandIn]:
    """Serve a stand-in whose violations the test looks at itself."""
    with serving(StandIn(forge=world.forge())) as stand_in:
        yield stand_in


def ask(
    stand_in: StandIn, method: str, path: str, body: object = None, *, token: str = JOB
) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{stand_in.url}/repos/octo/churn/{path}"
        return session.request(method, url, json=body, headers=headers, timeout=10)


@pytest.mark.parametrize(
    "method, path, body",
    [
        pytest.param("GET", f"{COMMENTS}?perpage=3", None, id="an unknown query parameter"),
        pytest.param("GET", f"{COMMENTS}?page=two", None, id="a query of the wrong type"),
        pytest.param("GET", "issues/seven/comments", None, id="a path of the wrong type"),
        pytest.param("GET", COMMENTS, {"a": 1}, id="a body where none belongs"),
        pytest.param("POST", COMMENTS, {"text": "x"}, id="an unknown field"),
        pytest.param("POST", COMMENTS, {"body": 3}, id="a field of the wrong type"),
        pytest.param("POST", COMMENTS, None, id="no body"),
        pytest.param("POST", f"statuses/{HEAD}", {"state": "passed"}, id="an unknown state"),
        pytest.param("POST", f"statuses/{HEAD}", {"context": "mlval/x"}, id="no state"),
        pytest.param("POST", "check-runs", {"name": "x"}, id="no commit"),
        pytest.param(
            "POST",
            "check-runs",
            {**CHECK, "output": {"title": "t", "summary": "x" * 65_536}},
            id="a long summary",
        ),
        pytest.param("PUT", COMMENTS, {"body": "x"}, id="an unknown method"),
        pytest.param("GET", "branches", None, id="an unknown path"),
    ],
)
def test_a_request_that_is_not_described_is_a_violation(
    loose: StandIn, method: str, path: str, body: object
) -> None:
    assert ask(loose, method, path, body).status_code in {400, 501}
    assert loose.violations or method == "PUT"


@pytest.mark.parametrize(
    "method, path, body, status, words",
    [
        ("POST", COMMENTS, {"body": " \n"}, 422, "cannot be blank"),
        ("POST", COMMENTS, {"body": "x" * 65_536}, 201, ""),
        ("POST", COMMENTS, {"body": "x" * 65_537}, 422, "65536 characters"),
        ("POST", COMMENTS, {"body": "🌈" * 65_536}, 201, ""),
        ("PATCH", "issues/comments/1", {"body": "x"}, 404, "Not Found"),
        ("POST", f"statuses/{HEAD}", {"state": "success", "description": "x" * 140}, 201, ""),
        ("POST", f"statuses/{HEAD}", {"state": "success", "description": "x" * 141}, 422, "140 characters"),
        ("POST", f"statuses/{'e' * 40}", {"state": "success"}, 422, "No commit found"),
        ("POST", "check-runs", {**CHECK, "status": "completed"}, 422, "conclusion"),
        ("POST", "check-runs", {**CHECK, "status": "completed", "conclusion": "success"}, 201, ""),
        ("GET", "pulls/8", None, 404, "Not Found"),
    ],
    ids=str,
)
def test_the_rules_that_the_description_lacks_hold(
    github: StandIn,
    method: str,
    path: str,
    body: object,
    status: int,
    words: str,
) -> None:
    answer = ask(github, method, path, body)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize(
    "token, status", [(JOB, 201), (PERSON, 201), (READER, 403), ("ghs_unknown", 401), ("", 401)]
)
def test_a_token_may_what_it_may(github: StandIn, token: str, status: int) -> None:
    assert ask(github, "POST", COMMENTS, {"body": "x"}, token=token).status_code == status


def test_check_runs_belong_to_apps(github: StandIn) -> None:
    assert ask(github, "POST", "check-runs", CHECK, token=PERSON).status_code == 403


@pytest.mark.parametrize(
    "query, size, more",
    [("", 30, True), ("?per_page=100", 100, True), ("?per_page=500", 100, True), ("?page=4", 15, False)],
)
def test_lists_come_in_pages(github: StandIn, query: str, size: int, more: bool) -> None:
    for number in range(105):
        github.forge.add_comment(PULL, author="mona", body=f"talk {number}")
    answer = ask(github, "GET", COMMENTS + query)
    assert len(answer.json()) == size
    assert ("next" in answer.links) == more


def test_statuses_are_kept_by_commit_newest_first(github: StandIn) -> None:
    for state in ("pending", "success"):
        ask(github, "POST", f"statuses/{HEAD}", {"state": state, "context": "mlval/churn"})
    ask(github, "POST", f"statuses/{world.OLDER}", {"state": "error", "context": "mlval/churn"})
    found = ask(github, "GET", f"commits/{HEAD}/statuses").json()
    assert [status["state"] for status in found] == ["success", "pending"]


def test_a_context_takes_a_thousand_statuses(github: StandIn) -> None:
    github.forge.statuses = [(HEAD, {"context": "mlval/churn"})] * 1_000
    answer = ask(github, "POST", f"statuses/{HEAD}", {"state": "success", "context": "mlval/churn"})
    assert (answer.status_code, "maximum number of statuses" in answer.text) == (422, True)
