"""The client keeps its token to itself, its distance between writes, and its head when answers are odd."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from mlval.github import client as client_module
from mlval.github.client import Client
from mlval.github.errors import BadCredentials, PublishError, Refused, Unavailable, Unreadable
from mlval.github.retry import Clock
from tests.github import world
from tests.github.faults import ALWAYS, Fault, Then
from tests.github.stand_in import StandIn, serving
from tests.github.world import APP, BOT, HEAD, JOB, PERSON, PULL, Timeline


@pytest.fixture
def client(github: StandIn) -> Iterator[Client]:
    with world.connected(github) as connected:
        yield connected


@pytest.fixture
def elsewhere() -> Iterator[StandIn]:
    """Another host, which ought to hear nothing."""
    with serving(StandIn(forge=world.forge())) as other:
        yield other


def set_status(client: Client) -> None:
    client.create_status(
        HEAD, context="mlval/churn", state="success", description="d", target_url="https://a.b"
    )


CALLS: dict[str, Callable[[Client], object]] = {
    "list": lambda client: client.comments(PULL),
    "create": lambda client: client.create_comment(PULL, "text"),
    "update": lambda client: client.update_comment(1, "text"),
    "delete": lambda client: client.delete_comment(1),
    "head": lambda client: client.head_sha(PULL),
    "viewer": lambda client: client.viewer(),
    "status": set_status,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault("*", 403, body={"message": "no"}), id="403"),
        pytest.param(Fault("*", 418, body=b"\xff\x00"), id="418 with bytes"),
        pytest.param(Fault("*", 302, location="http://user:secret@["), id="a redirect to nowhere"),
        pytest.param(Fault("*", 302, left=ALWAYS), id="a circle"),
        pytest.param(Fault("*", 500, left=ALWAYS), id="500"),
        pytest.param(Fault("*", then=Then.DROP, left=ALWAYS), id="dropped"),
        pytest.param(Fault("*", then=Then.CUT, left=ALWAYS), id="cut short"),
    ],
)
def test_every_failure_is_of_one_family(github: StandIn, client: Client, fault: Fault, call: str) -> None:
    github.faults = [replace(fault)]
    with pytest.raises(PublishError):
        CALLS[call](client)


@pytest.mark.parametrize("call", ["list", "create", "head", "viewer"])
@pytest.mark.parametrize(
    "body", [b"", b"[" * 100_000, None, {}, [3], {"id": True, "user": {}}, {"head": {"sha": 3}}, "text"]
)
def test_an_answer_of_another_shape_is_an_error(
    github: StandIn, client: Client, body: object, call: str
) -> None:
    github.faults = [Fault("*", 200, body=body)]
    with pytest.raises(Unreadable):
        CALLS[call](client)


@pytest.mark.parametrize("status", [200, 302, 403])
def test_an_endless_answer_is_cut_off(
    github: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(client_module, "_MAX_BYTES", 1_000)
    github.faults = [Fault("*", status, body="x" * 2_000, location="HERE/")]
    with pytest.raises(Unreadable, match="longer than 1000 bytes"):
        client.comments(PULL)


def test_an_answer_that_drips_is_given_up(github: StandIn) -> None:
    """Each byte comes in time; the whole does not."""

    class Hasty(Timeline):
        def clock(self) -> Clock:
            def tick() -> float:
                self.passed += 1_000
                return self.passed

            return Clock(monotonic=tick, now=tick, sleep=lambda _: None)

    with world.connected(github, timeline=Hasty()) as hasty, pytest.raises(Unavailable, match="in time"):
        hasty.head_sha(PULL)


@pytest.mark.parametrize("token, login", [(JOB, BOT), (PERSON, "mona"), (APP, "gatekeeper[bot]")])
def test_the_viewer_is_whose_token_it_is(github: StandIn, token: str, login: str) -> None:
    with world.connected(github, token=token) as client:
        assert client.viewer() == login


def test_writes_keep_their_distance(github: StandIn) -> None:
    timeline = Timeline()
    with world.connected(github, timeline=timeline) as client:
        for _ in range(3):
            client.create_comment(PULL, "text")
        client.comments(PULL)
    assert timeline.waits == [1.0, 1.0]


def test_a_comment_that_is_gone_is_deleted(client: Client) -> None:
    client.delete_comment(12345)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_token_does_not_follow_to_another_host(
    github: StandIn, client: Client, elsewhere: StandIn, status: int
) -> None:
    github.faults = [Fault("*", status, location=f"{elsewhere.url}/repos/octo/churn/pulls/7")]
    with pytest.raises(Unreadable, match="another host"):
        client.head_sha(PULL)
    assert elsewhere.asked == []


def test_a_write_is_repeated_verbatim_where_it_is_sent_to(github: StandIn, client: Client) -> None:
    github.faults = [Fault("*", 301, location="/repos/octo/churn/issues/7/comments")]
    client.create_comment(PULL, "text")
    assert [item["body"] for item in github.forge.on(PULL)] == ["text"]


def test_the_query_goes_along_with_a_redirect(github: StandIn, client: Client) -> None:
    for _ in range(40):
        github.forge.add_comment(PULL, author="mona", body="talk")
    github.faults = [Fault("*", 302, location="/repos/octo/churn/issues/7/comments")]
    assert len(client.comments(PULL)) == 40


def test_a_netrc_does_not_replace_the_token(
    github: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password stolen\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with requests.Session() as session:
        about = world.event(api_url=github.url, graphql_url=f"{github.url}/graphql")
        client = Client(session, about, token=JOB, clock=Timeline().clock())
        assert client.viewer() == BOT


def test_a_certificate_that_cannot_be_verified_is_not_accepted(github: StandIn) -> None:
    timeline = Timeline()
    about = world.event(api_url=github.url.replace("http:", "https:"), graphql_url="")
    with requests.Session() as session:
        session.trust_env = False
        client = Client(session, about, token=JOB, clock=timeline.clock())
        with pytest.raises(Unavailable, match="TLS"):
            client.head_sha(PULL)
    assert timeline.waits == []


@pytest.mark.parametrize("api", ["http://127.0.0.1:1", "http://[", "http://127.0.0.1:99999", "nonsense"])
def test_an_address_where_nothing_is_fails_cleanly(api: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        client = Client(session, world.event(api_url=api), token=JOB, clock=Timeline().clock())
        with pytest.raises(Unavailable):
            client.head_sha(PULL)


@pytest.mark.parametrize("token", ["", " ", "ghs_x\n", "ghs x", "ghs_ü", "ghs\x00"])
def test_what_is_no_token_is_refused_unseen(token: str) -> None:
    with requests.Session() as session, pytest.raises(BadCredentials) as caught:
        Client(session, world.event(), token=token, clock=Timeline().clock())
    assert "ghs" not in str(caught.value)


def test_the_token_is_nowhere_to_be_read(
    github: StandIn, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    github.faults = [Fault("*", then=Then.DROP, left=ALWAYS)]
    with pytest.raises(Unavailable) as caught:
        client.head_sha(PULL)
    shown = f"{client!r}{vars(client)}{caught.value!r}{caught.value.__cause__!r}{caplog.text}"
    assert JOB not in shown


def test_words_from_outside_are_shown_safely(github: StandIn, client: Client) -> None:
    github.faults = [Fault("*", 422, body={"message": "a\n::error::b\u202e" + "x" * 5_000})]
    with pytest.raises(Refused) as caught:
        client.head_sha(PULL)
    assert len(str(caught.value)) < 250
    assert str(caught.value).startswith("GitHub answered 422: a\\n::error::b\\u202exxx")


def test_too_many_comments_are_not_read_in_part(
    github: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_MOST_ENTRIES", 100)
    for _ in range(101):
        github.forge.add_comment(PULL, author="mona", body="talk")
    with pytest.raises(Unreadable, match="more than"):
        client.comments(PULL)
