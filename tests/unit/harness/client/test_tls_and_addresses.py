"""Private authorities, IPv6 and names with several addresses: measured and other calls go the same way."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from harness.backends.openai_http import OpenAIHttp
from harness.client.control import Control, target
from harness.client.exchange import exchange
from harness.client.shown_address import parts_shown
from harness.outcomes import OK, Code
from harness.preflight.openai import openai
from harness.protocols import EngineFailed
from tests.support.dialect_server import DialectServer, healthy
from tests.support.stream_server import serving

OPENSSL = shutil.which("openssl")
_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private authority ``ca.pem`` and a server's ``srv.pem`` with its key."""
    if OPENSSL is None:
        pytest.skip("openssl is not here to make certificates")
    folder = tmp_path_factory.mktemp("tls")
    (folder / "ext").write_text(f"{_NAMES}\nbasicConstraints=CA:FALSE\n")
    authority = "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"
    for command in (
        f"req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Lab {authority}",
        "req -newkey rsa:2048 -nodes -keyout srv.key -out srv.csr -subj /CN=llm.lab",
        "x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out srv.pem -days 2 -extfile ext",
    ):
        subprocess.run([OPENSSL, *command.split()], cwd=folder, check=True, capture_output=True)
    return folder


def meet(certificates: Path, host: str, named: str) -> tuple[str, Code | None]:
    """The preflight's word on the certificate, and the outcome of a measured exchange."""

    async def main() -> tuple[str, Code | None]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "srv.pem", certificates / "srv.key")

        async with serving(DialectServer(healthy()), host=host, tls=context) as served:
            base = f"https://{named}:{served.port}/v1"
            found = await openai("", {"base_url": base})
            answer = await exchange(await target(base, "/chat/completions"), b"{}")
            available = await asyncio.to_thread(OpenAIHttp.capability_at, base)
            assert available.available
            return next(one.text for one in found.findings if one.topic == "tls"), answer.outcome.code

    return asyncio.run(main())


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "BINDERY_CA_FILE"])
@pytest.mark.parametrize(("host", "named"), [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"), ("::1", "[::1]")])
def test_a_private_authority_is_trusted_by_both_ways(
    certificates: Path, variable: str, host: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    monkeypatch.setenv(variable, str(certificates / "ca.pem"))

    assert meet(certificates, host, named) == ("the certificate is verified", None)


def test_an_unknown_authority_is_refused_unless_anybody_is_trusted(
    certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineFailed, match=r"(?i)certificate"):
        meet(certificates, "127.0.0.1", "127.0.0.1")
    monkeypatch.setenv("BINDERY_TLS_INSECURE", "1")
    assert meet(certificates, "127.0.0.1", "127.0.0.1") == ("the certificate is not verified, as asked", None)


def test_a_file_that_holds_no_certificates_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_CA_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(EngineFailed, match="BINDERY_CA_FILE") as caught:
        Control("https://127.0.0.1:1")
    assert caught.value.outcome.code is Code.SETTING_REJECTED


def test_a_name_leads_to_the_address_that_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """``localhost`` is ``::1`` first on many machines, and servers often listen on ``127.0.0.1`` alone."""

    async def main() -> str:
        server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def both(*_: object, **__: object) -> list[object]:
            return [
                (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
            ]

        loop = asyncio.get_running_loop()
        ask = loop.getaddrinfo
        async with server:
            loop.getaddrinfo = both  # type: ignore[method-assign, assignment]
            try:
                found = await target(f"http://localhost:{port}", "/x")
            finally:
                loop.getaddrinfo = ask  # type: ignore[method-assign]
            return found.host

    del monkeypatch
    assert asyncio.run(main()) == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:pw@box:1/v1?key=x", "http://box:1/v1"),
        ("https://box/a@b", "https://box/a@b"),
        ("me:pw@box", "box"),
    ],
)
def test_what_is_shown_of_an_address_has_no_credentials(url: str, shown: str) -> None:
    assert parts_shown(url) == shown


def test_a_query_of_the_base_stays_with_every_call() -> None:
    async def main() -> str:
        return (await target("http://127.0.0.1:9/openai?api-version=2024-10-21", "/chat/completions")).path

    assert asyncio.run(main()) == "/openai/chat/completions?api-version=2024-10-21"
    assert OK.usable
