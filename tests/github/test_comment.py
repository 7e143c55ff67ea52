"""One comment, ours, of the newest run: planned purely, and kept over the socket against all disturbance."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import comment, marker
from mlval.github.comment import Ending, plan
from mlval.github.hidden_line import digest
from mlval.github.marker import Marker
from mlval.github.values import Comment
from tests.github import world
from tests.github.faults import Fault, Then
from tests.github.stand_in import StandIn
from tests.github.world import APP, BOT, HEAD, JOB, NEWER, OLDER, PERSON, PULL, Timeline

MARK = Marker(name="churn", run_id=20, attempt=1, head_sha=HEAD)


def body(
    text: str = "report", *, name: str = "churn", run: tuple[int, int] = (20, 1), head: str = HEAD
) -> str:
    return marker.write(Marker(name=name, run_id=run[0], attempt=run[1], head_sha=head), text)


def put(github: StandIn, text: str = "report", **how: Any) -> Ending:  # noqa: ANN401 - passed on
    mark = how.pop("mark", MARK)
    with world.connected(github, **how) as client:
        return comment.put(client, PULL, mark=mark, text=text)


def texts(github: StandIn) -> list[str]:
    return [str(item["body"]) for item in github.forge.on(PULL)]


def test_only_the_author_s_own_marked_comments_are_ours() -> None:
    comments = (
        Comment(3, "Mona", body()),
        Comment(1, "mona", body(name="other")),
        Comment(4, "mallory", body()),
        Comment(2, "mona", f"quoted\n{body()}"),
        Comment(5, "mona", body()),
    )
    assert [item.id for item in comment.own(comments, author="mona", name="churn")] == [3, 5]


@pytest.mark.parametrize(
    "standing, written",
    [
        pytest.param(body(), False, id="the same"),
        pytest.param(body(run=(19, 1)), False, id="the same of an older run"),
        pytest.param(body("other"), True, id="another text"),
        pytest.param(body(head=OLDER), True, id="the same text of another commit"),
        pytest.param(body("other", run=(19, 9)), True, id="an older run"),
        pytest.param(body("other", run=(21, 1)), False, id="a newer run"),
        pytest.param(body("other", run=(20, 2)), False, id="a newer attempt"),
        pytest.param(body("other", run=(21, 1), head=OLDER), True, id="a newer run of another commit"),
        pytest.param(body().replace("report", "edited"), True, id="edited by hand"),
        pytest.param('<!-- mlval {"name": "churn", "schema": 9} -->\nreport', True, id="another version"),
    ],
)
def test_what_stands_is_written_over_unless_newer_or_the_same(standing: str, written: bool) -> None:
    assert (plan((Comment(1, BOT, standing),), body()).body is not None) == written


COMMENTS = st.lists(
    st.builds(
        lambda text, run, head: body(text, run=run, head=head),
        st.sampled_from(["report", "a", "b"]),
        st.tuples(st.integers(18, 22), st.integers(1, 2)),
        st.sampled_from([HEAD, OLDER]),
    ),
    max_size=4,
)


@given(COMMENTS, st.booleans())
def test_a_plan_that_is_carried_out_leaves_nothing_to_do(bodies: list[str], again: bool) -> None:
    mine = tuple(Comment(key, BOT, text) for key, text in enumerate(bodies, start=1))
    todo = plan(mine, body(), again=again)
    known = {item.id: item for item in mine if item.id not in todo.delete}
    if todo.body is not None:
        key = todo.target or 99
        known[key] = Comment(key, BOT, todo.body)
    assert len(known) == 1
    assert plan(tuple(known.values()), body(), again=again).is_empty


def test_a_duplicate_leaves_its_marker_behind() -> None:
    mine = (Comment(1, BOT, body("a", run=(18, 1))), Comment(2, BOT, body("a", run=(20, 2))))
    todo = plan(mine, body())
    assert (todo.body, todo.target, todo.delete) == (mine[1].body, 1, (2,))


@given(COMMENTS)
def test_two_runs_agree_on_what_shall_stand(bodies: list[str]) -> None:
    """Each sees what both wrote; each plans the same, so that it does not matter who acts."""
    first, second = body("first", run=(20, 1)), body("second", run=(21, 1))
    every = [*bodies, first, second]
    mine = tuple(Comment(key, BOT, text) for key, text in enumerate(every, start=1))
    plans = [plan(mine, text, again=True) for text in (first, second)]
    assert (plans[0].body, plans[0].target, plans[0].delete) == (
        plans[1].body,
        plans[1].target,
        plans[1].delete,
    )


def test_our_comment_is_found_on_a_later_page(github: StandIn) -> None:
    for number in range(230):
        github.forge.add_comment(PULL, author="mona", body=f"talk {number}")
    ours = github.forge.add_comment(PULL, author=BOT, body=body("old", run=(19, 1)))
    assert put(github) is Ending.WRITTEN
    assert github.forge.comments[ours]["body"] == body()
    assert len(texts(github)) == 231


def test_comments_of_others_are_left_alone_whatever_they_claim(github: StandIn) -> None:
    forged = body("all passed", run=(10**9, 1))
    github.forge.add_comment(PULL, author="mallory", body=forged)
    github.forge.add_comment(PULL, author=BOT, body=f"> quoting\n{forged}")
    assert put(github) is Ending.WRITTEN
    assert texts(github) == [forged, f"> quoting\n{forged}", body()]


def test_a_forged_marker_in_our_own_text_means_nothing(github: StandIn) -> None:
    hostile = body("x", run=(10**9, 1)) + "\n-->"
    assert put(github, hostile) is Ending.WRITTEN
    assert put(github, "fine") is Ending.WRITTEN
    assert texts(github) == [body("fine")]


def test_contracts_do_not_share_a_comment(github: StandIn) -> None:
    put(github, mark=Marker(name="churn-eu", run_id=20, attempt=1, head_sha=HEAD))
    put(github)
    assert len(texts(github)) == 2


@pytest.mark.parametrize("token", [JOB, PERSON, APP])
def test_each_kind_of_token_finds_what_it_wrote(github: StandIn, token: str) -> None:
    assert put(github, token=token) is Ending.WRITTEN
    assert put(github, token=token) is Ending.UNCHANGED
    assert len(texts(github)) == 1


def test_a_commit_that_comes_while_waiting_is_not_written_over(github: StandIn) -> None:
    github.forge.add_comment(PULL, author=BOT, body=body("old", head=OLDER))
    timeline = Timeline(on_first_wait=lambda: github.forge.heads.update({PULL: NEWER}))
    github.faults = [world.limited("issues/update-comment")]
    assert put(github, timeline=timeline) is Ending.NEWER_COMMIT
    assert texts(github) == [body("old", head=OLDER)]


def test_a_newer_run_that_comes_while_waiting_is_not_written_over(github: StandIn) -> None:
    github.forge.add_comment(PULL, author=BOT, body=body("old", run=(19, 1)))
    timeline = Timeline(on_first_wait=lambda: github.forge.overwrite(body("newer", run=(21, 1))))
    github.faults = [world.limited("pulls/get")]
    assert put(github, timeline=timeline) is Ending.NEWER_RUN
    assert texts(github) == [body("newer", run=(21, 1))]


def test_two_legs_of_one_run_do_not_fight(github: StandIn) -> None:
    """Both have the same rank; whoever looks last finds the greater digest and leaves it."""
    ours, theirs = body("ours"), body("theirs")
    timeline = Timeline(on_first_wait=lambda: github.forge.overwrite(theirs))
    put(github, "ours", timeline=timeline)
    kept = max(("ours", "theirs"), key=digest)
    assert texts(github) == [ours if kept == "ours" else theirs]


def test_a_comment_that_another_writer_has_merged_is_not_written_again(github: StandIn) -> None:
    """The list hid an older comment of ours; the other writer saw both, and left one."""
    older = github.forge.add_comment(PULL, author=BOT, body=body("old", run=(19, 1)))

    def merge() -> None:
        del github.forge.comments[older + 1]
        github.forge.overwrite(body())

    github.faults = [Fault("issues/list-comments", then=Then.STALE)]
    assert put(github, timeline=Timeline(on_first_wait=merge)) is Ending.WRITTEN
    assert texts(github) == [body()]
    assert github.asked.count("issues/create-comment") == 1


def test_a_duplicate_that_cannot_be_deleted_does_not_spoil_the_rest(github: StandIn) -> None:
    for run in (18, 19):
        github.forge.add_comment(PULL, author=BOT, body=body("old", run=(run, 1)))
    github.faults = [Fault("issues/delete-comment", 403)]
    assert put(github) is Ending.WRITTEN
    assert texts(github) == [body(), body("old", run=(19, 1))]
