"""The issue of a watch against the stand-in: one a contract, whatever its title, whoever races."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mlval.github import issue_marker
from mlval.github.errors import Forbidden, NotFound, Refused, Unavailable
from mlval.github.issue_marker import IssueMarker
from mlval.github.issues import Decide, Ending, Keeping, Kept, Standing, Wish, put
from tests.github.faults import ALWAYS, Fault, Then
from tests.github.forge import Holder
from tests.github.stand_in import StandIn
from tests.github.world import BOT, JOB, Timeline, connected

LABEL = "mlval-drift"
SINCE = "2026-04-01T12:00:00Z"
WATCHER = "ghs_watch"


@pytest.fixture(autouse=True)
def _token(github: StandIn) -> None:
    github.forge.holders[WATCHER] = Holder(BOT, {"contents": "read", "issues": "write"})


def failing(standing: Standing | None, *, text: str = "It fails.") -> Wish:
    """Decide as of a contract that fails."""
    is_open = standing is not None and standing.issue.is_open
    since = standing.mark.since if standing is not None and is_open else SINCE
    return Wish(is_open=True, title="mlval watch: churn", text=text, since=since, remark="It fails again.")


def passing(standing: Standing | None) -> Wish | None:
    """Decide as of a contract that passes."""
    if standing is None or not standing.issue.is_open:
        return None
    text = "It passes."
    return Wish(is_open=False, title="", text=text, since=standing.mark.since, remark="It passes again.")


def kept(
    github: StandIn, decide: Decide, *, run: int = 20, name: str = "churn", token: str = WATCHER
) -> Kept:
    with connected(github, token=token) as client:
        return put(client, Keeping(name, LABEL, run, 1), decide)


def old(github: StandIn, *, run: int = 10, name: str = "churn", author: str = BOT, **known: object) -> int:
    """Put an issue there that an earlier run has written."""
    mark = IssueMarker(name, run, 1, "2026-03-01T12:00:00Z")
    body = issue_marker.write(mark, "It fails since long.")
    return github.forge.tracker.add(author=author, **{"labels": (LABEL,), "body": body, **known})  # type: ignore[arg-type] # names of fields


def issue(github: StandIn, number: int) -> dict[str, Any]:
    return github.forge.tracker.issues[number]


def remarks(github: StandIn, number: int) -> list[str]:
    return [str(one["body"]).partition("\n")[2] or str(one["body"]) for one in github.forge.on(number)]


def writes(github: StandIn) -> list[str]:
    return [one for one in github.asked if one in {"issues/create", "issues/update", "issues/create-comment"}]


def test_the_first_failure_opens_an_issue_with_its_label(github: StandIn) -> None:
    found = kept(github, failing)
    assert found == Kept(Ending.OPENED, 8)
    assert [label["name"] for label in issue(github, 8)["labels"]] == [LABEL]
    assert issue(github, 8)["title"] == "mlval watch: churn"
    assert issue(github, 8)["body"].endswith("It fails.")


def test_a_contract_that_passes_without_an_issue_writes_nothing(github: StandIn) -> None:
    assert kept(github, passing) == Kept(Ending.NONE)
    assert writes(github) == []


def test_the_next_failure_updates_it_and_leaves_the_title_alone(github: StandIn) -> None:
    number = old(github, title="Somebody's own words")
    assert kept(github, failing) == Kept(Ending.UPDATED, number)
    assert issue(github, number)["title"] == "Somebody's own words"
    assert issue(github, number)["body"].endswith("It fails.")
    assert remarks(github, number) == []
    assert len(github.forge.tracker.issues) == 1


def test_the_same_text_writes_nothing(github: StandIn) -> None:
    kept(github, failing)
    github.asked.clear()
    assert kept(github, failing, run=21).ending is Ending.UNCHANGED
    assert writes(github) == []


def test_an_edit_by_hand_is_written_over(github: StandIn) -> None:
    kept(github, failing)
    issue(github, 8)["body"] += "\nAll is well."
    assert kept(github, failing, run=21).ending is Ending.UPDATED
    assert "All is well" not in issue(github, 8)["body"]


def test_recovery_says_so_and_closes(github: StandIn) -> None:
    number = old(github)
    assert kept(github, passing) == Kept(Ending.CLOSED, number)
    assert (issue(github, number)["state"], issue(github, number)["state_reason"]) == ("closed", "completed")
    assert remarks(github, number) == ["It passes again."]


def test_a_closed_issue_is_opened_again(github: StandIn) -> None:
    number = old(github, state="closed")
    assert kept(github, failing) == Kept(Ending.REOPENED, number)
    assert (issue(github, number)["state"], issue(github, number)["state_reason"]) == ("open", "reopened")
    assert remarks(github, number) == ["It fails again."]


def test_a_closed_issue_of_a_contract_that_passes_is_left_alone(github: StandIn) -> None:
    old(github, state="closed")
    assert kept(github, passing).ending is Ending.UNCHANGED
    assert writes(github) == []


def test_an_older_run_leaves_a_newer_one_s_words(github: StandIn) -> None:
    number = old(github, run=30)
    assert kept(github, passing) == Kept(Ending.NEWER_RUN, number)
    assert issue(github, number)["state"] == "open"
    assert writes(github) == []


@pytest.mark.parametrize(
    "other",
    [
        {"name": "fraud"},
        {"author": "mona"},
        {"body": None},
        {"body": "<!-- mlval-watch {} -->\n"},
        {
            "pull_request": {
                "url": "https://example.com/",
                "diff_url": None,
                "html_url": None,
                "patch_url": None,
            }
        },
    ],
    ids=["another contract", "another author", "no body", "no marker", "a pull request"],
)
def test_what_is_not_ours_is_left_alone(github: StandIn, other: dict[str, Any]) -> None:
    number = old(github, **other)
    before = dict(issue(github, number))
    assert kept(github, failing) == Kept(Ending.OPENED, number + 1)
    assert issue(github, number) == before


def test_an_issue_on_a_later_page_is_found(github: StandIn) -> None:
    for _ in range(130):
        old(github, name="fraud")
    number = old(github)
    assert kept(github, failing) == Kept(Ending.UPDATED, number)


def test_of_duplicates_the_oldest_stays_and_the_other_links_to_it(github: StandIn) -> None:
    first, second = old(github), old(github)
    assert kept(github, failing).number == first
    assert (issue(github, first)["state"], issue(github, second)["state"]) == ("open", "closed")
    assert remarks(github, second) == [f"A duplicate of #{first}."]
    github.asked.clear()
    kept(github, failing, run=21)
    assert writes(github) == []


def test_two_runs_that_race_end_with_one_open_issue(github: StandIn) -> None:
    github.faults.append(Fault("issues/list-for-repo", then=Then.MEET, left=2))
    barrier = threading.Barrier(2)

    def run(number: int) -> Kept:
        barrier.wait()
        return kept(github, lambda one: failing(one, text=f"Run {number}."), run=number)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (20, 21)))
    standing = [one for one in github.forge.tracker.issues.values() if one["state"] == "open"]
    assert len(github.forge.tracker.issues) == 2
    assert [one["number"] for one in standing] == [8]
    assert standing[0]["body"].endswith("Run 21.")


def test_an_older_run_that_lost_the_race_closes_its_own_issue(github: StandIn) -> None:
    first, second = old(github, run=30), old(github, run=20)
    assert kept(github, failing, run=20) == Kept(Ending.NEWER_RUN, first)
    assert (issue(github, first)["state"], issue(github, second)["state"]) == ("open", "closed")


def test_what_an_older_run_wrote_over_it_meanwhile_is_written_again(github: StandIn) -> None:
    number = old(github)
    before = dict(issue(github, number))
    timeline = Timeline(on_first_wait=lambda: github.forge.tracker.issues.update({number: before}))
    with connected(github, token=WATCHER, timeline=timeline) as client:
        found = put(client, Keeping("churn", LABEL, 20, 1), passing)
    assert found == Kept(Ending.CLOSED, number)
    assert issue(github, number)["state"] == "closed"
    assert remarks(github, number) == ["It passes again."]


def test_a_list_that_lags_behind_does_not_open_a_second_one(github: StandIn) -> None:
    github.faults += [
        Fault("issues/list-for-repo", then=Then.PASS),
        Fault("issues/list-for-repo", then=Then.STALE),
    ]
    assert kept(github, failing) == Kept(Ending.OPENED, 8)
    assert len(github.forge.tracker.issues) == 1


@pytest.mark.parametrize("then", [Then.DROP, Then.CUT])
def test_an_issue_that_was_opened_without_an_answer_is_not_opened_twice(github: StandIn, then: Then) -> None:
    github.faults.append(Fault("issues/create", then=then, received=True))
    assert kept(github, failing).number == 8
    assert len(github.forge.tracker.issues) == 1


def test_a_closing_without_an_answer_is_told_once(github: StandIn) -> None:
    number = old(github)
    github.faults.append(Fault("issues/update", then=Then.DROP))
    assert kept(github, passing) == Kept(Ending.CLOSED, number)
    assert issue(github, number)["state"] == "closed"
    assert remarks(github, number) == ["It passes again."]


def test_a_rate_limit_is_waited_for(github: StandIn) -> None:
    github.faults.append(Fault("issues/create", 429, {"Retry-After": "5"}))
    assert kept(github, failing) == Kept(Ending.OPENED, 8)


def test_an_issue_that_vanishes_is_opened_anew(github: StandIn) -> None:
    number = old(github)
    github.faults.append(Fault("issues/update", 404))
    assert kept(github, failing) == Kept(Ending.UPDATED, number)


def test_an_issue_that_can_never_be_written_is_no_success(github: StandIn) -> None:
    old(github)
    github.faults.append(Fault("issues/update", 404, left=ALWAYS))
    with pytest.raises(Unavailable, match="gone"):
        kept(github, failing)


def test_an_issue_without_its_label_is_closed_again(github: StandIn) -> None:
    github.forge.tracker.drops_labels = True
    with pytest.raises(Refused, match="label"):
        kept(github, failing)
    assert issue(github, 8)["state"] == "closed"


def test_a_token_without_the_permission_is_refused(github: StandIn) -> None:
    with pytest.raises(Forbidden):
        kept(github, failing, token=JOB)


def test_a_repository_without_issues_is_told(github: StandIn) -> None:
    github.forge.tracker.is_off = True
    with pytest.raises(NotFound):
        kept(github, failing)


def test_a_label_with_signs_is_asked_for_as_it_is(github: StandIn) -> None:
    with connected(github, token=WATCHER) as client:
        keeping = Keeping("churn", "drift & more: 100%", 20, 1)
        put(client, keeping, failing)
        assert put(client, keeping, failing).number == 8
