"""Mail over encrypted connections, to a server whose certificate is checked."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from notifications import delivery
from notifications.channels.smtp import Conversation, Server
from notifications.envelope import DeliveryError
from notifications.lengths import Lengths
from notifications.models import Breaker
from tests import smtp
from tests.notifications.makers import NOON, queue, states, the_delivery, to_tom

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that this machine made for 127.0.0.1, with its key, in one file."""
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sink"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)
    with file.open("ab") as both:
        both.write(Path(f"{file}.crt").read_bytes())
    return file


@pytest.fixture
def server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(("scheme", "upgrades"), [("smtps", False), ("smtp+tls", True)])
def test_mail_goes_encrypted_and_signed_in(
    scheme: str,
    upgrades: bool,
    server: ssl.SSLContext,
    certificate: Path,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    queue(to_tom("1"), to_tom("2"))

    with smtp.sink(server, upgrades=upgrades) as far_end:
        settings.EMAIL_URL = f"{scheme}://us:secret@127.0.0.1:{far_end.port}"
        delivery.run(NOON)

    assert states() == {"sent": 2}
    assert (far_end.seen["AUTH"], far_end.seen["BANNER"]) == (1, 1)
    assert far_end.seen["STARTTLS"] == int(upgrades)


@pytest.mark.parametrize(("scheme", "upgrades"), [("smtps", False), ("smtp+tls", True)])
def test_a_server_nobody_vouches_for_gets_neither_password_nor_mail(
    scheme: str, upgrades: bool, server: ssl.SSLContext, settings: LazySettings
):
    queue(to_tom())

    with smtp.sink(server, upgrades=upgrades) as far_end:
        settings.EMAIL_URL = f"{scheme}://us:secret@127.0.0.1:{far_end.port}"
        delivery.run(NOON)

    assert (states(), far_end.seen["AUTH"]) == ({"queued": 1}, 0)
    assert "certificate verify failed" in the_delivery().reason


def test_a_server_that_does_not_encrypt_gets_neither(settings: LazySettings):
    queue(to_tom())

    with smtp.sink() as far_end:
        settings.EMAIL_URL = f"smtp+tls://us:secret@127.0.0.1:{far_end.port}"
        delivery.run(NOON)

    assert (states(), far_end.seen["AUTH"]) == ({"queued": 1}, 0)
    assert "STARTTLS" in Breaker.objects.get().reason


def test_a_handshake_that_stalls_is_cut_off(settings: LazySettings):
    settings.NOTIFICATIONS_LENGTHS = {"conversation": timedelta(seconds=0.5)}
    queue(to_tom())

    with smtp.sink() as far_end:
        far_end.script["BANNER"] = [smtp.HANG]
        settings.EMAIL_URL = f"smtps://127.0.0.1:{far_end.port}"
        delivery.run(NOON)

    assert states() == {"queued": 1}
    assert the_delivery().reason == "no answer within 0.5 s"


def test_a_handshake_has_no_longer_than_its_conversation():
    brief = Lengths(conversation=timedelta(seconds=0.5))

    with smtp.sink() as far_end:
        far_end.script["BANNER"] = [smtp.HANG]
        server = Server.from_url(f"smtps://127.0.0.1:{far_end.port}")
        conversation = Conversation(server, lengths=brief)
        conversation.timeout = 60  # what a byte may take is not what all of it may
        began = time.monotonic()
        with pytest.raises(DeliveryError, match="no answer within"):
            conversation.send_mail("us@a.example", "tom@b.example", b"", may_finish=lambda: True)
        took = time.monotonic() - began
        conversation.end()

    assert took < 30
