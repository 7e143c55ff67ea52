"""Several contracts: found once, named apart, bound apart; one that fails does not keep the others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode, UsageError
from mlval.domain.reports import NotAffected, NotJudged, Reports
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.contract_files import contract_files
from mlval.flows.many import Change, Located, Task, Wish, judge_each, read_each
from mlval.flows.request import Bindings
from mlval.sources.confine import Boundary
from tests.domain.test_reports import BLOCKED, PASSED

CONTRACT = """\
version: 1
datasets: {today: {from: input}, own: {path: own.csv}}
validations: [{type: data, dataset: today, rows: {min: 1}}]
"""
SPELT = ("--data", "--model")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("churn", "fraud"):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def located(root: Path, *references: str) -> tuple[Located, ...]:
    return read_each(contract_files(references, Boundary(root), root), read_contract)


def wish(root: Path, **changes: object) -> Wish:
    usual = Wish(bindings=Bindings(spelt=SPELT), start=root, change=Change(root))
    return replace(usual, **changes)  # type: ignore[arg-type] # the names of fields, spelt by tests


def told(task: Task) -> Report:
    return replace(PASSED, contract_name=task.contract.name)


Seen = dict[str, dict[str, str]]


def bound(root: Path, *references: str, **data: str) -> Seen:
    """Return what each contract is bound to."""
    seen: Seen = {}

    def judged(task: Task) -> Report:
        seen[task.contract.name] = dict(task.bindings.data)
        return told(task)

    judge_each(located(root, *references), wish(root, bindings=Bindings(data, spelt=SPELT)), judged)
    return seen


def test_patterns_are_spread_out_sorted_and_each_contract_counts_once(root: Path) -> None:
    found = located(root, "models/*/mlval.yml", "models/churn/mlval.yml", "models/**/*.yml")
    assert [(one.name, one.path) for one in found] == [
        ("churn", "models/churn/mlval.yml"),
        ("fraud", "models/fraud/mlval.yml"),
    ]


def test_a_pattern_without_a_contract_is_an_error(root: Path) -> None:
    with pytest.raises(UsageError, match=r"no contract matches gates/\*\.yml"):
        located(root, "gates/*.yml")


def test_a_pattern_does_not_follow_a_link_out_of_the_workspace(root: Path, tmp_path: Path) -> None:
    (root / "models" / "out").symlink_to(tmp_path.parent)
    with pytest.raises(UsageError, match="out of the workspace"):
        located(root, "models/out/*.yml")


def test_two_contracts_of_one_name_are_refused_with_their_files(root: Path) -> None:
    for name in ("churn", "fraud"):
        (root / "models" / name / "mlval.yml").write_text(f"{CONTRACT}name: same\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"named same: models/churn/mlval\.yml, models/fraud/mlval\.yml"):
        located(root, "models/*/mlval.yml")


def test_a_name_is_bound_for_all_and_for_one(root: Path) -> None:
    data = {"today": "all.csv", "churn/today": "churn.csv"}
    assert bound(root, "models/*/mlval.yml", **data) == {
        "churn": {"today": "churn.csv"},
        "fraud": {"today": "all.csv"},
    }


def test_a_name_goes_only_where_it_is_open(root: Path) -> None:
    closed = CONTRACT.replace("from: input", "path: today.csv")
    (root / "models" / "fraud" / "mlval.yml").write_text(closed, encoding="utf-8")
    assert bound(root, "models/*/mlval.yml", today="a.csv") == {"churn": {"today": "a.csv"}, "fraud": {}}


@pytest.mark.parametrize(
    "name, said",
    [("risk/today", "no contract is named risk"), ("yesterday", "no contract has such a name")],
)
def test_what_is_bound_for_nobody_is_refused(root: Path, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        bound(root, "models/*/mlval.yml", **{name: "a.csv"})


def test_one_contract_gets_everything(root: Path) -> None:
    assert bound(root, "models/churn/mlval.yml", yesterday="a.csv", **{"churn/today": "b.csv"}) == {
        "churn": {"yesterday": "a.csv", "today": "b.csv"}
    }


def test_a_contract_that_is_not_valid_does_not_keep_the_others(root: Path) -> None:
    (root / "models" / "churn" / "mlval.yml").write_text("version: 2\n", encoding="utf-8")
    reports = judge_each(located(root, "models/*/mlval.yml"), wish(root), told)
    assert [type(part) for part in reports.parts] == [NotJudged, Report]
    assert reports.exit_code is ExitCode.USAGE


def test_one_that_is_not_valid_alone_is_its_own_error(root: Path) -> None:
    (root / "models" / "churn" / "mlval.yml").write_text("version: 2\n", encoding="utf-8")
    with pytest.raises(Exception, match="2 problems"):
        located(root, "models/churn/mlval.yml")


def test_a_crash_of_one_is_a_bug_and_the_others_are_judged(root: Path) -> None:
    def judged(task: Task) -> Report:
        return BLOCKED if task.contract.name == "fraud" else replace(PASSED, now=str(1 // 0))

    reports = judge_each(located(root, "models/*/mlval.yml"), wish(root), judged)
    assert [type(part) for part in reports.parts] == [NotJudged, Report]
    assert reports.exit_code is ExitCode.BUG


def chosen(root: Path, *only: str) -> Reports:
    other = CONTRACT.replace("{type: data, ", "{type: data, id: special, ")
    (root / "models" / "fraud" / "mlval.yml").write_text(other, encoding="utf-8")
    seen: Callable[[Task], Report] = lambda task: replace(told(task), now=",".join(task.only))  # noqa: E731
    return judge_each(located(root, "models/*/mlval.yml"), wish(root, only=only), seen)


def test_only_goes_to_those_that_know_it(root: Path) -> None:
    churn, fraud = chosen(root, "special").parts
    assert isinstance(churn, NotAffected)
    assert isinstance(fraud, Report)
    assert [report.now for report in chosen(root, "data", "special").judged] == ["data", "data,special"]


def test_only_that_nobody_knows_is_refused(root: Path) -> None:
    with pytest.raises(UsageError, match="drfit: no validation of any contract"):
        chosen(root, "drfit", "data")


def test_contracts_that_are_not_touched_are_listed(root: Path) -> None:
    for name in ("churn", "fraud"):
        text = f"{CONTRACT}changed: [src/{name}/**]\n"
        (root / "models" / name / "mlval.yml").write_text(text, encoding="utf-8")
    change = Change(root, ("src/fraud/a.py",))
    reports = judge_each(located(root, "models/*/mlval.yml"), wish(root, change=change), told)
    assert [type(part) for part in reports.parts] == [NotAffected, Report]
    assert reports.exit_code is ExitCode.PASSED


@pytest.mark.parametrize(
    "references, given, name",
    [
        (["models/churn/mlval.yml"], "", "churn"),
        (["models/*/mlval.yml"], "", "mlval"),
        (["models/*/mlval.yml"], "gate", "gate"),
    ],
)
def test_the_name_of_comment_and_status(root: Path, references: list[str], given: str, name: str) -> None:
    assert judge_each(located(root, *references), wish(root, name=given), told).name == name
