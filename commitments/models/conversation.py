"""Where promises are made: a call, a chat, a mail. Its fate never touches them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from .people import Customer, Membership, Team, User


class Channel(models.TextChoices):
    PHONE = "phone", "Phone"
    CHAT = "chat", "Chat"
    EMAIL = "email", "E-mail"
    SOCIAL = "social", "Social media"
    POST = "post", "Post"
    IN_PERSON = "in_person", "In person"
    OTHER = "other", "Other"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: User) -> Self:
        if user.is_superuser:
            return self
        return self.filter(team__in=Membership.objects.filter(user=user).values("team"))


class Conversation(models.Model):
    """One exchange with one customer. It may hold many promises."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="conversations")
    agent = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PHONE)
    outside_reference = models.CharField(max_length=120, blank=True)
    outside_url = models.URLField(max_length=500, blank=True)
    # The case that this one was merged into, which is where its help desk goes on.
    continued_in = models.CharField(max_length=120, blank=True, default="", db_default="")
    continued_url = models.URLField(max_length=500, blank=True, default="", db_default="")
    at = models.DateTimeField()
    difficult = models.BooleanField(default=False)
    link_version = models.PositiveIntegerField(default=1)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Which conversation is this case? And: which customers does this team know?
            models.Index(fields=["team", "outside_reference"], name="conversation_of_case"),
            # What was merged into this case before it is itself merged into another?
            models.Index(
                fields=["team", "continued_in"],
                condition=~Q(continued_in=""),
                name="conversation_continued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} with {self.customer}"
