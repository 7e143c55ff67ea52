"""Workflow files are read as data: which jobs judge, and what their checks are called."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.yaml_nodes import document
from mlval.github.workflow_gates import Gate, gates

ROOT = Path(__file__).parents[2]
WORKFLOW = """
on: {on}
jobs:
  build: {{runs-on: x, steps: [{{run: make}}]}}
  judge:
{job}
"""


def found(job: str, on: str = "pull_request") -> tuple[Gate, ...]:
    text = WORKFLOW.format(on=on, job=job)
    return gates("w.yml", document(text.encode()).value)


@pytest.mark.parametrize(
    "job, check",
    [
        ("    steps: [{uses: mlval/mlval@v1}]", "judge"),
        ("    name: mlval\n    steps: [{uses: mlval/mlval@v1}]", "mlval"),
        ("    steps: [{uses: ./}]", "judge"),
        ("    steps: [{uses: mlval/mlval/composite@v1}]", "judge"),
        ("    steps: [{run: 'pip install mlval && mlval run'}]", "judge"),
        ("    steps: [{run: 'mlval merge result-*.json'}]", "judge"),
        ("    uses: mlval/mlval/.github/workflows/gate.yml@v1", "judge / mlval"),
        ("    name: quality\n    uses: ./.github/workflows/gate.yml", "quality / mlval"),
        ("    strategy: {matrix: {m: [a, b]}}\n    steps: [{uses: mlval/mlval@v1}]", None),
        ("    name: 'gate ${{ matrix.m }}'\n    steps: [{uses: mlval/mlval@v1}]", None),
    ],
)
def test_the_name_of_the_check_is_found(job: str, check: str | None) -> None:
    (gate,) = found(job)
    assert (gate.job, gate.check) == ("judge", check)


@pytest.mark.parametrize(
    "job",
    [
        "    steps: [{uses: somebody/mlval-fork@v1}]",
        "    steps: [{uses: actions/checkout@v4}]",
        "    steps: [{run: 'echo mlvalrun'}]",
        "    steps: nothing",
        "    uses: somebody/else/.github/workflows/gate.yml@v1",
    ],
)
def test_other_jobs_are_no_gates(job: str) -> None:
    assert found(job) == ()


@pytest.mark.parametrize(
    "on, events",
    [
        ("pull_request", {"pull_request"}),
        ("[pull_request, merge_group]", {"pull_request", "merge_group"}),
        ("{pull_request: null, push: {branches: [main]}}", {"pull_request", "push"}),
        ("3", set()),
    ],
)
def test_events_are_read_in_every_spelling(on: str, events: set[str]) -> None:
    (gate,) = found("    steps: [{uses: mlval/mlval@v1}]", on)
    assert set(gate.triggers) == events


@pytest.mark.parametrize("key", ["paths", "paths-ignore"])
def test_a_filter_that_would_hang_a_required_check_is_seen(key: str) -> None:
    (gate,) = found("    steps: [{uses: mlval/mlval@v1}]", f"{{pull_request: {{{key}: ['data/**']}}}}")
    assert gate.filters() == (key,)


def test_a_filter_of_pushes_does_no_harm() -> None:
    (gate,) = found("    steps: [{uses: mlval/mlval@v1}]", "{push: {paths: [a]}, pull_request: {}}")
    assert gate.filters() == ()


@pytest.mark.parametrize(
    "on, events",
    [
        ("[pull_request, push]", ("push",)),
        ("{pull_request: null, push: {branches: [main]}}", ()),
        ("{pull_request: null, push: {tags: [v1]}}", ()),
        ("[pull_request, workflow_dispatch]", ("workflow_dispatch",)),
        ("[pull_request, merge_group, schedule]", ()),
    ],
)
def test_events_that_nothing_is_compared_under_are_seen(on: str, events: tuple[str, ...]) -> None:
    (gate,) = found("    steps: [{uses: mlval/mlval@v1}]", on)
    assert gate.unguarded() == events


def test_the_templates_have_gates() -> None:
    for path in (ROOT / "workflow-templates").glob("*-gate.yml"):
        found_there = gates(path.name, document(path.read_bytes()).value)
        assert found_there, path
        assert not any(gate.unguarded() for gate in found_there), path


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: (
        st.lists(below, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["on", "jobs", "steps", "uses", "run", "name", "strategy"]), below)
    ),
    max_leaves=12,
)


@given(TREES)
def test_any_shape_is_read(tree: object) -> None:
    gates("w.yml", tree)
