"""`python -m tools.release`: one step of a release each, for the workflow and for the rehearsal.

check TAG            version and changelog fit; prints what the workflow needs, and writes the notes
pin DIGEST           every action.yml names the image by its digest
bill TEXT OUT        completes a bill of materials, and compares it with the lock of the image
packages FOLDER      compares wheel and source distribution with the checkout
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tools.release import changelog, materials, packages, pinning, version
from tools.release.refusal import Refused

ROOT: Final = Path(__file__).resolve().parents[2]


def check(root: Path, tag: str, notes: str) -> None:
    """Write the notes of a release, and print its version and tags as outputs of a step."""
    wanted = version.checked(tag, root)
    text = changelog.section((root / "CHANGELOG.md").read_text(encoding="utf-8"), wanted.text)
    Path(notes).write_text(text, encoding="utf-8", newline="\n")
    print(f"version={wanted.text}\ntag={wanted.tag}\nmoving-tag={wanted.moving_tag}")


def pin(root: Path, digest: str) -> None:
    """Write the image into action.yml, and into every other action that runs in the same container."""
    actions = [root / "action.yml", *sorted(root.glob("*/action.yml"))]
    texts = {path: path.read_text(encoding="utf-8") for path in actions}
    for path, text in texts.items():
        if path.parent == root or "  using: docker\n" in text:
            path.write_text(pinning.pinned(text, digest), encoding="utf-8", newline="\n")


def bill(root: Path, made: str, out: str) -> None:
    """Complete a bill of materials and write it, if it lists what the lock does."""
    stated = version.of_package(root)
    text = materials.completed(Path(made).read_text(encoding="utf-8"), version=stated)
    lock = (root / "locks" / "image.txt").read_text(encoding="utf-8")
    _refuse(materials.complaints(text, lock, version=stated))
    Path(out).write_text(text, encoding="utf-8", newline="\n")


def dist(root: Path, folder: str) -> None:
    """Look into the one wheel and the one source distribution of a folder."""
    stated = version.of_package(root)
    wheels, sdists = sorted(Path(folder).glob("*.whl")), sorted(Path(folder).glob("*.tar.gz"))
    if (len(wheels), len(sdists)) != (1, 1):
        raise Refused(f"{folder} holds {len(wheels)} wheels and {len(sdists)} source distributions")
    _refuse(packages.complaints_of_wheel(wheels[0], root, version=stated))
    _refuse(packages.complaints_of_sdist(sdists[0], root, version=stated))


def _refuse(complaints: Iterable[str]) -> None:
    found = list(complaints)
    if found:
        raise Refused("; ".join(found))


_COMMANDS: Final[dict[str, tuple[Callable[..., None], tuple[str, ...]]]] = {
    "check": (check, ("tag", "notes")),
    "pin": (pin, ("digest",)),
    "bill": (bill, ("made", "out")),
    "packages": (dist, ("folder",)),
}


def main(arguments: list[str] | None = None, *, root: Path = ROOT) -> int:
    """Run a step; return 1 and say why where the release is refused."""
    parser = argparse.ArgumentParser(
        prog="tools.release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, places) in _COMMANDS.items():
        own = commands.add_parser(name)
        for place in places:
            own.add_argument(place)
    options = vars(parser.parse_args(arguments))
    step, places = _COMMANDS[options["command"]]
    try:
        step(root, *(options[place] for place in places))
    except (Refused, OSError, ValueError) as error:
        print(f"no release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
