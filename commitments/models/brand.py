"""Who we are to customers, and our own wording of what we write to them.

Both are edited under Settings. Until then the environment says who we are, and the texts are the
standard ones.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .people import User


class Brand(models.Model):
    """The one row that says who we are: on the customers' pages, and in their mails.

    The logo is for the pages only; no mail carries a picture.
    """

    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=200, blank=True)
    shows_name = models.BooleanField(default=True, db_default=True)
    shows_steps = models.BooleanField(default=True, db_default=True)
    logo = models.BinaryField(null=True, blank=True)
    logo_type = models.CharField(max_length=4, blank=True, default="", db_default="")
    logo_mark = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pk=1), name="brand_is_one_row"),
            models.CheckConstraint(
                condition=Q(logo__isnull=True, logo_type="", logo_mark="")
                | (Q(logo__isnull=False) & ~Q(logo_type="") & ~Q(logo_mark="")),
                name="brand_logo_has_type_and_mark",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Brand:
        """As it was saved, or as the environment says. One query, without the logo's bytes."""
        return cls.objects.defer("logo").filter(pk=1).first() or cls.from_environment()

    @classmethod
    def from_environment(cls) -> Brand:
        return cls(
            pk=1,
            name=settings.COMPANY_NAME,
            phone=settings.COMPANY_PHONE,
            email=settings.COMPANY_EMAIL,
        )

    @property
    def has_logo(self) -> bool:
        return bool(self.logo_mark)


class MessageTextQuerySet(models.QuerySet["MessageText"]):
    def in_force(self) -> Self:
        """The newest of each message and language, unless that says to use the standard."""
        newer = MessageText.objects.filter(
            template=OuterRef("template"),
            language=OuterRef("language"),
            number__gt=OuterRef("number"),
        )
        return self.filter(~Exists(newer), is_standard=False)


class MessageText(models.Model):
    """Our own wording of one message in one language. An edit makes a new one; none ever changes.

    `is_standard`: from here on the standard text again.
    """

    template = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    is_standard = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    heading = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MessageTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["template", "language", "number"], name="one_text_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} in {self.language} v{self.number}"
