"""The Python environments that models run in: the gate's own, or one that uv builds from requirements.

Built outside the cage, so nothing of what is installed may run here: wheels only, no configuration, no code
of a package at resolving or installing, and the environment's interpreter is started in the cage alone (a
`.pth` file of a wheel runs with it). The lock has hashes; its digest names the environment.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mlval.domain.errors import SourceUnavailable, Unmeasurable
from mlval.domain.text import shown
from mlval.scoring.cage.uids import unreachable
from mlval.scoring.requirements import parse

_PASSED: Final = (
    "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_HTTP_TIMEOUT",
    "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "http_proxy", "https_proxy", "all_proxy", "no_proxy",
)  # fmt: skip
_FROM_PIP: Final = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]+@")
_LINES: Final = 4
_NETWORK: Final = re.compile(r"(?i)failed to fetch|error sending request|connection|timed? ?out|dns")


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter and what it reads.

    Attributes
    ----------
    python : absolute path of the interpreter
    readable : folders and files that the cage must let it read
    digest : sha256 of the lock and the interpreter's version; None for the gate's own
    lock : the text of the lock, "" for the gate's own
    """

    python: Path
    readable: tuple[Path, ...]
    digest: str | None = None
    lock: str = ""


@dataclass(frozen=True, slots=True)
class Builder:
    """How environments are built.

    Attributes
    ----------
    uv : path of the program
    cache : the folder that keeps environments between runs; nobody but the gate writes there
    variables : the runner's environment, of which indexes, proxies and certificates are used
    python_downloads : whether an interpreter that is not there may be downloaded: a trusted choice
    seconds : how long resolving, and how long installing may take
    """

    uv: Path
    cache: Path
    variables: Mapping[str, str]
    python_downloads: bool = False
    seconds: float = 600.0


def own() -> Environment:
    """Return the environment that the gate itself runs in."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_exec_prefix)}
    python = Path(sys.executable)
    folders = {folder for folder in prefixes if folder not in {Path("/"), Path("/usr"), Path("/usr/local")}}
    library = Path(os.__file__).parent
    return Environment(python, tuple(sorted({*folders, library, python, python.resolve()})))


def build(requirements: Sequence[str], builder: Builder, *, python: str | None = None) -> Environment:
    """Return an environment with these requirements, built or found in the cache.

    `python` is a version such as `3.12` or `3.12.4`, of which the first two numbers count; None is that of
    the gate's own interpreter.

    Raises
    ------
    Unmeasurable
        If a line is refused, there are no versions that fit each other, one has no wheel, or the version of
        Python is not here.
    SourceUnavailable
        If the package index cannot be reached.
    """
    wanted = parse(requirements)
    if not wanted:
        raise Unmeasurable("the model names no requirements, so no environment can be built for it")
    builder.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=builder.cache) as scratch:
        work = Path(scratch)
        interpreter = _interpreter(builder, work, _minor(python))
        lock = _lock(builder, work, wanted=wanted, interpreter=interpreter)
        digest = hashlib.sha256(f"{interpreter.version}\n{lock}".encode()).hexdigest()
        home = builder.cache / digest
        if not home.is_dir():
            made = work / "made"
            made.mkdir()
            # The user of the cage, who is somebody else, reads it.
            made.chmod(0o755)
            _install(builder, work, made=made, lock=lock, interpreter=interpreter)
            _keep(made, home)
    readable = (home / "venv", *interpreter.readable)
    return Environment(home / "venv" / "bin" / "python", readable, digest, lock)


@dataclass(frozen=True, slots=True)
class _Interpreter:
    path: Path
    version: str
    readable: tuple[Path, ...]


def _minor(python: str | None) -> str:
    if python is None:
        return ".".join(str(part) for part in sys.version_info[:2])
    found = re.match(r"3\.[1-9]\d(?=$|[.a-z])", python.strip())
    if found is None:
        message = f"the model wants the Python version {shown(python, 40)!r}; models run on 3.10 and newer"
        raise Unmeasurable(message)
    return found[0]


def _interpreter(builder: Builder, work: Path, minor: str) -> _Interpreter:
    """Return the interpreter of a version: our own where it fits, else the one that uv finds or fetches."""
    path = _own_interpreter(minor)
    if path is None:
        if builder.python_downloads:
            _run(builder, work, ["python", "install", minor])
        try:
            path = Path(_run(builder, work, ["python", "find", "--no-project", "--system", minor]).strip())
        except Unmeasurable as error:
            message = f"the model wants Python {minor}, which is not on this machine where others may read it"
            remedy = "allow Python downloads in the workflow, or run the gate where it is installed"
            raise Unmeasurable(message, remedy=remedy) from error
    # Asked before anything of the model is there: its packages could answer with folders of ours.
    question = (
        "import json, os, platform, sys; print(json.dumps([platform.python_version(), sys.platform,"
        " platform.machine(), sys.base_prefix, os.path.dirname(os.__file__)]))"
    )
    asked = subprocess.run(  # noqa: S603 - an interpreter of this machine
        [path, "-I", "-S", "-c", question], capture_output=True, text=True, check=True, timeout=60, env={}
    )
    version, system, machine, prefix, library = json.loads(asked.stdout)
    folders = {Path(prefix), Path(library), path.resolve()} - {Path("/"), Path("/usr"), Path("/usr/local")}
    return _Interpreter(path, f"{version} {system} {machine}", tuple(sorted(folders)))


def _own_interpreter(minor: str) -> Path | None:
    """Return the gate's own interpreter, where it is of this version and the user of a cage can read it."""
    path = Path(sys.base_prefix) / "bin" / f"python{minor}"
    path = path if path.exists() else Path(sys.executable).resolve()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return None if minor != _minor(None) or (is_root and unreachable(path.resolve())) else path


def _lock(builder: Builder, work: Path, *, wanted: Sequence[str], interpreter: _Interpreter) -> str:
    asked, locked = work / "requirements.in", work / "requirements.txt"
    asked.write_text("".join(f"{line}\n" for line in wanted), encoding="utf-8")
    _run(
        builder,
        work,
        [
            *("pip", "compile", str(asked), "--output-file", str(locked), "--python", str(interpreter.path)),
            *("--generate-hashes", "--only-binary", ":all:", "--no-header", "--no-annotate"),
            *("--no-emit-index-url", "--no-emit-find-links"),
        ],
    )
    return locked.read_text(encoding="utf-8")


def _keep(made: Path, home: Path) -> None:
    try:
        made.rename(home)
    except OSError as error:
        # Whoever else made it meanwhile made the same.
        if not home.is_dir():
            message = "the model's environment cannot be kept in its folder"
            raise SourceUnavailable(message, remedy="check the folder of environments") from error


def _install(builder: Builder, work: Path, *, made: Path, lock: str, interpreter: _Interpreter) -> None:
    locked, venv = made / "requirements.txt", made / "venv"
    locked.write_text(lock, encoding="utf-8")
    _run(
        builder, work, ["venv", "--relocatable", "--no-project", "--python", str(interpreter.path), str(venv)]
    )
    # uv asks the environment's interpreter before it installs, when it is still empty; never after.
    _run(
        builder,
        work,
        [
            *("pip", "sync", str(locked), "--python", str(venv / "bin" / "python")),
            *("--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"),
        ],
    )


def _run(builder: Builder, work: Path, arguments: Sequence[str]) -> str:
    command = [str(builder.uv), *arguments, "--no-config", "--no-progress", "--color", "never"]
    # `python install` is only asked where downloads are allowed.
    if arguments[:2] != ["python", "install"]:
        command.append("--no-python-downloads")
    try:
        ran = subprocess.run(  # noqa: S603 - uv, with arguments of ours
            command,
            cwd=work,
            env=_variables(builder, work),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=builder.seconds,
            umask=0o022,
        )
    except subprocess.TimeoutExpired as error:
        message = f"building the model's environment took longer than {builder.seconds:g} seconds"
        raise SourceUnavailable(message) from error
    except OSError as error:
        message = "the program uv, which builds the environments of models, cannot be started"
        raise SourceUnavailable(message, remedy="install uv beside the gate") from error
    if ran.returncode == 0:
        return ran.stdout
    raise _failed(ran.stderr)


def _failed(stderr: str) -> Unmeasurable | SourceUnavailable:
    lines = [line.strip() for line in _CREDENTIALS.sub("***@", stderr).splitlines() if line.strip()]
    said = " | ".join(shown(line) for line in lines[:_LINES])
    if _NETWORK.search(stderr):
        return SourceUnavailable(f"the package index cannot be reached for the model's environment: {said}")
    return Unmeasurable(
        f"the model's environment cannot be built: {said}",
        remedy="every requirement needs a wheel for this Python, on the index that the runner names",
    )


def _variables(builder: Builder, work: Path) -> dict[str, str]:
    """Return the whole environment of uv: nothing of the runner's but where packages come from."""
    given = {name: value for name, value in builder.variables.items() if name in _PASSED and value}
    if "UV_DEFAULT_INDEX" not in given and "UV_INDEX_URL" in given:
        given["UV_DEFAULT_INDEX"] = given.pop("UV_INDEX_URL")
    for theirs, name in _FROM_PIP.items():
        if builder.variables.get(theirs):
            given.setdefault(name, builder.variables[theirs])
    return {
        **given,
        "HOME": str(work),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "UV_CACHE_DIR": str(builder.cache / "wheels"),
        "UV_PYTHON_INSTALL_DIR": str(builder.cache / "pythons"),
        "UV_NO_CONFIG": "1",
        "LANG": "C.UTF-8",
    }
