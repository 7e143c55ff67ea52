"""The Action against a GitHub behind an authority of its own, and behind a proxy: real TLS, real sockets."""

import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from mlval.action import door
from mlval.flows.certificates import VARIABLES
from mlval.github.errors import Unavailable
from mlval.github.inputs import variable
from tests.github import world
from tests.github.forge import REPOSITORY
from tests.github.proxy import Proxy, proxying
from tests.github.stand_in import StandIn, serving
from tests.test_action import CONTRACT

TLS: Final = Path(__file__).with_name("tls")
AUTHORITY: Final = TLS / "authority.pem"
PROXIES: Final = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
)


@pytest.fixture
def github() -> Iterator[StandIn]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    with serving(StandIn(forge=world.forge(), tls=context)) as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "sales.csv").write_text("id,amount,plan\n1,5,free\n", encoding="utf-8")
    own = {"id": 1, "fork": False}
    ends = {"head": {"sha": world.HEAD, "repo": own}, "base": {"sha": world.OLDER, "repo": own}}
    event = {"number": world.PULL, "pull_request": {"number": world.PULL, **ends}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    return folder


Step = Callable[..., tuple[int, str]]


@pytest.fixture
def step(
    workspace: Path,
    github: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Step:
    """Return the door of the container, as a runner of a GitHub Enterprise Server opens it."""

    def run(environ: dict[str, str], /, **inputs: str) -> tuple[int, str]:
        given = {"token": world.JOB, "status": "false", "guard": "false"}
        given |= {name.replace("_", "-"): text for name, text in inputs.items()}
        runner = {
            "GITHUB_API_URL": f"{github.url}/api/v3",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(workspace.with_name("event.json")),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "20",
            "GITHUB_SERVER_URL": github.url,
            "GITHUB_WORKSPACE": str(workspace),
        }
        for name in (*PROXIES, *VARIABLES):
            monkeypatch.delenv(name, raising=False)
        for name, text in (runner | environ | {variable(name): given[name] for name in given}).items():
            monkeypatch.setenv(name, text)
        return door.from_runner(), capsys.readouterr().out

    return run


def bodies(github: StandIn) -> list[str]:
    return [str(one["body"]) for one in github.forge.on(world.PULL)]


def test_an_authority_that_nobody_named_is_not_trusted(step: Step, github: StandIn) -> None:
    code, log = step({})
    assert code == 0
    assert "::warning title=mlval::" in log
    assert "TLS certificate could not be verified" in log
    assert "`ca-bundle`" in log
    assert (bodies(github), github.asked) == ([], [])


@pytest.mark.parametrize("by", ["text", "path", "outside"])
def test_an_authority_of_the_input_is_trusted(workspace: Path, step: Step, github: StandIn, by: str) -> None:
    (workspace / "ca.pem").write_bytes(AUTHORITY.read_bytes())
    given = {"text": AUTHORITY.read_text("utf-8"), "path": "ca.pem", "outside": str(AUTHORITY)}[by]
    code, log = step({}, ca_bundle=given)
    assert code == 0
    assert "::warning" not in log
    assert len(bodies(github)) == 1


def test_an_authority_of_the_environment_is_trusted(step: Step, github: StandIn) -> None:
    code, log = step({"REQUESTS_CA_BUNDLE": str(AUTHORITY)})
    assert (code, "::warning" in log, len(bodies(github))) == (0, False, 1)


def test_what_is_no_certificate_is_refused_before_anything_is_judged(workspace: Path, step: Step) -> None:
    code, log = step({}, ca_bundle="sales.csv")
    assert code == 2
    assert "the input `ca-bundle` holds no certificates" in log
    assert not (workspace / "mlval-report").exists()


def test_a_proxy_of_the_environment_is_used(step: Step, github: StandIn) -> None:
    with proxying(Proxy()) as proxy:
        code, log = step({"HTTPS_PROXY": proxy.url}, ca_bundle=str(AUTHORITY))
    assert (code, "::warning" in log, len(bodies(github))) == (0, False, 1)
    assert set(proxy.asked) == {f"127.0.0.1:{github.port}"}


def test_no_proxy_is_heeded(step: Step, github: StandIn) -> None:
    with proxying(Proxy()) as proxy:
        environ = {"HTTPS_PROXY": proxy.url, "NO_PROXY": "127.0.0.1"}
        step(environ, ca_bundle=str(AUTHORITY))
    assert (proxy.asked, len(bodies(github))) == ([], 1)


def test_a_proxy_that_refuses_is_named(github: StandIn) -> None:
    timeline = world.Timeline()
    with proxying(Proxy(refuses=True)) as proxy, world.connected(github, timeline=timeline) as client:
        client._session.proxies = {"https": proxy.url}
        with pytest.raises(Unavailable, match="the proxy did not let the request through"):
            client.head_sha(world.PULL)
    assert len(proxy.asked) > 1
    assert github.asked == []
