"""Reads the environment for the settings: the parts that take more than a line."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

_LONGEST_DAYS = 36_500
_SHORTEST_KEY, _FEWEST_CHARACTERS = 50, 5  # as Django's own check has it
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})

CHAT_SCHEMES = [
    *("slack", "discord", "tgram", "gchat", "wxteams", "workflows"),
    *("mmost", "mmosts", "rocket", "rockets", "matrix", "matrixs", "zulip", "ntfy", "ntfys"),
]
SMS_SCHEMES = ["twilio", "vonage", "sns", "msgbird", "sinch", "clicksend", "plivo", "bulksms"]

CHAT_HOSTS = ["ntfy.sh", ".logic.azure.com", ".api.powerplatform.com"]  # a dot: all below it

# What proves, for each provider that anymail takes mails from, that it is the provider: a signature
# with this secret, or where there is none the password that is part of our address.
PASSWORD = "WEBHOOK_SECRET"  # noqa: S105 - the name of a setting
SIGNED_WITH = {
    "mailersend": "MAILERSEND_INBOUND_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailtrap": "MAILTRAP_INBOUND_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
    "resend": "RESEND_INBOUND_SECRET",
}
_WITH_PASSWORD = ("amazon_ses", "brevo", "mailjet", "postmark", "sendgrid", "sparkpost")
_SIGNS_ALWAYS = frozenset({"mailersend", "mailgun", "mandrill", "postal"})


def inbound_providers(named: list[str], *, agreed: dict[str, Any]) -> list[str]:
    """Those that may deliver mails to us, each with the secret that it has to prove itself with."""
    for provider in named:
        if provider not in (*SIGNED_WITH, *_WITH_PASSWORD):
            known = ", ".join(sorted([*SIGNED_WITH, *_WITH_PASSWORD]))
            raise ImproperlyConfigured(
                f"INBOUND_PROVIDERS: “{provider}” delivers no mails here. Known are {known}."
            )
        signed_with = SIGNED_WITH.get(provider, PASSWORD)
        may_be_password = provider not in _SIGNS_ALWAYS
        if not (agreed.get(signed_with) or (may_be_password and agreed.get(PASSWORD))):
            raise ImproperlyConfigured(
                f"INBOUND_PROVIDERS: give {signed_with} in ANYMAIL, or anybody could be {provider}."
            )
    return named


class Environment(FileAwareMapping):  # type: ignore[misc]  # the library carries no types
    """The environment; `NAME_FILE` names a file in which the value of NAME stands, for secrets."""

    def __getitem__(self, key: str) -> str:
        place = self.env.get(f"{key}_FILE")
        if not place:
            return str(self.env[key])
        if self.env.get(key):
            raise ImproperlyConfigured(f"Give {key} or {key}_FILE, not both.")
        try:
            return Path(place).read_text("utf-8").strip()
        except (OSError, UnicodeError) as no:
            raise ImproperlyConfigured(f"{key}_FILE names {place}, which cannot be read.") from no


class Env(environ.Env):  # type: ignore[misc]
    """Reads values as what they are, from the environment above."""

    ENVIRON = Environment()


def is_this_machine(host: str | None) -> bool:
    """Whether nobody comes by that name but from this very machine."""
    return (host or "").strip(" []").lower() in _THIS_MACHINE


def check_keys(key: str, *old: str) -> None:
    """Raise ImproperlyConfigured where a stranger could guess a key that opens every link."""
    if _is_weak(key):
        raise ImproperlyConfigured(
            "SECRET_KEY is weak: in production mode, and wherever others than this machine come, it"
            f" has {_SHORTEST_KEY} characters or more, such as"
            " python -c 'import secrets; print(secrets.token_urlsafe(50))' prints."
        )
    for place, each in enumerate(old, 1):
        if _is_weak(each):
            raise ImproperlyConfigured(
                f"SECRET_KEY_FALLBACKS: key {place} is weak, and opens links as SECRET_KEY does."
                " Take it out; secrets that it sealed are entered anew."
            )


def _is_weak(key: str) -> bool:
    return len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_CHARACTERS


def check_manners(*, debug: bool, hosts: list[str]) -> None:
    """Raise ImproperlyConfigured where strangers would see too much, or could name us."""
    if debug:
        raise ImproperlyConfigured(
            "DEBUG=true shows code and settings to whoever meets an error: unset it in production"
            " mode, and wherever others than this machine come."
        )
    if "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS=* lets strangers choose the name in our links. Name the hosts, such as"
            " promises.example.org, or unset it: then it is the host of PUBLIC_URL."
        )


def check_https(public_url: str) -> None:
    """Raise ImproperlyConfigured where passwords would travel in the open."""
    if urlsplit(public_url).scheme != "https":
        raise ImproperlyConfigured(
            f"PUBLIC_URL is {public_url}, and others than this machine come: without https"
            " passwords and customers' links can be read on the way. Give the https:// address of a"
            " proxy in front; or set PLAIN_HTTP=true where only a closed network comes."
        )


def single_sign_on(url: str, *, client_id: str, secret: str) -> dict[str, Any]:
    """The provider that OIDC_URL names, as allauth wants it; nothing without one.

    Its word is believed because it comes by TLS, so without that only from this very machine.
    """
    if not url:
        return {}
    place = urlsplit(url)
    is_here = place.scheme == "http" and is_this_machine(place.hostname)
    if place.scheme != "https" and not is_here:
        raise ImproperlyConfigured("OIDC_URL begins with https://: what it says is believed.")
    if not client_id or not secret:
        raise ImproperlyConfigured("OIDC_URL wants OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, too.")
    app = {
        "provider_id": "company",
        "name": "company",
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": url},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def kept_key(folder: Path | None) -> str:
    """The generated key of an embedded installation, made once and readable by its owner only.

    Raises ImproperlyConfigured where there is no folder for one.
    """
    if folder is None:
        raise ImproperlyConfigured("Set SECRET_KEY: production mode does not start without one.")
    path = folder / "secret_key"
    if not path.exists():
        draft = folder / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # whole or not at all, and only for the first of two
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def figures(given: dict[str, Any], *, like: object = None) -> dict[str, Any]:
    """Lengths of time from numbers of seconds; what is no length in `like` stays what it is."""
    return {
        name: value if isinstance(getattr(like, name, None), int | float) else _length(value)
        for name, value in given.items()
    }


# What RETENTION says in days, and the figure that it is.
RETENTION = {
    "customers": "customer_kept",
    "absence_notes": "absence_note_kept",
    "quarantined_mails": "quarantine_kept",
    "mail_counts": "tally_kept",
    "message_words": "bodies_kept",
    "attempts": "attempts_kept",
    "reminders": "inbox_kept",
}


def retention(given: dict[str, Any], *, like: object) -> dict[str, Any]:
    """Figures of `like` that say how long a kind of data is kept; None is for ever.

    Raises ImproperlyConfigured for a kind that is unknown, or a length that is none.
    """
    for kind, days in given.items():
        if kind not in RETENTION:
            known = ", ".join(sorted(RETENTION))
            raise ImproperlyConfigured(f"RETENTION: there is no “{kind}”. Known are {known}.")
        is_number = isinstance(days, int) and not isinstance(days, bool)
        if days is not None and (not is_number or not 1 <= days <= _LONGEST_DAYS):
            raise ImproperlyConfigured(
                f"RETENTION: {kind} is a number of days up to {_LONGEST_DAYS:,}, or null."
            )
    named = {RETENTION[kind]: days for kind, days in given.items()}
    return {
        name: None if days is None else timedelta(days=days)
        for name, days in named.items()
        if hasattr(like, name)
    }


def check_retention(*, customers: timedelta | None, words: timedelta | None) -> None:
    """Words of messages name customers: whoever is forgotten must not stand in one any more."""
    if customers is not None and (words is None or words > customers):
        raise ImproperlyConfigured(
            "RETENTION: customers must be kept for at least as long as message_words, which name"
            " them."
        )


def _length(seconds: Any) -> Any:  # Any: a number, or a list of them
    if isinstance(seconds, list):
        return tuple(_length(each) for each in seconds)
    return timedelta(seconds=seconds)


def database_options(engine: str) -> dict[str, Any]:
    """What makes each database safe for many writers at once."""
    if engine.endswith("sqlite3"):
        # Without IMMEDIATE and the wait, a second writer is told "database is locked" at once.
        return {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
    limits = "-c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
    return {"connect_timeout": 5, "options": limits}


def cache_options(backend: str) -> dict[str, Any]:
    """A cache that hangs is not waited for; one in memory has room for many who are counted."""
    if backend.endswith("RedisCache"):
        return {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return {"MAX_ENTRIES": 10_000} if backend.endswith("LocMemCache") else {}


def transport_options(broker_url: str) -> dict[str, Any]:
    """The broker's manners. Each option is known to one transport only and refused by the other."""
    if not broker_url.startswith(("redis", "rediss")):
        return {"confirm_publish": True}
    return {
        "visibility_timeout": 120,  # a dead worker's task comes back after this, not after an hour
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 20,
    }
