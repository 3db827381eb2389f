"""Where webhooks may go: whatever leads inside the house is refused, when it is saved and when it
is used.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from notifications.channels import addresses
from notifications.channels.addresses import Refused, Unknown

SECOND = timedelta(seconds=1)
PUBLIC = "93.184.215.14"


def name_service(monkeypatch: pytest.MonkeyPatch, *answers: Sequence[str]) -> list[str]:
    """Answer look-ups from this list, in turn, and remember what was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


INSIDE = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0",
    "①②⑦.⓪.⓪.①",
    "[::1]",
    "[::]",
    "[::ffff:169.254.169.254]",
    "[::ffff:7f00:1]",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[2001:0:7f00:1::]",
    "[2002:7f00:1::]",
    "[::7f00:1]",
    "[2001:db8::1]",
]


@pytest.mark.parametrize("host", INSIDE)
def test_what_leads_inside_is_refused(host: str):
    with pytest.raises(Refused, match="not a public address"):
        addresses.check(f"https://{host}/hook", patience=SECOND)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_public_addresses_are_allowed(address: str, monkeypatch: pytest.MonkeyPatch):
    name_service(monkeypatch, [address])

    found = addresses.allowed(addresses.target("https://hooks.example.org/in"), patience=SECOND)

    assert [str(each) for each in found] == [address]


@pytest.mark.parametrize("private", ["10.0.0.7", "fd00::7", "169.254.169.254"])
def test_one_private_address_refuses_all(private: str, monkeypatch: pytest.MonkeyPatch):
    name_service(monkeypatch, [PUBLIC, private])

    with pytest.raises(Refused, match=f"hooks.example.org leads to {private}, which is not a"):
        addresses.check("https://hooks.example.org/in", patience=SECOND)


def test_a_name_without_addresses_is_unknown():
    with pytest.raises(Unknown, match="knows no address of nobody"):
        addresses.check("https://nobody.invalid/in", patience=5 * SECOND)


def test_a_dead_name_service_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    forever = threading.Event()

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        forever.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    with pytest.raises(Unknown):
        addresses.check("https://hooks.example.org/in", patience=timedelta(milliseconds=20))

    forever.set()


SENTENCES = {
    "http://hooks.example.org/": "Port 80 is not one we connect to, which are: 443.",
    "ftp://hooks.example.org/": "The address has to begin with https://.",
    "file:///etc/passwd": "The address has to begin with https://.",
    "gopher://hooks.example.org/": "The address has to begin with https://.",
    "javascript:alert(1)": "The address has to begin with https://.",
    "hooks.example.org/in": "The address has to begin with https://.",
    "": "The address has to begin with https://.",
    "https://a@hooks.example.org/": "The address must not hold a user name or password.",
    "https://a:b@hooks.example.org/": "The address must not hold a user name or password.",
    "https://hooks.example.org:22/": "Port 22 is not one we connect to, which are: 443.",
    "https://hooks.example.org:6379/": "Port 6379 is not one we connect to, which are: 443.",
    "https://hooks.example.org:70000/": "This is not an address we can read.",
    "https://[::1/": "This is not an address we can read.",
    "https://[fe80::1%25eth0]/": "The address names no host that we can read.",
    "https:///in": "The address names no host that we can read.",
    "https://a..b/": "The address names no host that we can read.",
    "https://-a.example/": "The address names no host that we can read.",
    "https://hooks.example.org/\r\nHost: x": "An address holds no spaces, backslashes or",
    "https://hooks.example.org/a b": "An address holds no spaces, backslashes or",
    "https://hooks.example.org\\@127.0.0.1/": "An address holds no spaces, backslashes or",
    "https://hooks.example.org/\u2028": "An address holds no spaces, backslashes or",
    "https://hooks.example.org/" + 10_000 * "a": "This address is longer than 2000 characters.",
    "https://promises.example.com/in": "This is our own address.",
    "https://PROMISES.example.com./in": "This is our own address.",
}


@pytest.mark.parametrize("url", SENTENCES)
def test_a_bad_url_is_refused_in_a_sentence_and_nobody_is_asked(
    url: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    settings.PUBLIC_URL = "https://promises.example.com"
    asked = name_service(monkeypatch, [PUBLIC])

    with pytest.raises(Refused) as refusal:
        addresses.check(url, patience=SECOND)

    assert str(refusal.value).startswith(SENTENCES[url])
    assert asked == []


def test_plain_http_stays_inside_the_networks_an_operator_named(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    settings.WEBHOOK_PORTS = [80]
    settings.WEBHOOK_ALLOW_PRIVATE = ["10.7.0.0/16"]
    name_service(monkeypatch, ["10.7.1.1"], [PUBLIC], ["10.8.1.1"])

    addresses.check("http://desk.intranet/in", patience=SECOND)

    with pytest.raises(Refused, match="begin with https"):
        addresses.check("http://desk.intranet/in", patience=SECOND)
    with pytest.raises(Refused, match="not a public address"):
        addresses.check("http://desk.intranet/in", patience=SECOND)


@pytest.mark.parametrize(
    ("url", "name", "path"),
    [
        ("https://hooks.example.org", "hooks.example.org", "/"),
        ("https://HOOKS.example.org/in?a=1#b", "hooks.example.org", "/in?a=1"),
        ("https://bücher.example/in", "xn--bcher-kva.example", "/in"),
        ("https://[2606:2800::1]/in", "[2606:2800::1]", "/in"),
        ("https://hooks.example.org:8443/in", "hooks.example.org:8443", "/in"),
    ],
)
def test_a_url_is_taken_apart(url: str, name: str, path: str, settings: LazySettings):
    settings.WEBHOOK_PORTS = [443, 8443]

    found = addresses.target(url)

    assert (found.name, found.path) == (name, path)
