"""Everything that GitHub may answer, and what becomes of it: the one table that tests run and docs show."""

from dataclasses import dataclass, field

from mlval.github.publish import Ended
from tests.github.faults import ALWAYS, Fault, Then
from tests.github.world import BOT, HEAD, JOB, OLDER, PERSON, READER, START

LIST, CREATE, UPDATE = "issues/list-comments", "issues/create-comment", "issues/update-comment"
PULL, STATUS, VIEWER = "pulls/get", "repos/create-commit-status", "graphql"

NEW, OLD = "The report of this run.", "The report of an earlier run."


@dataclass(frozen=True)
class Standing:
    """A comment with our marker that is there before."""

    run_id: int = 10
    head_sha: str = OLDER
    text: str = OLD
    author: str = BOT


@dataclass(frozen=True)
class Seen:
    """What the user sees of one delivery; `helps` names a remedy."""

    ended: Ended
    sentence: str
    helps: str = ""


WRITTEN = Seen(Ended.DONE, "The comment on the pull request is up to date.")
SET = Seen(Ended.DONE, "The status mlval/churn is set to failure.")
LEFT = Seen(Ended.UNCHANGED, "The status was left alone, as the comment was.")
NO_PULL = Seen(Ended.UNCHANGED, "This event has no pull request to comment on.")


@dataclass(frozen=True)
class Case:
    """One row: what GitHub does, what is seen, how long the run waited, what stands in the end.

    `rival` is the run id of a second writer at the same moment; what is waited then depends on who is first.
    `overwritten_by` is the run id of one that writes over the comment during the first wait of this run.
    """

    answered: str
    faults: tuple[Fault, ...] = ()
    comment: Seen = WRITTEN
    status: Seen = SET
    waited: float | None = 2.0
    stands: tuple[str, ...] = (NEW,)
    before: tuple[Standing, ...] = ()
    token: str | None = JOB
    event: dict[str, object] = field(default_factory=dict)
    rival: int | None = None
    overwritten_by: int | None = None


REMEDIES = {
    "token": "Give the step a token that is valid; `${{ github.token }}` is the job's own.",
    "permissions": "Give the job these permissions:\n\npermissions:\n  contents: read\n"
    "  pull-requests: write\n  statuses: write\n",
    "no token": "Give the step the token `${{ github.token }}`, and the job these permissions:\n\n"
    "permissions:\n  contents: read\n  pull-requests: write\n  statuses: write\n",
    "later": "Re-run the job later; fewer jobs at a time that write to one repository help as well.",
    "hidden": "Check that the pull request still exists and that the token belongs to this repository.",
    "words": "GitHub's own words above say why; re-running the job helps only if that changes.",
    "not GitHub": "Check `GITHUB_API_URL` and the proxy of the runner.",
    "network": "Re-run the job; if it stays so, check the runner's proxy, and the input `ca-bundle`.",
    "unconfirmed": "Re-run the job: it looks for what may have been written and goes on from there.",
    "publish": "The verdict stands without it. To publish it, add the `workflow_run` workflow that calls "
    "`mlval publish`: it takes `result.json` from this run and has a token that may write.",
}


def _no_comment(why: str, helps: str) -> Seen:
    return Seen(Ended.NOT_POSSIBLE, f"The comment was not written: {why}.", helps)


def _no_status(why: str, helps: str) -> Seen:
    return Seen(Ended.NOT_POSSIBLE, f"The status was not set: {why}.", helps)


def _primary(seconds: int) -> dict[str, str]:
    return {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(START) + seconds)}


_SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
_LIMIT = "GitHub's rate limit is used up (GitHub answered {}, a rate limit that outlasts the wait allowed)"
_SCOPE = "the token may not do this (GitHub answered 403: Resource not accessible by integration)"
_TOKEN = "GitHub does not accept the token (GitHub answered 401: Bad credentials)"
_FORK = "GitHub gives a run caused by {} no token that may write"
_GONE = "GitHub does not find the repository, pull request or commit, or hides it from the token"
_PROXY = "something else than GitHub seems to have answered"
_DOWN = "GitHub could not be reached"
_INVALID = {"message": "Validation Failed", "errors": [{"message": "Body is too long"}]}

CASES = (
    Case("the comment and the status are taken"),
    Case("an older comment of ours is there: it is updated", before=(Standing(),)),
    Case(
        "the comment says the same already",
        before=(Standing(run_id=20, head_sha=HEAD, text=NEW),),
        comment=Seen(Ended.UNCHANGED, "The comment on the pull request says this already."),
        waited=0,
    ),
    Case(
        "the pull request has a newer commit",
        event={"head_sha": OLDER},
        comment=Seen(
            Ended.UNCHANGED, "The comment was left alone: the pull request has a newer commit than this run."
        ),
        status=LEFT,
        waited=0,
        stands=(),
    ),
    Case(
        "a newer run has reported on the same commit",
        before=(Standing(run_id=21, head_sha=HEAD),),
        comment=Seen(Ended.UNCHANGED, "The comment was left alone: a newer run has reported on this commit."),
        status=LEFT,
        waited=0,
        stands=(OLD,),
    ),
    Case(
        "the event has no pull request",
        event={"name": "push", "pull_request": None},
        comment=NO_PULL,
        waited=0,
        stands=(),
    ),
    Case(
        "the run comes from a fork: nothing is asked",
        event={"is_fork": True},
        comment=_no_comment(_FORK.format("a fork"), "publish"),
        status=_no_status(_FORK.format("a fork"), "publish"),
        waited=0,
        stands=(),
    ),
    Case(
        "the run comes from Dependabot: nothing is asked",
        event={"is_dependabot": True},
        comment=_no_comment(_FORK.format("Dependabot"), "publish"),
        status=_no_status(_FORK.format("Dependabot"), "publish"),
        waited=0,
        stands=(),
    ),
    Case(
        "the step has no token: nothing is asked",
        token=None,
        comment=_no_comment("the step has no token", "no token"),
        status=_no_status("the step has no token", "no token"),
        waited=0,
        stands=(),
    ),
    Case(
        "401 to everything",
        token="ghs_expired",
        comment=_no_comment(_TOKEN, "token"),
        status=_no_status(_TOKEN, "token"),
        waited=0,
        stands=(),
    ),
    Case(
        "403, the token may only read",
        token=READER,
        comment=_no_comment(_SCOPE, "permissions"),
        status=_no_status(_SCOPE, "permissions"),
        waited=1.0,
        stands=(),
    ),
    Case(
        "403 to the status alone",
        (Fault(STATUS, 403, body={"message": "Resource not accessible by integration"}),),
        status=_no_status(_SCOPE, "permissions"),
    ),
    Case(
        "403, the conversation is locked",
        (Fault(CREATE, 403, body={"message": "Unable to create comment because issue is locked."}),),
        comment=_no_comment(
            "GitHub refused it (GitHub answered 403: Unable to create comment because issue is locked)",
            "words",
        ),
        waited=1.0,
        stands=(),
    ),
    Case(
        "403 to the question whose token it is: taken for the job's own",
        (Fault(VIEWER, 403, body={"message": "Resource not accessible by integration"}),),
        before=(Standing(),),
    ),
    Case(
        "the same, and it was a person's token: the first comment written shows it",
        (Fault(VIEWER, 403, body={"message": "Resource not accessible by personal access token"}),),
        token=PERSON,
        before=(Standing(author="mona"),),
        waited=5.0,
    ),
    Case("403, primary limit, reset in 90 s", (Fault(LIST, 403, _primary(90)),), waited=92.0),
    Case(
        "403, primary limit, reset in an hour",
        (Fault("*", 403, _primary(3600), left=ALWAYS),),
        comment=_no_comment(_LIMIT.format(403), "later"),
        status=_no_status(_LIMIT.format(403), "later"),
        waited=0,
        stands=(),
    ),
    Case(
        "403, secondary limit, `Retry-After: 7`",
        (Fault(CREATE, 403, {"Retry-After": "7"}, _SECONDARY),),
        waited=9.0,
    ),
    Case("403, secondary limit, without a time", (Fault(CREATE, 403, body=_SECONDARY),), waited=62.0),
    Case(
        "403, secondary limit, without a time and without end",
        (Fault("*", 403, body=_SECONDARY, left=ALWAYS),),
        comment=_no_comment(_LIMIT.format(403), "later"),
        status=_no_status(_LIMIT.format(403), "later"),
        waited=240.0,
        stands=(),
    ),
    Case("429, `Retry-After: 5`", (Fault(CREATE, 429, {"Retry-After": "5"}),), waited=7.0),
    Case("429, without a time", (Fault(STATUS, 429),), waited=62.0),
    Case(
        "429, `Retry-After: 4000`",
        (Fault(LIST, 429, {"Retry-After": "4000"}),),
        comment=_no_comment(_LIMIT.format(429), "later"),
        waited=0,
        stands=(),
    ),
    Case(
        "429 to the pull request, `Retry-After: 5`: the comments are looked at again",
        (Fault(PULL, 429, {"Retry-After": "5"}),),
        waited=7.0,
    ),
    Case(
        "the same again and again",
        (Fault(PULL, 429, {"Retry-After": "5"}), Fault(PULL, then=Then.PASS)) * 6,
        comment=_no_comment(
            "GitHub kept the run waiting, and what was read before a wait is not written on "
            "(GitHub answers too slowly to write safely)",
            "later",
        ),
        waited=30.0,
        stands=(),
    ),
    Case(
        "404 to the pull request",
        (Fault(PULL, 404, body={"message": "Not Found"}),),
        comment=_no_comment(f"{_GONE} (GitHub answered 404: Not Found)", "hidden"),
        waited=0,
        stands=(),
    ),
    Case(
        "404 to the new comment",
        (Fault(CREATE, 404, body={"message": "Not Found"}),),
        comment=_no_comment(f"{_GONE} (GitHub answered 404: Not Found)", "hidden"),
        waited=1.0,
        stands=(),
    ),
    Case(
        "404 to the update: somebody deleted the comment meanwhile",
        (Fault(UPDATE, 404, body={"message": "Not Found"}),),
        before=(Standing(),),
        waited=4.0,
        stands=(OLD, NEW),
    ),
    Case("409 once", (Fault(CREATE, 409, body={"message": "Conflict"}),), waited=3.0),
    Case(
        "409 without end",
        (Fault(CREATE, 409, body={"message": "Conflict"}, left=ALWAYS),),
        comment=_no_comment("GitHub refused it (GitHub answered 409: Conflict)", "words"),
        waited=16.0,
        stands=(),
    ),
    Case(
        "422 to the comment",
        (Fault(CREATE, 422, body=_INVALID),),
        comment=_no_comment(
            "GitHub refused it (GitHub answered 422: Validation Failed: Body is too long)", "words"
        ),
        waited=1.0,
        stands=(),
    ),
    Case(
        "422 to the status: the commit is unknown",
        event={"name": "push", "head_sha": "d" * 40, "pull_request": None},
        comment=NO_PULL,
        status=_no_status(
            "GitHub refused it (GitHub answered 422: Validation Failed: "
            f"No commit found for SHA: {'d' * 40})",
            "words",
        ),
        waited=0,
        stands=(),
    ),
    Case("500 to the list, once", (Fault(LIST, 500),), waited=3.0),
    Case("502 to the new comment, which was taken", (Fault(CREATE, 502, received=True),), waited=2.0),
    Case("502 to the new comment, which was not taken", (Fault(CREATE, 502),), waited=4.0),
    Case("503 to the update, twice", (Fault(UPDATE, 503, left=2),), before=(Standing(),), waited=8.0),
    Case("503 to the status, `Retry-After: 20`", (Fault(STATUS, 503, {"Retry-After": "20"}),), waited=22.0),
    Case(
        "503 to everything without end",
        (Fault("*", 503, left=ALWAYS),),
        comment=_no_comment(f"{_DOWN} (GitHub answered 503)", "network"),
        status=_no_status(f"{_DOWN} (GitHub answered 503)", "network"),
        waited=45.0,
        stands=(),
    ),
    Case(
        "502 to every new comment",
        (Fault(CREATE, 502, left=ALWAYS),),
        comment=_no_comment("GitHub did not confirm it (GitHub answered 502)", "unconfirmed"),
        waited=63.0,
        stands=(),
    ),
    Case("no answer in time to the list, once", (Fault(LIST, then=Then.SLOW),), waited=3.0),
    Case(
        "no answer in time to the new comment, which was taken",
        (Fault(CREATE, then=Then.SLOW, received=True),),
    ),
    Case(
        "no answer in time without end",
        (Fault(LIST, then=Then.SLOW, left=ALWAYS),),
        comment=_no_comment(f"{_DOWN} (GitHub did not answer in time)", "network"),
        waited=15.0,
        stands=(),
    ),
    Case(
        "the connection drops before the new comment is taken", (Fault(CREATE, then=Then.DROP),), waited=4.0
    ),
    Case(
        "the connection drops after the new comment is taken", (Fault(CREATE, then=Then.DROP, received=True),)
    ),
    Case(
        "the connection drops after the status is taken",
        (Fault(STATUS, then=Then.DROP, received=True),),
        waited=3.0,
    ),
    Case("the connection drops in the middle of an answer", (Fault(LIST, then=Then.CUT),), waited=3.0),
    Case(
        "the list does not show the new comment yet",
        (Fault(LIST, then=Then.PASS), Fault(LIST, then=Then.STALE)),
        waited=4.0,
    ),
    Case(
        "the list does not show an earlier comment of ours yet",
        (Fault(LIST, then=Then.STALE),),
        before=(Standing(),),
        waited=5.0,
    ),
    Case(
        "two comments of ours are there: the older is updated, the other deleted",
        before=(Standing(), Standing(run_id=11)),
        waited=3.0,
    ),
    Case(
        "an older run writes its first comment at the same moment",
        (Fault(LIST, then=Then.MEET, left=2),),
        rival=19,
        waited=None,
    ),
    Case(
        "an older run writes over the comment just after this one",
        before=(Standing(),),
        overwritten_by=19,
        waited=4.0,
    ),
    Case(
        "a redirect on the same host (a renamed repository)",
        (Fault(LIST, 307, location="HERE/repos/octo/churn/issues/7/comments"),),
    ),
    Case(
        "a redirect to another host",
        (Fault(LIST, 302, location="https://elsewhere.example/"),),
        comment=_no_comment(
            f"{_PROXY} (GitHub redirected to another host, which was not followed)", "not GitHub"
        ),
        waited=0,
        stands=(),
    ),
    Case(
        "200 with a page of HTML (a proxy that wants a login)",
        (Fault(LIST, 200, body=b"<html>"),),
        comment=_no_comment(f"{_PROXY} (the answer was not JSON)", "not GitHub"),
        waited=0,
        stands=(),
    ),
)
