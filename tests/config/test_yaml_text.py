"""What is written is read back the same: by a contract's own reader, and by one of YAML 1.1."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.yaml_nodes import document
from mlval.config.yaml_text import yaml_text

AMBIGUOUS = (
    *(
        "no",
        "on",
        "y",
        "~",
        "null",
        "True",
        "12:30",
        "010",
        "0o17",
        "0x1F",
        "1e-3",
        "1_000",
        "1.",
        ".5",
        "+1",
    ),
    *(
        "2026-01-31",
        "=",
        "<<",
        "",
        " a",
        "a: b",
        "# c",
        "- d",
        "%",
        "@x",
        "`y`",
        "\u202ex",
        "a\nb",
        "\x85",
        "é",
    ),
    *("{{ x }}", "[a]", "*a", "&a", "!t", "|", ">", "'", '"', "\\", "1%", ">= 1", ".inf", ".nan", "-"),
)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.sampled_from(AMBIGUOUS)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner).map(tuple) | st.dictionaries(texts, inner), max_leaves=12
)


def listed(value: object) -> object:
    """Return a value with lists for tuples."""
    if isinstance(value, dict):
        return {key: listed(inner) for key, inner in value.items()}
    return [listed(inner) for inner in value] if isinstance(value, tuple) else value


@given(st.dictionaries(texts, values))
def test_a_contract_reads_what_was_written(value: dict[str, object]) -> None:
    read = document(yaml_text(value).encode())  # type: ignore[arg-type]
    assert read.problems == ()
    assert read.value == value


@given(st.dictionaries(texts, values))
def test_a_reader_of_yaml_1_1_reads_the_same(value: dict[str, object]) -> None:
    assert yaml.safe_load(yaml_text(value)) == listed(value)  # type: ignore[arg-type]


def test_every_ambiguous_text_stays_text() -> None:
    text = yaml_text({"texts": AMBIGUOUS})
    assert document(text.encode()).value == {"texts": AMBIGUOUS}
    assert yaml.safe_load(text) == {"texts": list(AMBIGUOUS)}


def test_a_rule_set_stands_on_one_line() -> None:
    text = yaml_text({"columns": {"fare": {"type": "float", "min": 0, "nulls": "1%"}}})
    assert text == "columns:\n  fare: {type: float, min: 0, nulls: 1%}\n"


def test_comments_stand_on_top_and_cannot_end_early() -> None:
    text = yaml_text({"version": 1, "datasets": {}}, comments=["one", "two\nversion: 2"])
    assert text == "# one\n# two\\nversion: 2\nversion: 1\ndatasets: {}\n"
