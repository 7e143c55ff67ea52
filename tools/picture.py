"""Takes the picture of a pull request's comment: the first part of the report, through Chromium."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = "docs/assets/comment.png"
DIGEST: Final = "docs/assets/comment.sha256"
"""Of the Markdown that the picture shows, so that an outdated picture is found."""

_REPORT: Final = re.compile(r"<!-- generated: report -->\n(.*?\n> </details>\n)", re.DOTALL)
_PAGE: Final = """\
<!doctype html><meta charset="utf-8"><style>
body { background: #fff; font: 14px/1.5 sans-serif; margin: 16px; color: #1f2328; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; width: 860px; }
.author { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; padding: 8px 16px; }
.author b { color: #1f2328; }
.body { padding: 4px 16px 12px; }
h2 { border-bottom: 1px solid #d1d9e0; font-size: 21px; padding-bottom: 5px; margin: 12px 0; }
h3 { font-size: 17.5px; margin: 16px 0 10px; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d1d9e0; padding: 5px 11px; text-align: left; }
code { background: #818b981f; border-radius: 6px; font: 85% monospace; padding: 2px 5px; }
code { white-space: nowrap; }
pre { background: #f6f8fa; border-radius: 6px; font: 12px/1.45 monospace; padding: 12px; }
summary { margin: 12px 0; }
</style><div class="comment"><div class="author"><b>github-actions</b> bot commented</div><div class="body">
"""
_SIZE: Final = (894, 765)


def shown(report: str) -> str:
    """Return what the picture shows of the page on the report: Markdown up to the end of the first fold."""
    found = _REPORT.search(report)
    if found is None:
        raise ValueError("the page on the report has no report; run `make generate`")
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in found[1].splitlines()).strip()


def digest(markdown: str) -> str:
    """Return the sha256 of a text."""
    return hashlib.sha256(markdown.encode()).hexdigest()


def main(root: Path = ROOT) -> int:
    """Write the picture and the digest of what it shows."""
    import markdown  # of the site's generator; not in the environment of the tests

    text = shown((root / "docs" / "report.md").read_text(encoding="utf-8"))
    folded = re.sub(r"<details( open)?>", r'<details markdown="1"\1>', text)
    body = markdown.markdown(folded, extensions=["tables", "md_in_html"])
    chromium = shutil.which("chromium")
    if chromium is None:
        print("there is no program named chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f"{_PAGE}{body}</div></div>", encoding="utf-8")
        options = ("--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1.5")
        size = f"--window-size={_SIZE[0]},{_SIZE[1]}"
        target = f"--screenshot={root / PICTURE}"
        subprocess.run([chromium, *options, size, target, page.as_uri()], check=True, capture_output=True)
    (root / DIGEST).write_text(f"{digest(text)}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
