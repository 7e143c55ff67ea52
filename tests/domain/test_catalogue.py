"""The scan of folders: sorted, strict, and without importing what nobody asked for."""

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from mlval import checks, metrics, rules
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.metric import Metric
from mlval.domain.rule import Rule

FILES = {
    "__init__.py": '"""Throwaway rules."""',
    "beta.py": "from mlval.domain.rule import Rule\nclass Beta(Rule[int]):\n    name = 'beta'\n",
    "alpha_.py": "from mlval.domain.rule import Rule\nclass Alpha(Rule[int]):\n    name = 'alpha'\n",
    "_shared.py": "raise RuntimeError('nobody asked for this')\n",
    "two.py": (
        "from mlval.domain.rule import Rule\n"
        "class Two(Rule[int]):\n    name = 'two'\n"
        "class Three(Rule[int]):\n    name = 'three'\n"
    ),
    "none.py": "from mlval.domain.rule import Rule, RowRule\n",
    "other.py": "from mlval.domain.rule import Rule\nclass Other(Rule[int]):\n    name = 'another'\n",
    "bases.py": (
        "from mlval.domain.rule import Rule\n"
        "class _Shared(Rule[int]):\n    tighter = 'up'\n"
        "class Bases(_Shared):\n    name = 'bases'\n"
    ),
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (folder := tmp_path / "throwaway_rules").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    invalidate_caches()
    yield import_module("throwaway_rules")
    for name in [name for name in sys.modules if name.startswith("throwaway_rules")]:
        del sys.modules[name]


def test_names_are_sorted_without_importing_a_file(package: ModuleType) -> None:
    assert catalogue.names(package) == ("alpha", "bases", "beta", "none", "other", "two")
    assert "throwaway_rules.beta" not in sys.modules


@pytest.mark.parametrize("name", ["alpha", "beta", "bases"])
def test_a_file_holds_the_class_of_its_name(package: ModuleType, name: str) -> None:
    found = catalogue.only(package, name, Rule)
    assert found.name == name


@pytest.mark.parametrize("name", ["two", "none", "other"])
def test_a_file_that_does_not_is_a_mistake_of_ours(package: ModuleType, name: str) -> None:
    with pytest.raises(TypeError, match=f"must define exactly one Rule named '{name}'"):
        catalogue.only(package, name, Rule)


def test_the_folders_of_the_project_hold_what_their_files_say() -> None:
    assert [catalogue.only(rules, name, Rule).name for name in catalogue.names(rules)] == list(
        catalogue.names(rules)
    )
    assert [catalogue.only(checks, name, Check).name for name in catalogue.names(checks)] == list(
        catalogue.names(checks)
    )
    named = [
        one.name for file in catalogue.names(metrics) for one in catalogue.classes(metrics, file, Metric)
    ]
    assert len(named) == len(set(named)) > 5
