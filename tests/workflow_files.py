"""The workflows and the metadata of the Action, read as data; what a use of the Action may say."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

import mlval

ROOT: Final = Path(__file__).resolve().parents[1]
OURS: Final = "mlval/mlval"
RELEASE: Final = f"v{mlval.__version__}"
IS_RELEASED: Final = f"## [{mlval.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def parsed(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """Read YAML with every scalar as text, so that `on` is a key and `true` a word."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def load(path: Path) -> dict[str, Any]:
    """Read a file that is a mapping."""
    loaded: dict[str, Any] = parsed(path.read_text(encoding="utf-8"))
    return loaded


ACTION: Final = load(ROOT / "action.yml")
GATE: Final = ROOT / ".github" / "workflows" / "gate.yml"
CALLED: Final = load(GATE)["on"]["workflow_call"]
PUBLISH: Final = GATE.with_name("publish.yml")
PUBLISHED: Final = load(PUBLISH)["on"]["workflow_call"]
PUBLISHER: Final = load(ROOT / "publish" / "action.yml")
WATCH: Final = GATE.with_name("watch.yml")
WATCHED: Final = load(WATCH)["on"]["workflow_call"]
WATCHER: Final = load(ROOT / "watch" / "action.yml")
INPUTS: Final = {
    OURS: ACTION["inputs"],
    f"{OURS}/composite": ACTION["inputs"],
    f"{OURS}/publish": PUBLISHER["inputs"],
    f"{OURS}/.github/workflows/publish.yml": PUBLISHED["inputs"],
    f"{OURS}/watch": WATCHER["inputs"],
    f"{OURS}/.github/workflows/watch.yml": WATCHED["inputs"],
}
"""What each thing of ours takes that a workflow may use; anything else is the gate as a workflow."""
TEMPLATES: Final = sorted((ROOT / "workflow-templates").glob("*.yml"))
FOR_USERS: Final = [GATE, PUBLISH, WATCH, *TEMPLATES]


def calls(node: object) -> Iterator[dict[str, Any]]:
    """Yield every mapping with a `uses:` below a node: steps and jobs."""
    if isinstance(node, dict):
        if "uses" in node:
            yield node
        for value in node.values():
            yield from calls(value)
    elif isinstance(node, list):
        for value in node:
            yield from calls(value)


def complaints(node: object, *, also: str = RELEASE) -> Iterator[str]:
    """Yield what is wrong with each use of ours: an input that is not there, another release (or `also`)."""
    for call in calls(node):
        target, _, release = call["uses"].partition("@")
        if not target.startswith(OURS):
            continue
        known = INPUTS.get(target, CALLED["inputs"])
        unknown = (name for name in call.get("with", {}) if name not in known)
        yield from (f"{call['uses']}: no input {name!r}" for name in unknown)
        if release not in {RELEASE, also}:
            yield f"{call['uses']}: this is release {RELEASE}"


def checked(*command: str) -> str:
    """Run a checker that lives beside the interpreter; return what it says if it is not content."""
    program = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
