"""Sizes as a contract spells them."""

import pytest

from mlval.domain.byte_size import byte_size, size_text


@pytest.mark.parametrize(
    "raw, size",
    [("1B", 1), ("2kB", 2_000), ("3MB", 3_000_000), ("4 GB", 4_000_000_000), ("1KiB", 1024), (7, 7)],
)
def test_spellings(raw: object, size: int) -> None:
    assert byte_size(raw) == size


@pytest.mark.parametrize("raw", ["", "1", "1 TB", "1.5MB", "-1MB", "1mb", "MB", True, 1.5, None, []])
def test_everything_else_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="expected a size such as 500MB"):
        byte_size(raw)


@pytest.mark.parametrize(
    "size, text", [(0, "0 B"), (1_000, "1 kB"), (34_567_890, "34.6 MB"), (8 * 10**9, "8 GB")]
)
def test_sizes_are_told_shortly(size: int, text: str) -> None:
    assert size_text(size) == text
