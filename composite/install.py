"""Makes the environment of the composite action: the packages of the image, by its lock, on the runner.

The package is built from the folder of the action, so that code and action are of one commit. A second step
of the same job finds the environment made.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE = "made-by-mlval"
"""The file that the environment has once it is whole."""


def main() -> None:
    """Make the environment in the runner's folder for temporary files, and put out where its Python is."""
    folder = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / "mlval-environment"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if read(folder / MADE) != str(ROOT):
        install(folder, python)
        (folder / MADE).write_text(str(ROOT), encoding="utf-8")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8", newline="\n") as outputs:
        outputs.write(f"python={python}\n")


def install(folder: Path, python: Path) -> None:
    """Install every locked package by its hash, as wheels only, then the package itself and nothing else."""
    print("installing mlval", flush=True)
    run(sys.executable, "-I", "-m", "venv", "--clear", folder)
    hashed = ("--require-hashes", "--only-binary", ":all:", "--requirement")
    pip = (python, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    run(*pip, *hashed, ROOT / "locks" / "tools.txt")
    uv = (python.with_name(f"uv{python.suffix}"), "--quiet", "--no-config")
    into = ("pip", "install", "--no-deps", "--python", python)
    run(*uv, *into, *hashed, ROOT / "locks" / "image.txt")
    # MLflow's client looks for a package inside of this one (locks/image-excludes.txt).
    library = (python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    (Path(run(*library)) / "databricks").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mlval-wheel-") as wheels:
        locked = ("--require-hashes", "--build-constraints", ROOT / "locks" / "dev.txt")
        run(*uv, "build", "--wheel", "--python", python, *locked, "--out-dir", wheels, ROOT)
        run(*uv, *into, *Path(wheels).glob("*.whl"))


def run(*command: object) -> str:
    """Run a program away from the workspace, whose settings it would read; return what it prints."""
    started = [str(part) for part in command]
    # uv does not read pip's settings: what the runner gave to pip holds for both.
    of_pip = {"UV_DEFAULT_INDEX": "PIP_INDEX_URL", "SSL_CERT_FILE": "PIP_CERT"}
    given = {name: os.environ.get(name) or os.environ.get(other, "") for name, other in of_pip.items()}
    environ = {**os.environ, **{name: value for name, value in given.items() if value}}
    done = subprocess.run(started, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(
            f"mlval could not be installed: {Path(started[0]).name} ended with {done.returncode}"
        )
    return done.stdout.strip()


def read(path: Path) -> str:
    """Return the text of a file, nothing where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    main()
