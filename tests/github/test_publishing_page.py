"""The committed page shows the table that the tests run."""

from tools.publishing_table import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python tools/publishing_table.py"
