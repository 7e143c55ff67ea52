"""Builds the image of the Action and measures it: `build`, and `sizes` against what was recorded."""

import argparse
import json
import os
import re
import subprocess
import sys
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
RECORD: Final = ROOT / "tests" / "docker" / "sizes.json"
TAG: Final = "mlval:local"
FROM_THE_SITE: Final = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")
"""Variables that the builder takes from whoever builds, where they are set."""

GROWTH: Final = 1.05
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """Megabytes (10⁶ bytes): unpacked on disk, and compressed as a registry keeps it (gzip, level 6)."""

    disk: float
    compressed: float

    def __str__(self) -> str:
        """Return both in words."""
        return f"{self.disk:.1f} MB on disk, {self.compressed:.1f} MB compressed"


LIMIT: Final = Sizes(disk=550, compressed=180)


def build(tag: str, *, context: Path) -> None:
    """Build the image from a checkout; the engine is the one that `DOCKER_HOST` names.

    Raises
    ------
    subprocess.CalledProcessError
        If git or the engine fails.
    """
    version = re.search(
        r'^__version__ = "(.+)"$', (context / "mlval" / "__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if version is None:
        raise ValueError("mlval/__init__.py states no version")
    git = ["git", "-C", str(context), "rev-parse", "HEAD"]
    revision = subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()
    arguments = [
        f"VERSION={version[1]}",
        f"REVISION={revision}",
        *(one for one in FROM_THE_SITE if one in os.environ),
    ]
    options = [part for argument in arguments for part in ("--build-arg", argument)]
    command = ["docker", "build", "--network=host", "--tag", tag, *options, str(context)]
    subprocess.run(command, check=True)


def measure(tag: str) -> Sizes:
    """Return the sizes of an image.

    Raises
    ------
    subprocess.CalledProcessError
        If the engine fails.
    """
    inspect = ["docker", "image", "inspect", "--format", "{{.Size}}", tag]
    disk = int(subprocess.run(inspect, check=True, capture_output=True, text=True).stdout)
    packer = zlib.compressobj(6, wbits=31)
    packed = 0
    save = ["docker", "save", tag]
    with subprocess.Popen(save, stdout=subprocess.PIPE) as saving:
        while chunk := saving.stdout.read(_CHUNK) if saving.stdout else b"":
            packed += len(packer.compress(chunk))
    if saving.returncode != 0:
        raise subprocess.CalledProcessError(saving.returncode, save)
    return Sizes(round(disk / 1e6, 1), round((packed + len(packer.flush())) / 1e6, 1))


def recorded() -> Sizes:
    """Return the sizes that were recorded when somebody last looked."""
    return Sizes(**json.loads(RECORD.read_text(encoding="utf-8")))


def complaints(now: Sizes, before: Sizes) -> list[str]:
    """Say where an image is above a limit, or has grown by more than a twentieth."""
    found = []
    for what in ("disk", "compressed"):
        size, limit, known = (getattr(sizes, what) for sizes in (now, LIMIT, before))
        if size > limit:
            found.append(f"{what}: {size} MB; the limit is {limit} MB")
        if size > known * GROWTH:
            found.append(
                f"{what}: {size} MB, recorded were {known} MB; if it must be: tools/image.py sizes --record"
            )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Build or measure; return 1 if the image is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "sizes"):
        commands.add_parser(name).add_argument("--tag", default=TAG)
    commands.choices["sizes"].add_argument(
        "--record", action="store_true", help="take these sizes as the new ones"
    )
    options = parser.parse_args(arguments)
    if options.command == "build":
        build(options.tag, context=ROOT)
        return 0
    now = measure(options.tag)
    print(now)
    if options.record:
        RECORD.write_text(json.dumps(asdict(now), indent=2) + "\n", encoding="utf-8", newline="\n")
    found = complaints(now, recorded())
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
