"""What the stand-in knows: comments, statuses and check runs of one repository, and GitHub's rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from tests.github.description import Operation, example
from tests.github.issue_tracker import NEEDS as ISSUES
from tests.github.issue_tracker import TITLE_LIMIT, IssueTracker
from tests.github.past_runs import LISTS_OF_ARTIFACTS, PastRuns
from tests.github.past_runs import NEEDS as HANDOVER
from tests.github.repository_files import NEEDS as FILES
from tests.github.repository_files import RepositoryFiles

REPOSITORY = "octo/churn"
NOT_ALLOWED = "Resource not accessible by integration"
COMMENT_LIMIT = 65_536
DESCRIPTION_LIMIT = 140
STATUSES_PER_CONTEXT = 1_000

NEEDS = {
    "issues/list-comments": {"pull_requests": "read"},
    "issues/create-comment": {"pull_requests": "write"},
    "issues/update-comment": {"pull_requests": "write"},
    "issues/delete-comment": {"pull_requests": "write"},
    "pulls/get": {"pull_requests": "read"},
    "repos/create-commit-status": {"statuses": "write"},
    "repos/list-commit-statuses-for-ref": {"statuses": "read"},
    "repos/compare-commits-with-basehead": {"contents": "read"},
    **HANDOVER,
    **FILES,
    **ISSUES,
    "checks/create": {"checks": "write"},
    "checks/update": {"checks": "write"},
}


@dataclass(frozen=True)
class Holder:
    """Whose a token is and what it may do; `None` where it needs no permission of an app."""

    login: str
    permissions: dict[str, str] | None = None


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Forge:
    """One repository with its pull requests (number to head) and the tokens that may come."""

    holders: dict[str, Holder] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    commits: set[str] = field(default_factory=set)
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    before_last_write: dict[int, dict[str, Any]] = field(default_factory=dict)
    statuses: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    check_runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    past: PastRuns = field(default_factory=PastRuns)
    files: RepositoryFiles = field(default_factory=RepositoryFiles)
    tracker: IssueTracker = field(default_factory=IssueTracker)
    comparisons: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 100

    def add_comment(self, number: int, *, author: str, body: str) -> int:
        """Put a comment on a pull request."""
        self.before_last_write = {key: dict(value) for key, value in self.comments.items()}
        self.last_id += 1
        url = f"https://api.github.com/repos/{REPOSITORY}/issues/{number}"
        self.comments[self.last_id] = example(
            "issue-comment",
            id=self.last_id,
            body=body,
            user=example("simple-user", login=author, type="Bot" if author.endswith("[bot]") else "User"),
            issue_url=url,
        )
        return self.last_id

    def overwrite(self, body: str) -> None:
        """Replace the text of every comment, as a writer does who has not seen the last one."""
        for comment in self.comments.values():
            comment["body"] = body

    def on(self, number: int, *, stale: bool = False) -> list[dict[str, Any]]:
        """Return the comments of a pull request, oldest first."""
        known = self.before_last_write if stale else self.comments
        return [known[key] for key in sorted(known) if known[key]["issue_url"].endswith(f"/issues/{number}")]

    def act(
        self,
        operation: Operation,
        holder: Holder,
        *,
        query: dict[str, str],
        body: Any,  # noqa: ANN401 - JSON that has been validated
        stale: bool = False,
    ) -> Reply:
        """Do what a request asks, if token and rules allow it; stale lists lag one write behind."""
        if (
            "org" not in operation.path
            and f"{operation.path['owner']}/{operation.path['repo']}" != REPOSITORY
        ):
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        on_issue = int(operation.path.get("issue_number", "0")) in self.tracker.issues
        for permission, level in ({"issues": "write"} if on_issue else NEEDS[operation.id]).items():
            had = "write" if holder.permissions is None else holder.permissions.get(permission, "none")
            if had not in {level, "write"}:
                return refused(HTTPStatus.FORBIDDEN, NOT_ALLOWED)
        actions: dict[str, Callable[[], Reply]] = {
            "issues/list-comments": lambda: self._list(
                int(operation.path["issue_number"]), query, stale=stale
            ),
            "issues/create-comment": lambda: self._create(int(operation.path["issue_number"]), body, holder),
            "issues/update-comment": lambda: self._update(int(operation.path["comment_id"]), body),
            "issues/delete-comment": lambda: self._delete(int(operation.path["comment_id"])),
            "pulls/get": lambda: self._pull(int(operation.path["pull_number"])),
            "repos/create-commit-status": lambda: self._set_status(operation.path["sha"], body, holder),
            "repos/list-commit-statuses-for-ref": lambda: self._list_statuses(operation.path["ref"], query),
            "repos/compare-commits-with-basehead": lambda: self._compare(operation.path["basehead"], query),
            "checks/create": lambda: self._check_run(None, body, holder),
            "checks/update": lambda: self._check_run(int(operation.path["check_run_id"]), body, holder),
        }
        if operation.id in ISSUES:
            return self._of_issues(operation, holder, query=query, body=body, stale=stale)
        if operation.id in HANDOVER:
            return self._past(operation, query)
        if operation.id in FILES:
            return self._of_files(operation, query)
        return actions[operation.id]()

    def _of_issues(
        self,
        operation: Operation,
        holder: Holder,
        *,
        query: dict[str, str],
        body: dict[str, Any],
        stale: bool,
    ) -> Reply:
        """Answer what is asked of issues."""
        if self.tracker.is_off:
            return refused(HTTPStatus.GONE, "Issues has been disabled in this repository.")
        if operation.id == "issues/list-for-repo":
            return paged(self.tracker.listed(query, stale=stale), query, f"/repos/{REPOSITORY}/issues")
        if len(body.get("title", "")) > TITLE_LIMIT:
            return invalid(f"title is too long (maximum is {TITLE_LIMIT} characters)")
        if "body" in body and (problem := comment_problem(body["body"])):
            return invalid(problem)
        if operation.id == "issues/create":
            return Reply(HTTPStatus.CREATED, self.tracker.create(body, holder.login))
        found = self.tracker.update(operation, body)
        return Reply(HTTPStatus.OK, found) if found else refused(HTTPStatus.NOT_FOUND, "Not Found")

    def _of_files(self, operation: Operation, query: dict[str, str]) -> Reply:
        """Answer what is asked of the files of commits, of reviews and of rights."""
        found = self.files.answer(operation, query)
        if found is None:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        if isinstance(found, list):
            return paged(found, query, f"/repos/{REPOSITORY}/any")
        return Reply(HTTPStatus.OK, found)

    def _past(self, operation: Operation, query: dict[str, str]) -> Reply:
        """Answer what is asked of finished runs and of the files of a change."""
        found = self.past.answer(operation, query)
        if found is None:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        if isinstance(found, str):
            return Reply(HTTPStatus.FOUND, None, {"Location": found})
        if not isinstance(found, list):
            return Reply(HTTPStatus.OK, found)
        page = paged(found, query, f"/repos/{REPOSITORY}/any")
        if operation.id not in LISTS_OF_ARTIFACTS:
            return page
        return Reply(page.status, {"total_count": len(found), "artifacts": page.body}, page.headers)

    def _list(self, number: int, query: dict[str, str], *, stale: bool) -> Reply:
        if number not in {*self.heads, *self.tracker.issues}:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        return paged(self.on(number, stale=stale), query, f"/repos/{REPOSITORY}/issues/{number}/comments")

    def _create(self, number: int, body: dict[str, str], holder: Holder) -> Reply:
        if number not in {*self.heads, *self.tracker.issues}:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        if problem := comment_problem(body["body"]):
            return invalid(problem)
        key = self.add_comment(number, author=holder.login, body=body["body"])
        return Reply(HTTPStatus.CREATED, self.comments[key])

    def _update(self, key: int, body: dict[str, str]) -> Reply:
        if key not in self.comments:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        if problem := comment_problem(body["body"]):
            return invalid(problem)
        self.before_last_write = {known: dict(value) for known, value in self.comments.items()}
        self.comments[key]["body"] = body["body"]
        return Reply(HTTPStatus.OK, self.comments[key])

    def _delete(self, key: int) -> Reply:
        if self.comments.pop(key, None) is None:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        return Reply(HTTPStatus.NO_CONTENT)

    def _pull(self, number: int) -> Reply:
        if number not in self.heads:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        pull = example("pull-request", number=number)
        pull["head"]["sha"] = self.heads[number]
        pull["user"] = example("simple-user", login=self.files.authors.get(number, "author"))
        pull["changed_files"] = len(self.past.files.get(number, ()))
        return Reply(HTTPStatus.OK, pull)

    def _compare(self, basehead: str, query: dict[str, str]) -> Reply:
        """Answer with the files on the first page only, at most 300 of them, as GitHub does."""
        if basehead not in self.comparisons:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        known = self.comparisons[basehead]
        files = known["files"][:300] if int(query.get("page", "1")) == 1 else []
        compared = example("commit-comparison", status=known["status"], files=files)
        compared["merge_base_commit"]["sha"] = known.get("merge_base", "0" * 40)
        return Reply(HTTPStatus.OK, compared)

    def _set_status(self, sha: str, body: dict[str, Any], holder: Holder) -> Reply:
        if sha not in self.commits:
            return invalid(f"No commit found for SHA: {sha}")
        if len(body.get("description") or "") > DESCRIPTION_LIMIT:
            return invalid(f"description is too long (maximum is {DESCRIPTION_LIMIT} characters)")
        context = body.get("context", "default")
        if (
            sum(known == sha and old["context"] == context for known, old in self.statuses)
            >= STATUSES_PER_CONTEXT
        ):
            return invalid("This SHA and context has reached the maximum number of statuses.")
        self.last_id += 1
        status = example(
            "status", id=self.last_id, creator=example("simple-user", login=holder.login), **body
        )
        self.statuses.append((sha, {"description": None, "target_url": None, "context": context, **status}))
        return Reply(HTTPStatus.CREATED, self.statuses[-1][1])

    def _list_statuses(self, ref: str, query: dict[str, str]) -> Reply:
        newest_first = [status for sha, status in reversed(self.statuses) if sha == ref]
        return paged(newest_first, query, f"/repos/{REPOSITORY}/commits/{ref}/statuses")

    def _check_run(self, key: int | None, body: dict[str, Any], holder: Holder) -> Reply:
        if holder.permissions is None:
            return refused(HTTPStatus.FORBIDDEN, "You must authenticate via a GitHub App.")
        if key is not None and key not in self.check_runs:
            return refused(HTTPStatus.NOT_FOUND, "Not Found")
        if body.get("status") == "completed" and "conclusion" not in body:
            return invalid("conclusion is required when status is completed")
        self.last_id += key is None
        number = key or self.last_id
        old = self.check_runs.get(number) or example("check-run", id=number, name=body.get("name", ""))
        output = {**example("check-run")["output"], **body.get("output", {})}
        output["annotations_count"] = len(output.pop("annotations", []))
        self.check_runs[number] = {**old, **body, "output": output}
        return Reply(HTTPStatus.CREATED if key is None else HTTPStatus.OK, self.check_runs[number])


def comment_problem(text: str) -> str:
    """Say what GitHub has against the text of a comment; nothing is empty."""
    if not text.strip():
        return "Body cannot be blank"
    return f"Body is too long (maximum is {COMMENT_LIMIT} characters)" if len(text) > COMMENT_LIMIT else ""


def paged(items: list[dict[str, Any]], query: dict[str, str], path: str) -> Reply:
    """Return one page, 30 items unless asked for up to 100, and the link to the next."""
    size, page = min(int(query.get("per_page", "30")), 100), max(int(query.get("page", "1")), 1)
    shown = items[(page - 1) * size : page * size]
    if page * size >= len(items):
        return Reply(HTTPStatus.OK, shown)
    following = urlencode({"per_page": size, "page": page + 1})
    return Reply(HTTPStatus.OK, shown, {"Link": f'<https://api.github.com{path}?{following}>; rel="next"'})


def refused(status: int, message: str) -> Reply:
    """Return an error in GitHub's form."""
    return Reply(status, {"message": message, "documentation_url": "https://docs.github.com/rest"})


def invalid(message: str) -> Reply:
    """Return what breaks a rule."""
    errors = [{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message}]
    return Reply(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": "Validation Failed", "errors": errors})
