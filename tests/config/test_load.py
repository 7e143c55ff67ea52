"""The whole loader on the sample checks: contracts that are read, and every way in which they are not."""

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.load import load
from mlval.domain.bound import Bound
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, Place

CONTRACT = """\
version: 1
name: churn
datasets:
  holdout: {path: data/holdout.parquet, key: [a, b], target: churned}
  today:
    from: input
models:
  candidate: {predictions: {dataset: holdout, score: p, threshold: 0.5}}
validations:
  - type: counting
    dataset: holdout
    rows: ">= 1000"
    size: 5%
    columns:
      amount: [{min: 0, allow: 1%}, {type: int}]
      2020: {values: [free, NO, 010, 7]}
    by: [plan, {by: age, bins: [1, 2.5]}]
  - id: quiet
    type: waiting
    days: [1, 2]
    severity: warn
"""


def read(text: str | bytes, checks: ModuleType) -> Contract:
    data = text.encode() if isinstance(text, str) else text
    return load(data, file="mlval.yml", default_name="My Folder", package=checks)


def said(text: str | bytes, checks: ModuleType) -> list[str]:
    with pytest.raises(ContractError) as caught:
        read(text, checks)
    assert caught.value.file == "mlval.yml"
    return [
        f"{p.place.line if p.place else 0} {p.path}: {p.message}" + (f" ({p.hint})" if p.hint else "")
        for p in caught.value.problems
    ]


def test_a_contract_is_read(checks: ModuleType) -> None:
    contract = read(CONTRACT, checks)
    assert (contract.name, contract.path) == ("churn", "mlval.yml")
    assert contract.sha256 == hashlib.sha256(CONTRACT.encode()).hexdigest()
    assert contract.inputs.datasets["holdout"].keys == ("a", "b")
    assert contract.inputs.datasets["today"].source == "input"
    candidate = contract.inputs.models["candidate"].predictions
    assert candidate is not None
    assert candidate.threshold == 0.5
    counting, waiting = (check.model_dump() for check in contract.validations)
    assert counting["rows"] == {"min": 1000}
    assert counting["size"] == 0.05
    assert counting["columns"]["2020"]["values"] == ("free", "NO", "010", 7)
    assert (waiting["id"], waiting["days"], waiting["severity"]) == ("quiet", (1, 2), "warn")


def test_a_tolerance_keeps_its_unit(checks: ModuleType) -> None:
    columns = vars(read(CONTRACT, checks).validations[0])["columns"]
    assert columns["amount"][0].allow == Bound(max=0.01, unit="share")


def test_every_part_has_its_place(checks: ModuleType) -> None:
    contract = read(CONTRACT, checks)
    assert contract.place(("validations", 0, "columns", "amount", 0, "allow")) == Place(15, 25)
    assert contract.place(("validations", 1, "nothing")) == Place(18, 5)
    assert contract.place(("datasets", "today")) == Place(5, 3)


def test_the_vocabulary_is_what_the_contract_spells_out(checks: ModuleType) -> None:
    assert {"free", "NO", "010", "7", "plan"} <= read(CONTRACT, checks).inputs.vocabulary
    assert "amount" not in read(CONTRACT, checks).inputs.vocabulary


def test_the_name_is_that_of_the_folder_where_there_is_none(checks: ModuleType) -> None:
    assert read("version: 1\nvalidations: [{type: waiting}]", checks).name == "my-folder"


def test_the_short_form_is_read(checks: ModuleType) -> None:
    (check,) = read("version: 1\nvalidations: [{type: waiting, day: 3}]", checks).validations
    assert check.model_dump()["days"] == (3,)


VALID = "valid here: `counting`, `waiting`"
NO_NAME = "2 name: expected a name of lowercase letters, digits and `-`"
NO_MAPPING = "write one `name: {…}` a line, or remove the key"
TOP = [
    ("", ["1 : the file is empty (begin with the line `version: 1`)"]),
    ("# nothing\n", ["1 : the file is empty (begin with the line `version: 1`)"]),
    ("- a\n", ["1 : expected a mapping of keys, found a list (begin with the line `version: 1`)"]),
    ("version:1\n", ['1 : expected a mapping of keys, found "version:1" (write a space after each colon)']),
    ("validations: [{type: waiting}]", ["1 version: missing key `version` (add the line `version: 1`)"]),
    (
        "version: 1",
        ["1 validations: missing key `validations` (add `validations:` with one `- type: …` a check)"],
    ),
    ("version: 1\nvalidations: []", ["2 validations: an empty plan judges nothing (add a validation)"]),
    (
        "version: 1\nvalidations: {type: waiting}",
        ["2 validations: expected a list of validations, found a mapping (begin each with `- type: …`)"],
    ),
    (
        "version: 1\nvalidatons: []\nvalidations: [{type: waiting}]",
        ["2 validatons: unknown key `validatons` (did you mean `validations`?)"],
    ),
    (
        "version: 1\nname: Churn 2\nvalidations: [{type: waiting}]",
        [
            f'{NO_NAME}, found "Churn 2" (write `name: churn-2`)',
        ],
    ),
    (
        "version: 1\nmodels: []\nvalidations: [{type: waiting}]",
        [
            f"2 models: expected a mapping of names, found a list ({NO_MAPPING})",
        ],
    ),
]


@pytest.mark.parametrize("text, expected", TOP)
def test_mistakes_at_the_top(text: str, expected: list[str], checks: ModuleType) -> None:
    assert said(text, checks) == expected


@pytest.mark.parametrize("version", ["2", "0", "1.0", "true", "'1'", "v1", "[1]", "~"])
def test_only_version_1_is_read(version: str, checks: ModuleType) -> None:
    (line,) = said(f"version: {version}\nvalidations: [{{type: waiting}}]", checks)
    assert line.startswith("1 version: this mlval reads version 1 of contracts, found ")
    assert line.endswith("(write `version: 1`)")


@pytest.mark.parametrize(
    "entry, expected",
    [
        ("5", "2 validations[0]: expected a mapping with a `type`, found 5 (write `- type: …`)"),
        ("{id: a}", f"2 validations[0].type: missing key `type` ({VALID})"),
        ("{type: 5}", f"2 validations[0].type: expected the name of a check, found 5 ({VALID})"),
        ("{type: countin}", "2 validations[0].type: there is no check `countin` (did you mean `counting`?)"),
        ("{type: waiting_}", "2 validations[0].type: there is no check `waiting_` (did you mean `waiting`?)"),
        ("{type: waiting, day: x}", '2 validations[0].days: expected a whole number, found "x"'),
        ("{type: counting}", "2 validations[0].dataset: missing key `dataset` (Which table is counted.)"),
        ("{type: counting, dataset: x}", "2 validations[0].dataset: there is no such dataset"),
    ],
)
def test_mistakes_in_a_validation(entry: str, expected: str, checks: ModuleType) -> None:
    assert said(f"version: 1\nvalidations: [{entry}]", checks) == [expected]


def test_an_unknown_key_beside_a_short_form_is_named(checks: ModuleType) -> None:
    (line,) = said("version: 1\nvalidations: [{type: waiting, day: 3, dya: 4}]", checks)
    assert line == "2 validations[0].dya: unknown key `dya` (did you mean `day`?)"


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1e999"])
@pytest.mark.parametrize("where", ["min: {}", "values: [1, {}]", "allow: {}", "why: {}"])
def test_no_number_of_a_contract_is_not_finite(number: str, where: str, checks: ModuleType) -> None:
    entry = f"{{type: counting, dataset: a, columns: {{x: {{{where.format(number)}}}}}}}"
    assert said(f"version: 1\ndatasets: {{a: {{path: x, target: y}}}}\nvalidations: [{entry}]", checks)


def test_of_a_refused_value_nothing_more_is_said(checks: ModuleType) -> None:
    (line,) = said("version: 1\nvalidations: [{type: counting, dataset: *x}]", checks)
    assert "aliases" in line


def test_a_broken_dataset_gives_no_further_mistakes_but_its_name_is_known(checks: ModuleType) -> None:
    text = """\
version: 1
datasets: {a: {path: x, targte: y}, b: {path: x}}
validations:
  - {type: counting, dataset: a}
  - {type: counting, dataset: b}
  - {type: counting, dataset: c}
"""
    assert said(text, checks) == [
        "2 datasets.a.targte: unknown key `targte` (did you mean `target`?)",
        "5 validations[1].dataset: the dataset needs a target",
        "6 validations[2].dataset: there is no such dataset",
    ]


def test_only_the_checks_that_are_named_are_imported(tmp_path: Path, checks: ModuleType) -> None:
    (tmp_path / "lazily_found").mkdir()
    (tmp_path / "lazily_found" / "waiting.py").write_bytes(
        (Path(str(checks.__path__[0])) / "waiting_.py").read_bytes()
    )
    (tmp_path / "lazily_found" / "exploding.py").write_text("raise AssertionError")
    package = ModuleType("lazily_found")
    package.__path__ = [str(tmp_path / "lazily_found")]
    sys.modules[package.__name__] = package
    assert read("version: 1\nvalidations: [{type: waiting}]", package).validations
    assert "lazily_found.exploding" not in sys.modules


@given(st.binary())
def test_any_bytes_are_a_contract_or_a_contract_error(checks: ModuleType, data: bytes) -> None:
    with pytest.raises(ContractError):
        read(data, checks)


edits = st.tuples(
    st.integers(0, len(CONTRACT)),
    st.integers(0, 12),
    st.text(st.sampled_from("ab1:-? \n\t[]{},#&*!|>'\"%@=~.é\u2028\0"), max_size=4)
    | st.sampled_from(
        ["null", ".nan", "{a: 1}", "[x]", "type: waiting", "\n  - type: ", "1" * 400, "- " * 40]
    ),
)


@given(st.lists(edits, min_size=1, max_size=4))
def test_any_edit_gives_a_contract_or_problems_with_places(
    checks: ModuleType, changes: list[tuple[int, int, str]]
) -> None:
    text = CONTRACT
    for start, length, inserted in changes:
        text = text[:start] + inserted + text[start + length :]
    try:
        contract = read(text, checks)
    except ContractError as error:
        problems = error.problems
    else:
        assert contract.validations
        return
    assert problems
    for problem in problems:
        assert problem.place is not None
        assert 1 <= problem.place.line <= text.count("\n") + 2
        assert problem.message.isprintable()
        assert problem.path.isprintable()
        assert problem.hint.isprintable()


PARTS = ["type", "dataset", "columns", "by", "rows", "size", "severity", "min", "allow", "a", "counting", "x"]
mess = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(PARTS) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(PARTS), below, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(PARTS), mess, max_size=6))
def test_any_validation_is_a_check_or_a_contract_error(checks: ModuleType, entry: dict[str, object]) -> None:
    import yaml

    whole = {"version": 1, "validations": [{**entry, "type": "counting", "dataset": "a"}]}
    text = yaml.safe_dump({**whole, "datasets": {"a": {"path": "x", "target": "y"}}}, allow_unicode=True)
    try:
        assert read(text, checks).validations
    except ContractError as error:
        places = [problem.place for problem in error.problems]
        assert all(places)
