"""Edits of whole contracts: the list of what a pull request might try, and what is no edit at all."""

import pytest

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.policy.change import Change, Direction
from mlval.policy.contracts import compare

BASE = """\
version: 1
name: churn
datasets:
  reference: {profile: train.profile.json}
  holdout: {path: holdout.csv, key: id, target: churned, sensitive: [gender, age]}
models:
  candidate: {uri: "models:/churn@candidate"}
  champion: {uri: "models:/churn@champion", if_missing: block}
validations:
  - id: kept
    type: data
    dataset: holdout
    rows: {min: 1000}
    unique: id
    extra_columns: forbid
    columns:
      amount:
        - {type: float, min: 0, nulls: 1%}
        - {max: 10, where: "plan = 'pro'", allow: 0.5%}
      plan: {in: [free, pro]}
    expect: ["a > 0", {that: "b > 0", allow: 1%}]
  - {type: drift, reference: reference, current: holdout, columns: [amount], effect: medium}
  - type: performance
    dataset: holdout
    metrics: {roc_auc: 0.85, log_loss: {max: 0.40, confidence: 95%}}
    slices: [plan]
    per_slice: {min_rows: 200, metrics: {roc_auc: 0.80}}
    why: the board asked
  - {type: comparison, dataset: holdout, metrics: {roc_auc: {max_worse: 0.01}}}
  - type: fairness
    dataset: holdout
    sensitive: gender
    metrics: {demographic_parity_difference: 0.05}
    min_group: 500
policy: {weakening: block}
waivers:
  - {rule: drift, reason: known, owner: ann, until: 2026-12-31}
changed: [models, data]
"""


def read(text: str) -> Contract:
    return load(text.encode(), file="mlval.yml", default_name="churn")


def edited(*pairs: tuple[str, str], base: str = BASE) -> tuple[Change, ...]:
    text = base
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return compare(read(base), read(text))


def entry(name: str) -> str:
    """Return the lines of one validation."""
    return next(one for one in BASE.partition("validations:\n")[2].split("  - ") if name in one)


DRIFT = "{type: drift, reference: reference, current: holdout, columns: [amount], effect: medium}"
WEAKER: dict[str, tuple[tuple[str, str], str]] = {
    "another model": (("churn@champion", "churn@old"), "models.champion.uri"),
    "another target": (("target: churned", "target: spend"), "datasets.holdout.target"),
    "another key": (("key: id", "key: plan"), "datasets.holdout.key"),
    "another profile": (("train.profile", "new.profile"), "datasets.reference.profile"),
    "other rows": (("path: holdout.csv", "path: easy.csv"), "datasets.holdout.path"),
    "fewer sensitive columns": (("[gender, age]", "[gender]"), "datasets.holdout.sensitive"),
    "a larger group": (("min_group: 500", "min_group: 600"), "validations.fairness.min_group"),
    "a smaller group, which widens every interval": (
        ("min_group: 500", "min_group: 5"),
        "validations.fairness.min_group",
    ),
    "another sensitive column": (
        ("sensitive: gender\n", "sensitive: plan\n"),
        "validations.fairness.sensitive",
    ),
    "a missing champion passes": (("if_missing: block", "if_missing: pass"), "models.champion.if_missing"),
    "a lower bound": (("roc_auc: 0.85", "roc_auc: 0.8"), "validations.performance.metrics.roc_auc.min"),
    "no bound": (("roc_auc: 0.85, ", ""), "validations.performance.metrics.roc_auc"),
    "a bound that turns": (
        ("roc_auc: 0.85", "roc_auc: {max: 0.85}"),
        "validations.performance.metrics.roc_auc.min",
    ),
    "less confidence": (
        ("confidence: 95%", "confidence: 90%"),
        "validations.performance.metrics.log_loss.confidence",
    ),
    "no confidence": ((", confidence: 95%", ""), "validations.performance.metrics.log_loss.confidence"),
    "fewer slices": (("slices: [plan]", "slices: [amount]"), "validations.performance.slices"),
    "larger slices only": (("min_rows: 200", "min_rows: 900"), "validations.performance.per_slice.min_rows"),
    "a wider margin": (
        ("max_worse: 0.01", "max_worse: 0.02"),
        "validations.comparison.metrics.roc_auc.max_worse",
    ),
    "a margin of another kind": (
        ("max_worse: 0.01", "max_worse: 1%"),
        "validations.comparison.metrics.roc_auc.max_worse",
    ),
    "a larger effect": (("effect: medium", "effect: large"), "validations.drift.effect"),
    "other columns": (("columns: [amount]", "columns: [plan]"), "validations.drift.columns"),
    "fewer rows": (("min: 1000", "min: 10"), "validations.kept.rows"),
    "more nulls": (("nulls: 1%", "nulls: 2%"), "validations.kept.columns.amount[0].nulls"),
    "a larger tolerance": (("allow: 0.5%", "allow: 1%"), "validations.kept.columns.amount[1].allow"),
    "a tolerance": (
        ("min: 0, nulls", "allow: 1%, min: 0, nulls"),
        "validations.kept.columns.amount[0].allow",
    ),
    "a filter": (
        ("min: 0, nulls", "where: a = 1, min: 0, nulls"),
        "validations.kept.columns.amount[0].where",
    ),
    "another filter": (("plan = 'pro'", "plan = 'x'"), "validations.kept.columns.amount[1].where"),
    "a rule that warns": (
        ("nulls: 1%}", "nulls: 1%, severity: warn}"),
        "validations.kept.columns.amount[0].severity",
    ),
    "more values": (("[free, pro]", "[free, pro, x]"), "validations.kept.columns.plan.in"),
    "a column less": (("      plan: {in: [free, pro]}\n", ""), "validations.kept.columns.plan"),
    "a column more where others are forbidden": (
        ("      plan: {in", "      x: {nulls: 50%}\n      plan: {in"),
        "validations.kept.columns.x",
    ),
    "an expectation less": (('["a > 0", ', "["), "validations.kept.expect"),
    "another expectation": (("a > 0", "a > 1"), "validations.kept.expect[0].that"),
    "strangers allowed": (("    extra_columns: forbid\n", ""), "validations.kept.extra_columns"),
    "a key less": (("    unique: id\n", ""), "validations.kept.unique"),
    "a validation less": (("  - " + entry("comparison"), ""), "validations.comparison"),
    "a validation of another type": (
        (DRIFT, "{id: drift, type: data, dataset: holdout, rows: {min: 1}}"),
        "validations.drift",
    ),
    "only warns": (("type: drift,", "type: drift, severity: warn,"), "validations.drift.severity"),
    "optional": (("type: drift,", "type: drift, optional: true,"), "validations.drift.optional"),
    "skipped without rows": (("type: drift,", "type: drift, if_empty: skip,"), "validations.drift.if_empty"),
    "undecided only warns": (
        ("type: comparison,", "type: comparison, when_inconclusive: warn,"),
        "validations.comparison.when_inconclusive",
    ),
    "filtered": (("type: drift,", "type: drift, where: a = 1,"), "validations.drift.where"),
    "rows in reports": (("type: drift,", "type: drift, examples: comment,"), "validations.drift.examples"),
    "the policy": (("weakening: block", "weakening: warn"), "policy.weakening"),
    "a longer waiver": (("2026-12-31", "2027-12-31"), "waivers[0]"),
    "a waiver more": (
        ("waivers:\n", "waivers:\n  - {rule: kept, reason: r, owner: o, until: 2026-12-01}\n"),
        "waivers[0]",
    ),
    "old failures pass": (("policy:", "fail_on: new\npolicy:"), "fail_on"),
    "fewer files": (("[models, data]", "[models]"), "changed"),
    "another name": (("name: churn", "name: other"), "name"),
}

TIGHTER: dict[str, tuple[str, str]] = {
    "a higher bound": ("roc_auc: 0.85", "roc_auc: 0.9"),
    "a bound more": ("roc_auc: 0.85", "roc_auc: 0.85, accuracy: 0.5"),
    "more confidence": ("confidence: 95%", "confidence: 99%"),
    "a narrower margin": ("max_worse: 0.01", "max_worse: 0.005"),
    "smaller slices too": ("min_rows: 200", "min_rows: 100"),
    "a slice more": ("slices: [plan]", "slices: [plan, {by: amount, bins: [5]}]"),
    "fewer nulls": ("nulls: 1%", "nulls: 0"),
    "fewer values": ("[free, pro]", "[free]"),
    "a rule more": ("nulls: 1%", "nulls: 1%, max: 9"),
    "an expectation more": ('["a > 0"', '["a > 0", "c > 0"'),
    "an expectation without its tolerance": ('{that: "b > 0", allow: 1%}', '"b > 0"'),
    "more sensitive columns": ("[gender, age]", "[gender, age, plan]"),
    "a smaller effect": ("effect: medium", "effect: small"),
    "no waiver": ("waivers:\n  - {rule: drift, reason: known, owner: ann, until: 2026-12-31}\n", ""),
    "a shorter waiver": ("2026-12-31", "2026-06-30"),
    "all files": ("changed: [models, data]\n", ""),
    "more files": ("[models, data]", "[models, data, x]"),
    "a validation more": (
        "  - {type: drift",
        "  - {id: new, type: data, dataset: holdout, rows: {min: 1}}\n  - {type: drift",
    ),
}

NEUTRAL: dict[str, tuple[str, str]] = {
    "another reason": ("the board asked", "the auditor asked"),
    "the reason of a waiver": ("reason: known", "reason: still known"),
    "values in another order": ("[free, pro]", "[pro, free]"),
    "another spelling": ("roc_auc: 0.85", 'roc_auc: ">= 0.85"'),
    "a default that is written out": ("type: drift,", "type: drift, severity: block,"),
    "a comment": ("version: 1\n", "version: 1  # first\n"),
    "a dataset that nothing uses": ("models:\n", "  other: {path: other.csv}\nmodels:\n"),
}


@pytest.mark.parametrize("name", WEAKER)
def test_a_weakening_is_named_by_its_path(name: str) -> None:
    edit, path = WEAKER[name]
    found = [one.path for one in edited(edit) if one.weakens]
    assert path in found


@pytest.mark.parametrize("name", TIGHTER)
def test_a_tightening_is_no_weakening(name: str) -> None:
    found = edited(TIGHTER[name])
    assert {one.direction for one in found} == {Direction.TIGHTENING}


@pytest.mark.parametrize("name", NEUTRAL)
def test_what_changes_no_demand_is_no_weakening(name: str) -> None:
    assert not any(one.direction is not Direction.NEUTRAL for one in edited(NEUTRAL[name]))


@pytest.mark.parametrize("name", WEAKER)
def test_what_was_loosened_may_be_undone(name: str) -> None:
    """The way back is seen as an edit too, whatever it does."""
    (old, new), _ = WEAKER[name]
    assert compare(read(BASE.replace(old, new, 1)), read(BASE))


def test_the_place_is_that_of_the_edited_line() -> None:
    (change,) = edited(("roc_auc: 0.85", "roc_auc: 0.8"))
    assert change.place is not None
    assert BASE.splitlines()[change.place.line - 1].strip().startswith("metrics: {roc_auc")


PLAIN = BASE.partition("policy:")[0]


def test_another_order_is_no_edit() -> None:
    first, second = "  - " + entry("type: performance"), "  - " + entry("type: comparison")
    assert edited((first + second, second + first)) == ()


def test_a_renamed_validation_is_no_weakening() -> None:
    (change,) = edited(("id: kept", "id: held"), base=PLAIN)
    assert (change.kind, change.direction) == ("renamed", Direction.NEUTRAL)


@pytest.mark.parametrize("terms", ["fail_on: new\n", BASE.partition("policy: {weakening: block}\n")[2]])
def test_a_renamed_validation_is_one_where_results_are_known_by_their_id(terms: str) -> None:
    assert any(one.weakens for one in edited(("id: kept", "id: held"), base=PLAIN + terms))


def test_a_rename_does_not_hide_an_edit() -> None:
    found = edited(("id: kept", "id: held"), ("nulls: 1%", "nulls: 9%"), base=PLAIN)
    assert [one.path for one in found if one.weakens] == ["validations.kept"]


def test_a_dataset_that_takes_over_a_role_is_a_weakening() -> None:
    base = """\
version: 1
datasets: {reference: {path: a.csv}, holdout: {path: b.csv}}
validations: [{type: drift}]
"""
    found = edited(("holdout: {path: b.csv}", "holdout: {path: b.csv}, current: {path: a.csv}"), base=base)
    assert [one.path for one in found if one.weakens] == ["validations.drift"]


def test_a_model_whose_predictions_hide_a_column_is_a_weakening() -> None:
    new = "  rival: {predictions: {dataset: holdout, score: amount}}\nvalidations:\n"
    found = edited(("validations:\n", new))
    assert [one.path for one in found if one.weakens] == ["models.rival"]


def test_hostile_text_is_shown_escaped() -> None:
    found = edited(("path: holdout.csv", 'path: "a\\u202e\\nb.csv"'))
    assert all(one.sentence.isprintable() and len(one.sentence) < 300 for one in found)
