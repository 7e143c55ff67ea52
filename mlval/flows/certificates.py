"""Authorities of one's own: certificates that a trusted input names, trusted besides the public ones."""

import ssl
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, resolve
from mlval.sources.handle import opened

VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Where the libraries that talk to GitHub, MLflow, buckets, databases and package indexes look."""

LIMIT: Final = 4 << 20
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_REMEDY: Final = "give certificates in PEM, as text or as the path of a file: input `ca-bundle`"


@contextmanager
def trusted(environ: MutableMapping[str, str], given: str, *, root: Path, public: Path) -> Iterator[None]:
    """Let every connection trust certificates besides the public ones, by the environment.

    Parameters
    ----------
    environ : has the variables until the block ends
    given : certificates in PEM, or the path of a file that holds them; nothing changes nothing
    root : the workspace, which a relative path begins at
    public : the file of public authorities

    Raises
    ------
    UsageError
        If it is neither certificates nor a file of them.
    SourceRefused, SourceUnavailable
        If there is no such file, or a link of the workspace leads out of it.
    """
    if not given:
        yield
        return
    own = given if _BEGIN in given else _read(given, root)
    _check(own)
    with tempfile.TemporaryDirectory(prefix="mlval-ca-") as folder:
        bundle = Path(folder) / "bundle.pem"
        bundle.write_text(f"{public.read_text('utf-8')}\n{own}\n", encoding="utf-8", newline="\n")
        before = {name: environ[name] for name in VARIABLES if name in environ}
        environ.update(dict.fromkeys(VARIABLES, str(bundle)))
        try:
            yield
        finally:
            for name in VARIABLES:
                del environ[name]
            environ.update(before)


def _read(path: str, root: Path) -> str:
    found = resolve(Boundary(root), path, base=root, trusted=True)
    with opened(found[0]) as handle:
        text = handle.read(LIMIT + 1)
    if len(text) > LIMIT:
        raise UsageError(f"{shown(path)} is larger than {LIMIT >> 20} MiB", remedy=_REMEDY)
    return text.decode("ascii", "replace")


def _check(text: str) -> None:
    if "PRIVATE KEY" in text:
        raise UsageError("the input `ca-bundle` holds a private key", remedy="give certificates alone")
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        # The text of the error may quote what was read.
        raise UsageError("the input `ca-bundle` holds no certificates", remedy=_REMEDY) from error
