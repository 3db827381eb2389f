"""Keys: tokens of programs, and the once-only keys that make a double submit harmless."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q

from .gathered import gathered
from .people import Membership, Role, Team, User

_NOTED_EVERY = timedelta(minutes=1)


class Secret(models.Model):
    """What lets a program in: shown once, `prefix.secret`; only its SHA-256 is kept.

    It opens nothing once it is revoked or out of date, or its owner is switched off.
    """

    BEGINS: ClassVar[str]  # of the prefix, so that a stray secret tells what it is
    READ_WITH: ClassVar[tuple[str, ...]] = ("user",)

    user: models.ForeignKey[User, User]
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def draw(cls) -> tuple[str, str, str]:
        """A new prefix, the SHA-256 to keep, and the whole to show once."""
        prefix, secret = f"{cls.BEGINS}{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        return prefix, _sha256(secret), f"{prefix}.{secret}"

    @classmethod
    def behind(cls, presented: str, *, now: datetime) -> Self | None:
        """The valid one somebody presents, or None; compared in constant time."""
        prefix, _, secret = presented.partition(".")
        looks_on = Membership.objects.filter(user=OuterRef("user"), role=Role.AUDITOR)
        known = cls._default_manager.select_related(*cls.READ_WITH)
        with_teams = known.annotate(audited=gathered(looks_on, "team_id"))
        found = with_teams.filter(prefix=prefix, revoked_at=None).first()
        if found is None or not secrets.compare_digest(found.sha256, _sha256(secret)):
            return None
        audited: list[dict[str, int]] = getattr(found, "audited", None) or []  # annotated above
        found.user.audited_teams = frozenset(each["team_id"] for each in audited)
        return found if found.user.is_active and not found.is_over(now) else None

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def revoke(self, *, now: datetime) -> bool:
        """From this moment it opens nothing; the second time changes nothing, and is False."""
        in_force = type(self)._default_manager.filter(pk=self.pk, revoked_at=None)
        return bool(in_force.update(revoked_at=now))

    def note_use(self, *, now: datetime) -> None:
        """Once a minute is enough to see which are still in use."""
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - _NOTED_EVERY)
        if self.last_used_at is None or self.last_used_at <= now - _NOTED_EVERY:
            own = type(self)._default_manager.filter(unnoted, pk=self.pk)
            own.update(last_used_at=now)


class ApiToken(Secret):
    """A program's sign-in: as its owner, who is a person or a service."""

    BEGINS = "ft_"

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"
        ADMIN = "admin", "Administer"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.WRITE)

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
        prefix, sha256, secret = cls.draw()
        token = cls.objects.create(
            user=user, name=name, prefix=prefix, sha256=sha256, scope=scope, made_at=now,
            expires_at=now + lasts if lasts else None,
        )  # fmt: skip
        return token, secret

    @property
    def caller(self) -> User:
        """Its owner as whom it acts: what somebody may as an administrator needs that scope.

        Everything that asks who may do what reads it off this user. It is not to be saved.
        """
        user = self.user
        if self.scope != self.Scope.ADMIN:
            user.is_superuser = user.is_staff = False
        return user

    @property
    def may_change(self) -> bool:
        return self.scope != self.Scope.READ


class CalendarFeed(Secret):
    """Lets a calendar program read what somebody may see: their own promises, or one team's.

    It opens nothing else, as its address lies with whoever runs the calendar.
    """

    BEGINS = "fc_"
    READ_WITH = ("user", "team")

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+",
        help_text="Empty: its owner's promises, in every team.",
    )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"

    @classmethod
    def issue(
        cls, *, user: User, team: Team | None, lasts: timedelta, now: datetime
    ) -> tuple[CalendarFeed, str]:
        """A new feed and its secret, which cannot be read again."""
        prefix, sha256, secret = cls.draw()
        feed = cls.objects.create(
            user=user, team=team, prefix=prefix, sha256=sha256, made_at=now, expires_at=now + lasts
        )
        return feed, secret


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
