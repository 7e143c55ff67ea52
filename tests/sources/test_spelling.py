"""Spellings that can name no local file."""

from pathlib import PurePath

import pytest

from mlval.domain.errors import SourceRefused
from mlval.sources.spelling import has_wildcard, spelled


@pytest.mark.parametrize(
    "reference,sentence",
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("~/x.csv", "`~`"),
        ("~root/x.csv", "`~`"),
        ("x\0.csv", "not the name"),
        ("\ud800.csv", "not the name"),
        ("x" * 5000, "not the name"),
        ("file:///etc/passwd", "`file:`"),
        ("file:/etc/passwd", "`file:`"),
        ("FILE:///etc/passwd", "`file:`"),
        ("http://host/x.csv", "the web"),
        ("HTTPS://host/x.csv", "the web"),
        ("s3://bucket/x.csv", "object store"),
        ("gs://bucket/x.csv", "object store"),
        ("abfs://box/x.csv", "object store"),
        ("simplecache::s3://bucket/x.csv", "chains"),
        ("zip://x.csv::https://host/x.zip", "no kind"),
        ("models:/churn@champion", "MLflow"),
        ("runs:/abc/x.csv", "MLflow"),
        ("postgres://host/db", "no kind"),
    ],
)
def test_refused(reference: str, sentence: str) -> None:
    with pytest.raises(SourceRefused) as error:
        spelled(reference)
    assert sentence in error.value.message
    assert error.value.remedy


def test_an_address_is_not_repeated() -> None:
    with pytest.raises(SourceRefused) as error:
        spelled("https://me:password@host/x?token=abc")
    assert "password" not in error.value.message + error.value.remedy
    assert "abc" not in error.value.message + error.value.remedy


@pytest.mark.parametrize(
    "reference", ["x.csv", "./x.csv", "../x.csv", "c:x.csv", "a b.csv", "year=2020/x.csv"]
)
def test_accepted(reference: str) -> None:
    assert spelled(reference) == PurePath(reference)


@pytest.mark.parametrize(
    "part,wild", [("x.csv", False), ("*.csv", True), ("x?", True), ("[a]", True), ("{a}", False)]
)
def test_wildcards(part: str, wild: bool) -> None:
    assert has_wildcard(part) is wild
