"""Keys: tokens of programs, and the once-only keys that make a double submit harmless."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from .people import User


class ApiToken(models.Model):
    """A program's sign-in. The token is shown once; its SHA-256 is kept."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.WRITE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"

    @classmethod
    def issue(
        cls, *, user: User, now: datetime, name: str = "", scope: str = "write",
        lasts: timedelta | None = None,
    ) -> tuple[ApiToken, str]:  # fmt: skip
        """A new token and its secret, which cannot be read again."""
        prefix, secret = f"ft_{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user, name=name, prefix=prefix, sha256=_sha256(secret), scope=scope, made_at=now,
            expires_at=now + lasts if lasts else None,
        )  # fmt: skip
        return token, f"{prefix}.{secret}"

    @classmethod
    def behind(cls, presented: str, *, now: datetime) -> ApiToken | None:
        """The valid token somebody presents, or None; compared in constant time."""
        prefix, _, secret = presented.partition(".")
        token = cls.objects.select_related("user").filter(prefix=prefix, revoked_at=None).first()
        if token is None or not secrets.compare_digest(token.sha256, _sha256(secret)):
            return None
        if not token.user.is_active or (token.expires_at and token.expires_at <= now):
            return None
        return token


class OnceKey(models.Model):
    """One submit of a form or one API request, by the key it carried and what it was answered."""

    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0, help_text="0: still at work.")
    answer = models.JSONField(default=dict)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["principal", "key"], name="a_key_is_used_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires_at"], name="once_key_expiry"),  # what may be forgotten?
        ]

    def __str__(self) -> str:
        return f"{self.principal}: {self.key}"


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
