"""What follows from the code is current; docstrings have their headings, and examples are valid."""

import re
import shutil
from pathlib import Path

import pytest

from mlval.checks.data import Data
from mlval.config.load import load
from mlval.domain.rule import Rule
from mlval.flows.lint import check_predicates
from tools import generate, page, reference
from tools.keys import Book, schema_of, words

ROOT = Path(__file__).parents[1]
PAGES = [
    path
    for folder in (ROOT, ROOT / "docs")
    for path in (folder.rglob("*.md") if folder.name == "docs" else folder.glob("*.md"))
]
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)

INPUTS = """\
version: 1
datasets:
  reference: {path: a.csv}
  holdout: {path: b.csv, key: id, target: y, time: t}
models:
  candidate: {predictions: {dataset: holdout, label: y_hat, score: p}}
  champion: {predictions: {dataset: holdout, label: y_old, score: p_old}}
validations:
"""

OTHERS = """\
  train: {path: c.csv, key: id, target: y, time: t}
  yesterday: {path: d.csv}
  customers: {path: e.csv, key: id}
models:"""

every_file = pytest.mark.parametrize("file", reference.files(), ids=lambda file: f"{file.kind}/{file.name}")


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def as_contract(file: reference.File, example: str) -> str:
    """Put an example where it belongs in a contract."""
    inputs = INPUTS.replace("models:", OTHERS) if file.kind == "rules" else INPUTS
    if file.kind == "checks":
        with_files = inputs.replace(
            "{predictions: {dataset: holdout, label: y_hat, score: p}}", "{path: m.skops}"
        )
        return with_files.replace("a.csv}", "a.csv, key: id, target: y, time: at}") + indented(example, 2)
    if file.kind == "metrics":
        return f"{INPUTS}  - type: performance\n    dataset: holdout\n{indented(example, 4)}"
    (rule,) = file.classes
    is_under_one = rule.on == "column" or not example.startswith(f"{rule.name}:")
    columns = "    columns:\n" if is_under_one and rule.on != "table" else ""
    return f"{inputs}  - type: data\n    dataset: holdout\n{columns}{indented(example, 6 if columns else 4)}"


@every_file
def test_a_docstring_has_all_headings(file: reference.File) -> None:
    told = page.parsed(file.docstring)
    assert tuple(heading for heading in told.sections if heading != page.ELSEWHERE) == page.HEADINGS
    assert (page.ELSEWHERE in told.sections) == bool(told.elsewhere)


@every_file
def test_an_example_is_a_valid_contract(file: reference.File) -> None:
    contract = as_contract(file, page.parsed(file.docstring).example)
    check_predicates(load(contract.encode(), file="mlval.yml", default_name="example"))


@every_file
def test_an_example_shows_what_its_page_is_about(file: reference.File) -> None:
    example = page.parsed(file.docstring).example
    assert any(cls.name in example for cls in file.classes)


@pytest.mark.parametrize(
    "docstring",
    [
        "Summary.",
        "Summary.\n\nWhat it measures\n    Rows.",
        "Summary.\n\n" + "\n".join(f"{heading}\n    Text." for heading in reversed(page.HEADINGS)),
        "Summary.\n\n" + "\n".join(f"{heading}\n" for heading in page.HEADINGS),
    ],
    ids=["without headings", "with one", "out of order", "without text"],
)
def test_a_docstring_without_them_is_refused(docstring: str) -> None:
    with pytest.raises(ValueError, match="headings"):
        page.parsed(docstring)


def test_everything_generated_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what is generated, and of what that takes."""
    for name in ("composite", "docs", "schemas", "examples", "workflow-templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("README.md", "action.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bench").mkdir()
    shutil.copy(ROOT / "bench" / "README.md", tmp_path / "bench")
    return tmp_path


def test_what_is_not_current_is_named_with_the_command_that_mends_it(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page_of_nulls = copy / "docs" / "rules" / "nulls.md"
    page_of_nulls.write_text("old", encoding="utf-8")
    (copy / "docs" / "rules" / "gone.md").touch()
    (copy / "schemas" / "contract.schema.json").unlink()
    assert generate.main(["--check"], root=copy) == 1
    assert capsys.readouterr().err.splitlines() == [
        "schemas/contract.schema.json is not current: run `make generate`",
        "docs/rules/nulls.md is not current: run `make generate`",
        "docs/rules/gone.md is not current: run `make generate`",
    ]
    assert page_of_nulls.read_text(encoding="utf-8") == "old"
    assert generate.main([], root=copy) == 0
    assert generate.main(["--check"], root=copy) == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    for target, anchor in LINK.findall(path.read_text(encoding="utf-8")):
        file = path.parent / target if target else path
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """Return what GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", ROOT / "docs" / "contract.md"], ids=lambda path: path.name
)
def test_a_contract_on_a_page_is_valid(path: Path) -> None:
    contracts = [block for block in BLOCK.findall(path.read_text(encoding="utf-8")) if "version: 1" in block]
    assert len(contracts) == 1
    load(contracts[0].encode(), file="mlval.yml", default_name="page")


def test_the_short_forms_of_the_page_are_valid() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    short = next(block for block in BLOCK.findall(text) if block.startswith("validations:"))
    contract = INPUTS.removesuffix("validations:\n") + short.replace(
        "type: performance", "type: performance, dataset: holdout"
    )
    load(contract.encode(), file="mlval.yml", default_name="page")


@pytest.mark.parametrize(
    "key, said",
    [
        ("dataset", "text"),
        ("optional", "`true` or `false`"),
        ("severity", "`block` or `warn`"),
        ("rows", "[rows](../rules/rows.md)"),
        ("columns", "mapping of names to [rule set](#rule-set) or list of [rule set](#rule-set)"),
    ],
)
def test_types_are_said_in_words(key: str, said: str) -> None:
    rows: type[Rule[object]] = next(file.classes[0] for file in reference.files() if file.name == "rows")
    book = Book("docs/checks/data.md", {rows.__name__: ("rows", "docs/rules/rows.md")})
    assert words(schema_of(Data.with_every_key())["properties"][key], book) == said
