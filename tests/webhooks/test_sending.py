"""One attempt, and what hostile receivers do."""

from __future__ import annotations

import ipaddress
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from competency_api.webhooks.delivery.sending import Outcome, Sender
from tests.support.receivers import LOOPBACK, receiving

NETWORKS = (ipaddress.ip_network(LOOPBACK),)
#: What no receiver that answers comes near, on no machine.
PATIENCE = 60
#: For those that are to be given up.
SECONDS = 0.5


def sent(url: str, seconds: float = PATIENCE) -> Outcome:
    return Sender(seconds, NETWORKS).send(url, {"webhook-id": "1"}, b'{"a":1}')


def test_a_message_arrives_with_its_fields() -> None:
    with receiving() as receiver:
        outcome = sent(receiver.url("/ok?x=1"))
        ((path, fields, body),) = receiver.received
    assert (outcome.status, outcome.error, outcome.is_delivered) == (204, None, True)
    assert (path, body) == ("/ok?x=1", b'{"a":1}')
    assert fields["host"] == f"127.0.0.1:{receiver.port}"
    assert fields["content-type"] == "application/json"
    assert fields["user-agent"].startswith("competency-api/")
    assert fields["webhook-id"] == "1"


@pytest.mark.parametrize(("path", "status"), [("/fail", 500), ("/gone", 410), ("/busy", 503), ("/redirect", 307)])
def test_other_answers_are_no_delivery_and_a_redirect_is_not_followed(path: str, status: int) -> None:
    with receiving() as receiver:
        outcome = sent(receiver.url(path))
        assert len(receiver.received) == 1
    assert (outcome.status, outcome.is_delivered) == (status, False)
    assert outcome.retry_after == ("3600" if path == "/busy" else None)


@pytest.mark.parametrize("path", ["/hang", "/drip"])
def test_a_receiver_that_takes_its_time_costs_no_more_than_the_limit(path: str) -> None:
    with receiving() as receiver:
        outcome = sent(receiver.url(path), SECONDS)
        assert not receiver.ended.is_set(), "it was given up before it had done"
        # by far less than it would take: it neither hangs nor drips for a shorter time
        assert outcome.milliseconds < 1000 * PATIENCE
    assert outcome.status is None
    assert outcome.error == "There was no answer within 0.5 seconds."


def test_what_is_no_http_is_told_so() -> None:
    with receiving() as receiver:
        outcome = sent(receiver.url("/nonsense"))
    assert (outcome.status, outcome.error) == (None, "The answer is not HTTP.")


def test_a_receiver_that_is_not_there_is_told_so() -> None:
    with receiving() as receiver:
        url = receiver.url()
    assert sent(url).error == "The connection was refused."


def test_what_may_not_be_called_is_never_connected_to() -> None:
    with receiving() as receiver:
        outcome = Sender(PATIENCE).send(f"https://localhost:{receiver.port}/ok", {}, b"")
        assert (outcome.status, outcome.error) == (None, "The host has no public address.")
        assert receiver.received == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("/"))
        assert sent(receiver.url()).status == 204
        assert proxy.received == []


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, file = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return key, file


def test_tls_is_checked_by_the_name_and_limited_by_the_same_time(tmp_path: Path) -> None:
    key, file = certificate(tmp_path, "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file, key)
    trusting = ssl.create_default_context(cafile=str(file))
    with receiving(lambda plain: server.wrap_socket(plain, server_side=True)) as receiver:
        named = f"https://localhost:{receiver.port}"
        networks = (*NETWORKS, ipaddress.ip_network("::1/128"))
        sender = Sender(PATIENCE, networks, trusting)
        assert sender.send(f"{named}/ok", {"webhook-id": "1"}, b"").status == 204
        for other, url in ((sender, receiver.url("/ok", "https")), (Sender(PATIENCE, networks), f"{named}/ok")):
            assert (other.send(url, {}, b"").error or "").startswith("The certificate is not")
        brief = Sender(1, networks, trusting).send(f"{named}/drip", {}, b"")
        assert brief.error == "There was no answer within 1 seconds."
        assert brief.milliseconds < 1000 * PATIENCE
