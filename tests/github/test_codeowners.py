"""CODEOWNERS: which pattern names a file, and whom the last one names."""

import pytest

from mlval.github.codeowners import owners

MATCHES = {
    "*": ("a.yml", "x/y/a.yml"),
    "*.yml": ("a.yml", "x/a.yml"),
    "/*.yml": ("a.yml",),
    "/gates/": ("gates/a.yml", "gates/x/a.yml"),
    "gates/": ("gates/a.yml", "x/gates/a.yml"),
    "gates/*": ("gates/a.yml",),
    "gates": ("gates/a.yml", "x/gates/y/a.yml", "gates"),
    "/gates/churn": ("gates/churn/a.yml", "gates/churn"),
    "gates/churn.yml": ("gates/churn.yml",),
    "**/gates": ("gates/a.yml", "x/gates/a.yml"),
    "/gates/**": ("gates/a.yml", "gates/x/a.yml"),
    "/a/**/b.yml": ("a/b.yml", "a/x/y/b.yml"),
    "?.yml": ("a.yml", "x/a.yml"),
    "a\\ b.yml": ("a b.yml",),
}
PATHS = sorted({path for paths in MATCHES.values() for path in paths} | {"other/gates.txt", "gatesx/a.yaml"})


@pytest.mark.parametrize("pattern", MATCHES)
def test_a_pattern_names_files(pattern: str) -> None:
    named = {path for path in PATHS if owners(f"{pattern} @a\n", path)}
    assert set(MATCHES[pattern]) <= named
    if pattern in {"/*.yml", "gates/*", "gates/churn.yml", "/gates/churn", "/gates/", "a\\ b.yml"}:
        assert named <= {path for path in PATHS if path.startswith(("gates/", "a ", "a.yml"))} | {"gates"}


@pytest.mark.parametrize(
    "text, found",
    [
        ("* @a\n*.yml @b\n", ("@b",)),
        ("*.yml @b\n* @a\n", ("@a",)),
        ("* @a\n/gates.yml\n", ()),
        ("* @a @org/team b@example.com # why\n", ("@a", "@org/team", "b@example.com")),
        ("# * @a\n", ()),
        ("* @a\r\n", ("@a",)),
        ("* @a\n* nobody\n", ("@a",)),
        ("* @a\n!*.yml @b\n", ("@a",)),
        ("* @a\n[g]ates.yml @b\n", ("@a",)),
        ("* @a\n\\#* @b\n", ("@a",)),
        ("* @a\u2028* @b\n", ()),
        ("", ()),
    ],
)
def test_the_last_line_that_can_be_read_counts(text: str, found: tuple[str, ...]) -> None:
    assert owners(text, "gates.yml") == found
