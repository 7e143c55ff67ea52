"""What is written is read back as exactly that, whatever names and values hold."""

import math

from hypothesis import given
from hypothesis import strategies as st

from mlval.config.yaml_nodes import document
from mlval.flows.suggest_yaml import DatasetDraft, Noted, contract_text, flow

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
HOSTILE = st.sampled_from(
    ["no", "NO", "null", "~", "1_000", "0x1f", ".inf", "1e3", "010", "- a", "a: b", "a #b", "'", "\\", "&a",
     "*a", "!t", "? a", "| x", "> 1", "%YAML", "@", "`", "{", "}", "[", "]", ",", "<<", "=", "---", "...",
     "\x85",
     "\u2028", "\u202e", "\ufeff", "\uffff", "\U0001f600", "a\r\nb", "\t", " a ", "0.5%", "2026-01-31",
     "12:30"]
)  # fmt: skip
NAMES = (TEXT | HOSTILE).filter(bool)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | HOSTILE
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


def frozen(value: object) -> object:
    """Return a value as the reader of contracts gives it: lists are tuples."""
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def same(left: object, right: object) -> bool:
    """Compare with types: 1, 1.0 and true are three values, and so are 0.0 and -0.0."""
    if isinstance(left, float) and isinstance(right, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


@given(VALUES)
def test_values_are_read_back(value: object) -> None:
    read = document(f"a: {flow(value)}\n".encode())  # type: ignore[arg-type] # drawn as such
    assert read.problems == ()
    assert same(read.value, {"a": frozen(value)}), read.value


@given(
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=4),
    st.lists(TEXT | HOSTILE, max_size=2),
    TEXT | HOSTILE,
)
def test_columns_are_read_back_whatever_the_comments_say(
    columns: dict[str, object], odd: list[str], why: str
) -> None:
    noted = {name: Noted(value, why, tuple(odd)) for name, value in columns.items()}  # type: ignore[arg-type] # as above
    draft = DatasetDraft("t", Noted({"path": "t.csv"}, why), {"rows": Noted({"min": 1}, why)}, noted)
    read = document(contract_text("c", [draft]).encode())
    assert read.problems == ()
    expected = {
        "version": 1,
        "name": "c",
        "datasets": {"t": {"path": "t.csv"}},
        "validations": (
            {"id": "t", "type": "data", "dataset": "t", "rows": {"min": 1}, "columns": frozen(columns)},
        ),
    }
    assert same(read.value, expected), read.value


@given(TEXT | HOSTILE)
def test_a_comment_never_ends_its_line(text: str) -> None:
    draft = DatasetDraft("t", Noted({"path": "t.csv"}, text, (text,)))
    assert len(contract_text("c", [draft]).splitlines()) == len(
        contract_text("c", [DatasetDraft("t", Noted({"path": "t.csv"}, "x", ("x",)))]).splitlines()
    )
