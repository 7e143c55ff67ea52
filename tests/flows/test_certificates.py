"""Authorities of one's own: added to the public ones, and only where they are what they should be."""

import ssl
from pathlib import Path

import pytest

from mlval.domain.errors import MlvalError, SourceRefused, SourceUnavailable, UsageError
from mlval.flows.certificates import LIMIT, VARIABLES, trusted
from mlval.github.client import public_authorities

PEM = (Path(__file__).parents[1] / "github" / "tls" / "authority.pem").read_text("utf-8")


def given(root: Path, text: str) -> tuple[dict[str, str], str]:
    environ = {"SSL_CERT_FILE": "before"}
    with trusted(environ, text, root=root, public=public_authorities()):
        inside = dict(environ)
        bundle = Path(environ["SSL_CERT_FILE"]).read_text("utf-8") if text else ""
    assert environ == {"SSL_CERT_FILE": "before"}
    return inside, bundle


def subjects(pem: str) -> set[str]:
    return {str(one["subject"]) for one in ssl.create_default_context(cadata=pem).get_ca_certs()}


def test_nothing_given_changes_nothing(tmp_path: Path) -> None:
    assert given(tmp_path, "") == ({"SSL_CERT_FILE": "before"}, "")


def test_the_public_ones_are_trusted_as_well(tmp_path: Path) -> None:
    environ, bundle = given(tmp_path, PEM)
    assert set(environ) == set(VARIABLES)
    assert subjects(bundle) > subjects(PEM)
    assert subjects(bundle) >= subjects(public_authorities().read_text("utf-8"))


def test_the_bundle_is_gone_afterwards(tmp_path: Path) -> None:
    environ, _ = given(tmp_path, PEM)
    assert not Path(environ["SSL_CERT_FILE"]).exists()


def test_a_file_may_lie_in_the_workspace_or_elsewhere(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    for path in (root / "ca.pem", tmp_path / "ca.pem"):
        path.write_text(PEM, encoding="utf-8")
    assert given(root, "ca.pem")[1] == given(root, str(tmp_path / "ca.pem"))[1] == given(root, PEM)[1]


@pytest.mark.parametrize(
    "text, error, said",
    [
        ("plain.txt", UsageError, "holds no certificates"),
        ("key.pem", UsageError, "holds a private key"),
        ("large.pem", UsageError, "larger than 4 MiB"),
        ("absent.pem", SourceUnavailable, "does not exist"),
        ("link.pem", SourceRefused, "leads out of the workspace"),
        ("/proc/self/environ", SourceRefused, "leads to the system"),
        (
            "-----BEGIN CERTIFICATE-----\nsecret\n-----END CERTIFICATE-----",
            UsageError,
            "holds no certificates",
        ),
    ],
)
def test_anything_else_is_refused_and_not_repeated(
    tmp_path: Path, text: str, error: type[MlvalError], said: str
) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "plain.txt").write_text("secret", encoding="utf-8")
    (root / "key.pem").write_text(f"{PEM}-----BEGIN PRIVATE KEY-----\nsecret\n", encoding="utf-8")
    (root / "large.pem").write_bytes(b"-" * (LIMIT + 1))
    (tmp_path / "outside.pem").write_text(PEM, encoding="utf-8")
    (root / "link.pem").symlink_to(tmp_path / "outside.pem")
    with pytest.raises(error, match=said) as refused:
        given(root, text)
    assert "secret" not in f"{refused.value}{refused.value.remedy}"
