"""A release without publishing: on a clone, every step that can be taken on one machine.

`make release-dry-run` runs it. The digest is one that no registry knows; all else is what a release would be.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tools.release import __main__ as steps
from tools.release import changelog, version

ROOT: Final = Path(__file__).resolve().parents[2]
NEEDS: Final = ("uv", "cyclonedx-py")
_WHO: Final = ("-c", "user.name=mlval release", "-c", "user.email=release@example.org")


def rehearse(folder: Path, programs: dict[str, Path], *, day: str, dirty: bool) -> None:
    """Take every step in a folder, and print what it gave.

    Raises
    ------
    subprocess.CalledProcessError, Refused
        Where a step fails.
    """
    clone = folder / "clone"
    run("git", "clone", "--quiet", "--no-hardlinks", ROOT, clone)
    if dirty:
        overlay(clone)
    wanted = version.of_tag(f"v{version.of_package(clone)}")
    prepare(clone, wanted.text, day=day)
    candidate = f"candidate/{wanted.tag}"
    commit(clone, f"Prepare {wanted.text}", tag=candidate)
    step("check", clone, candidate, str(folder / "notes.md"))
    told(f"changelog of {wanted.text}", (folder / "notes.md").read_text(encoding="utf-8"))
    dist = folder / "dist"
    locked = ("--require-hashes", "--build-constraints", clone / "locks" / "dev.txt")
    run(programs["uv"], "--quiet", "--no-config", "build", *locked, "--out-dir", dist, clone)
    (dist / ".gitignore").unlink(missing_ok=True)
    step("packages", clone, str(dist))
    told("packages", "\n".join(f"{path.name}  {digest_of(path)}" for path in sorted(dist.iterdir())))
    made, bill = folder / "made.json", folder / f"mlval-{wanted.text}.cdx.json"
    asked = ("--pyproject", clone / "pyproject.toml", "--output-reproducible", "--of", "JSON", "-o", made)
    run(programs["cyclonedx-py"], "requirements", clone / "locks" / "image.txt", *asked)
    step("bill", clone, str(made), str(bill))
    told("bill of materials", f"{bill.name}  {digest_of(bill)}")
    step("pin", clone, digest_of(bill))
    commit(clone, f"Release {wanted.text}", tag=wanted.tag)
    told("action.yml", run("git", "-C", clone, "diff", f"{candidate}..{wanted.tag}"))
    told("a new user", install_and_run(folder / "user", next(dist.glob("*.whl")), clone / "examples"))


def overlay(clone: Path) -> None:
    """Put what is not committed yet over a clone."""
    listed = run("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, clone / name)


def prepare(clone: Path, wanted: str, *, day: str) -> None:
    """Do what a maintainer does before the tag: give the changes a version and a day."""
    path = clone / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8")
    if f"## [{wanted}]" not in text:
        path.write_text(changelog.released(text, wanted, day=day), encoding="utf-8", newline="\n")


def commit(clone: Path, message: str, *, tag: str) -> None:
    """Commit everything and tag it; a checkout of the candidate has its tag already."""
    run("git", "-C", clone, "add", "--all")
    run("git", "-C", clone, *_WHO, "commit", "--quiet", "--allow-empty", "--message", message)
    run("git", "-C", clone, "tag", "--force", tag)


def install_and_run(folder: Path, wheel: Path, examples: Path) -> str:
    """Install a wheel into an empty environment, away from any checkout, and judge the examples there."""
    run(sys.executable, "-I", "-m", "venv", folder / "venv")
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(scripts / "python", "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", wheel)
    shutil.copytree(examples, folder / "work" / "examples", ignore=shutil.ignore_patterns("data"))
    run(scripts / "python", "make_data.py", cwd=folder / "work" / "examples")
    gate = scripts / "mlval"
    said = [run(gate, "--version")]
    for name, code in (("passing", 0), ("blocked", 1)):
        said.append(run(gate, "run", f"examples/{name}/mlval.yml", cwd=folder / "work", code=code))
    schema = run(gate, "schema", cwd=folder / "work")
    return "\n".join([*said, f"schema of {len(schema)} characters"])


def step(name: str, clone: Path, *arguments: str) -> None:
    """Take a step as the workflow does."""
    if steps.main([name, *arguments], root=clone) != 0:
        raise SystemExit(f"the step {name} was refused")


def run(*command: object, cwd: Path | None = None, code: int = 0) -> str:
    """Run a program that ends with a code; return what it prints."""
    started = [str(part) for part in command]
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "GIT_"))}
    # uv does not read pip's settings: index and certificates that pip was given hold for both.
    for name, of_pip in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if of_pip in environ:
            environ.setdefault(name, environ[of_pip])
    done = subprocess.run(
        started, cwd=cwd, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )
    if done.returncode != code:
        print(done.stdout, file=sys.stderr)
        raise subprocess.CalledProcessError(done.returncode, started)
    return done.stdout


def digest_of(path: Path) -> str:
    """Return the digest of a file, as registries write it."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def told(title: str, text: str) -> None:
    """Print a part of what the rehearsal gave."""
    print(f"\n== {title}\n\n{text.strip()}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Rehearse in a folder that is removed afterwards, or in one that is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, type=Path, help="where cyclonedx-py and uv are")
    parser.add_argument("--keep", type=Path, help="a new folder, which is kept")
    parser.add_argument("--dirty", action="store_true", help="with what is not committed")
    options = parser.parse_args(arguments)
    programs = {name: options.programs / name for name in NEEDS}
    day = datetime.now(UTC).date().isoformat()
    with tempfile.TemporaryDirectory(prefix="mlval-release-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rehearse(folder, programs, day=day, dirty=options.dirty)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
