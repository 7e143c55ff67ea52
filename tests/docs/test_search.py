"""The search of the site finds words, in a real browser, with no other host to ask."""

import functools
import shutil
import subprocess
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tests.docs.conftest import Quiet

HARNESS: Final = """\
<!doctype html><meta charset="utf-8"><pre id="found"></pre>
<iframe id="frame" style="width: 1280px; height: 800px" src="site/index.html"></iframe><img src="wait">
<script>
const until = async (found) => {
  let one;
  while (!(one = found())) await new Promise((go) => setTimeout(go, 50));
  return one;
};
const all = (root, wanted) => [...root.querySelectorAll(wanted), ...[...root.querySelectorAll("*")]
  .filter((one) => one.shadowRoot).flatMap((one) => all(one.shadowRoot, wanted))];
document.getElementById("frame").onload = async () => {
  const page = document.getElementById("frame").contentWindow;
  (await until(() => page.document.querySelector(".md-search__button"))).click();
  const field = await until(() => all(page.document, "input[role=combobox]")[0]);
  Object.getOwnPropertyDescriptor(page.HTMLInputElement.prototype, "value").set.call(field, "DeLong");
  field.dispatchEvent(new page.Event("input", { bubbles: true, composed: true }));
  const links = await until(() => {
    const links = [...field.getRootNode().querySelectorAll("a[href*='h=DeLong']")];
    return links.length > 1 && links;
  });
  document.getElementById("found").textContent = links.map((link) => link.href).join(" ");
  fetch("done");
};
</script>
"""


def test_the_search_finds_a_word(folder: Path) -> None:
    (folder / "harness.html").write_text(HARNESS, encoding="utf-8")
    chromium = shutil.which("chromium")
    assert chromium is not None, "install Chromium: the program `chromium`"
    done = threading.Event()

    class Waiting(Quiet):
        """Answers one request only when the search is done: until then the page is not loaded."""

        def do_GET(self) -> None:  # noqa: N802 - the name of the base
            if self.path == "/done":
                done.set()
            if self.path == "/wait":
                done.wait(60)
            super().do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Waiting, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/harness.html"
        ended = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", address],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        server.shutdown()
    assert "metrics/ranking.html" in ended.stdout.partition("</pre>")[0]
