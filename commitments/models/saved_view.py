"""Filters that somebody wants to see again, under a name of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .people import User


class SavedView(models.Model):
    """The filters of the list of promises, as they stand in its address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="one_view_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
