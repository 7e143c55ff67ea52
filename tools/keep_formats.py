"""Keeps what this version writes, for later versions to read: tests/compat/VERSION, written once.

Run it for a release that changes `result.json` or the profile; files that are there are never written again.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import mlval

ROOT: Final = Path(__file__).resolve().parents[1]
KEPT: Final = ROOT / "tests" / "compat"
NOW: Final = "2026-01-31T12:00:00+00:00"


def keep(folder: Path) -> None:
    """Write a profile and the results of the examples into a new folder, with a digest of each.

    Raises
    ------
    FileExistsError
        If the folder is there: its files stand for a version, and that is over.
    """
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="mlval-formats-") as temporary:
        work = Path(temporary)
        shutil.copytree(ROOT / "examples", work / "examples", ignore=shutil.ignore_patterns("data"))
        run(sys.executable, "make_data.py", cwd=work / "examples")
        gate = (sys.executable, "-m", "mlval")
        for name, code in (("passing", 0), ("blocked", 1)):
            options = ("--quiet", "--now", NOW, "--output", str(work / name))
            run(*gate, "run", f"examples/{name}/mlval.yml", *options, cwd=work, code=code)
            shutil.copy(work / name / "result.json", folder / f"{name}.result.json")
        contract = ("--contract", "examples/passing/mlval.yml", "--quiet")
        run(*gate, "profile", "reference", *contract, "-o", str(folder / "profile.json"), cwd=work)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")


def run(*command: str, cwd: Path, code: int = 0) -> None:
    """Run a program that ends with a code."""
    ended = subprocess.run(command, cwd=cwd, check=False).returncode
    if ended != code:
        raise subprocess.CalledProcessError(ended, command)


if __name__ == "__main__":
    keep(KEPT / mlval.__version__)
