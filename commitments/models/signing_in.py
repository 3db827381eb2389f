"""Who is signed in where, and who must prove themselves twice."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .people import Membership, Role, User

ADMINISTRATOR: Final = "administrator"


class Session(AbstractBaseSession):
    """One browser. It ends when nobody used it for hours, and after some days in any case.

    `user` is empty until somebody has signed in there. Data and key are Django's; the engine of
    the sessions keeps the rest.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        engine = import_module(settings.SESSION_ENGINE)
        store: type[SessionBase] = engine.SessionStore
        return store

    @property
    def mark(self) -> str:
        """What a page may say instead of the key, which lets whoever knows it in."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]

    @property
    def browser(self) -> str:
        return str(self.get_decoded().get("browser", "")) or "A browser"


class SecondStepDuty(models.Model):
    """Whoever has this role, or is an administrator, signs in with a second step."""

    ROLES: ClassVar[list[tuple[str, str]]] = [
        (ADMINISTRATOR, "Administrators"),
        *((role, f"{label}s") for role, label in Role.of_people()),
    ]

    role = models.CharField(max_length=13, choices=ROLES, unique=True)

    def __str__(self) -> str:
        return self.get_role_display()

    @classmethod
    def binds(cls, user: str = "pk", *, administers: str = "is_superuser") -> Q:
        """Whether somebody must: for a filter or an annotation of users."""
        roles = Membership.objects.filter(user=OuterRef(OuterRef(user))).values("role")
        return Q(Exists(cls.objects.filter(role__in=roles))) | Q(
            Exists(cls.objects.filter(role=ADMINISTRATOR)), **{administers: True}
        )
