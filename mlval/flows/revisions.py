"""Two versions of a contract to compare: files, or what git has of one at a revision."""

from pathlib import Path

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.flows.contract_file import LIMIT, read_contract
from mlval.flows.git import git
from mlval.sources.spelling import has_wildcard


def version(name: str, contract: Path) -> Contract:
    """Return a contract by a file's name, or as it stands at a revision of git.

    Parameters
    ----------
    name : a file that is there, or a revision such as `main`
    contract : the file whose past is looked up

    Raises
    ------
    UsageError
        If there is no such file and no such revision, or the revision has no such contract.
    ContractError
        If it is not valid.
    """
    if Path(name).is_file():
        return read_contract(Path(name), name, default_name=contract.resolve().parent.name)
    text = _at(name, contract)
    if len(text) > LIMIT:
        message = f"{shown(contract)} at {shown(name)} is larger than 1 MiB, the limit for a contract"
        raise UsageError(message)
    return load(text, file=f"{shown(name)}:{contract.name}", default_name=contract.resolve().parent.name)


def _at(revision: str, contract: Path) -> bytes:
    """Return the bytes of a file at a revision; nothing that the repository configures is run for it."""
    folder = contract.resolve().parent
    remedy = "name a file, or a revision of git such as main; the contract is named by --contract"
    if has_wildcard(str(contract)) and not contract.is_file():
        message = f"{shown(str(contract))} is a pattern, and one contract is compared"
        raise UsageError(message, remedy="compare each by a call of its own: --contract FILE")
    if not folder.is_dir():
        message = f"there is no folder {shown(str(contract.parent))}"
        raise UsageError(message, remedy="name the contract as it lies here: --contract FILE")
    if revision.startswith("-") or not revision:
        message = f"{shown(revision)} is no file and no revision"
        raise UsageError(message, remedy=remedy)
    done = git(folder, "cat-file", "blob", f"{revision}:./{contract.name}")
    if done is None:
        message = f"git could not be asked for {shown(revision)}"
        raise UsageError(message, remedy=remedy)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        message = f"there is no contract {shown(contract.name)} at {shown(revision)}: {shown(said)}"
        raise UsageError(message, remedy=remedy)
    return done.stdout
