"""References to buckets: the form and nothing else, and prefixes of whole names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceRefused
from mlval.sources.bucket_uri import Location, allows, is_bucket, parse, prefix

NAMES = st.text("ab.", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
KEYS = st.lists(NAMES, min_size=1, max_size=4).map(tuple)


@pytest.mark.parametrize(
    "reference, read",
    [
        ("s3://lake/x.csv", Location("s3", "lake", ("x.csv",))),
        ("gs://my_lake.org/a b/é=1/x.csv", Location("gs", "my_lake.org", ("a b", "é=1", "x.csv"))),
        ("abfs://lake-1/**/?.csv", Location("abfs", "lake-1", ("**", "?.csv"))),
    ],
)
def test_the_form_is_read(reference: str, read: Location) -> None:
    assert is_bucket(reference)
    assert parse(reference) == read
    assert str(read) == reference


@pytest.mark.parametrize(
    "reference",
    [
        "s3://",
        "s3://lake",
        "s3://lake/",
        "s3:///x.csv",
        "s3://L/x.csv",
        "s3://lake..pond/x.csv",
        "s3://-lake/x.csv",
        "s3://lake//x.csv",
        "s3://lake/a/../x.csv",
        "s3://lake/./x.csv",
        "s3://lake/a/",
        "s3://lake/a\\..\\x.csv",
        "s3://lake/a\nb.csv",
        "s3://lake/x.csv#1",
        "s3://lake/\ud800.csv",
        "s3://lake/x.zip::memory://y",
        "s3://arn:aws:s3:us-east-1:123456789012:accesspoint/lake/x.csv",
        f"s3://lake/{'x' * 1025}",
    ],
)
def test_everything_else_is_refused(reference: str) -> None:
    with pytest.raises(SourceRefused):
        parse(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "s3://KEY:hunter2@lake/x.csv",
        "s3://hunter2@lake/x.csv",
        "abfs://lake@hunter2.dfs.core.windows.net/x.csv",
        "s3://lake:hunter2/x.csv",
        "s3://lake/x.csv?X-Amz-Signature=hunter2",
        "gs://lake/x.csv?sig=hunter2",
        "s3://lake?versionId=hunter2",
    ],
)
def test_a_credential_is_refused_and_not_repeated(reference: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        parse(reference)
    assert "hunter2" not in f"{refused.value.message}{refused.value.remedy}"


@pytest.mark.parametrize(
    "reference",
    ["data/x.csv", "S3://lake/x.csv", "s3a://lake/x", "file:///x", "memory://x", "simplecache::s3://a/b"],
)
def test_other_references_are_none_of_a_bucket(reference: str) -> None:
    assert not is_bucket(reference)


@pytest.mark.parametrize(
    "allowed, wanted, is_allowed",
    [
        ("s3://lake", "s3://lake/x.csv", True),
        ("s3://lake/", "s3://lake/*", True),
        ("s3://lake/pre", "s3://lake/pre/x.csv", True),
        ("s3://lake/pre/", "s3://lake/pre/*/x.csv", True),
        ("s3://lake/pre/x.csv", "s3://lake/pre/x.csv", True),
        ("s3://lake/pre", "s3://lake/prefix/x.csv", False),
        ("s3://lake/pre", "s3://lake/pre*/x.csv", False),
        ("s3://lake/pre", "s3://lake/*/pre/x.csv", False),
        ("s3://lake/pre", "s3://lake/**", False),
        ("s3://lake/pre/x", "s3://lake/pre/*", False),
        ("s3://lake", "s3://lakes/x.csv", False),
        ("s3://lake", "gs://lake/x.csv", False),
    ],
)
def test_whole_names_are_compared(allowed: str, wanted: str, *, is_allowed: bool) -> None:
    assert allows(prefix(allowed), parse(wanted)) == is_allowed


@pytest.mark.parametrize(
    "text", ["s3://", "s3://lake/*", "s3://lake/a?/b", "s3://lake/../pond", "s3://u:p@lake"]
)
def test_what_allows_is_a_bucket_or_whole_names(text: str) -> None:
    with pytest.raises(SourceRefused):
        prefix(text)


@given(allowed=KEYS, wanted=KEYS)
def test_allowed_is_what_lies_below(allowed: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    below = f"s3://lake/{'/'.join(wanted)}/".startswith(f"s3://lake/{'/'.join(allowed)}/")
    assert allows(Location("s3", "lake", allowed), Location("s3", "lake", wanted)) == below


@given(st.text(max_size=40))
def test_no_text_crashes_it(text: str) -> None:
    try:
        read = parse(f"s3://{text}")
    except SourceRefused:
        return
    assert str(read) == f"s3://{text}"
