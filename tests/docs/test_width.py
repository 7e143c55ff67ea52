"""No page is wider than a phone: every page, in a real browser, in a frame of 390 pixels."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.docs.conftest import ROOT

PHONE: Final = 390
HARNESS: Final = """\
<!doctype html><meta charset="utf-8"><body><pre id="widths"></pre><script>
const pages = %s;
const frame = document.createElement("iframe");
frame.style.cssText = "width: %dpx; height: 800px; border: 0";
document.body.append(frame);
(async () => {
  const widths = {};
  for (const page of pages) {
    await new Promise((loaded) => { frame.onload = loaded; frame.src = "site/" + page; });
    widths[page] = frame.contentDocument.documentElement.scrollWidth;
  }
  document.getElementById("widths").textContent = JSON.stringify(widths);
})();
</script>
"""


def test_no_page_is_wider_than_a_phone(site: Path, folder: Path, address: str) -> None:
    pages = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))
    (folder / "harness.html").write_text(HARNESS % (json.dumps(pages), PHONE), encoding="utf-8")
    chromium = shutil.which("chromium")
    assert chromium is not None, "install Chromium: the program `chromium`"
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=300000", "--dump-dom")
    ended = subprocess.run(
        [chromium, *options, f"{address}/harness.html"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    told = re.search(r'<pre id="widths">(.+?)</pre>', ended.stdout)
    assert told is not None, "the browser ended before it had seen all pages"
    widths = json.loads(html.unescape(told[1]))
    assert len(widths) > len(list((ROOT / "docs").glob("*.md")))
    assert {page: width for page, width in widths.items() if width > PHONE} == {}
