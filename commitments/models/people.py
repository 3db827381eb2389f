"""The people: those who sign in, those who are promised something, and who stands in for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from .row import Row


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail, case-folded."""

    def people(self) -> models.QuerySet[User]:
        """Those who sign in."""
        return self.filter(is_service=False)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(Row, AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may see follows from their memberships.

    A service is a program that acts under a name of its own: it has tokens and never signs in.
    """

    class Theme(models.TextChoices):
        DEVICE = "device", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=12, default="en")
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.DEVICE)
    keys_on = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_service = models.BooleanField(default=False, db_default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    # In which they look on, where that has been read with the key that they came with.
    audited_teams: frozenset[int] | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_folded"),
            models.CheckConstraint(
                condition=Q(is_service=False) | Q(is_superuser=False, is_staff=False),
                name="a_service_is_no_administrator",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        """How colleagues and customers address this person."""
        names = self.name.split()
        return names[0] if names else self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> Self:
        """Those that this person belongs to, in whatever role."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=Membership.objects.filter(user=user).values("team"))


class Team(Row):
    """People who share a calendar, a lead and the promises they made."""

    name = models.CharField(max_length=120, unique=True)
    calendar = models.ForeignKey("commitments.Calendar", models.PROTECT, related_name="teams")
    lead_fallback = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Is asked where a step's audience is empty.",
    )  # fmt: skip
    retired_at = models.DateTimeField(null=True, blank=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody may do in a team. An auditor sees and never acts.

    A service acts and is nobody to be asked: it owns no promise and stands on no ladder.
    """

    AGENT = "agent", "Agent"
    LEAD = "lead", "Lead"
    MANAGER = "manager", "Manager"
    AUDITOR = "auditor", "Auditor"
    SERVICE = "service", "Service"

    @classmethod
    def of_people(cls) -> list[tuple[str, str]]:
        """The choices for somebody who signs in."""
        return [(role.value, str(role.label)) for role in cls if role is not cls.SERVICE]


# Who keeps promises, and who leads those that do.
KEEPING: Final = (Role.AGENT, Role.LEAD, Role.MANAGER)
LEADING: Final = (Role.LEAD, Role.MANAGER)
# Who sees the figures of everybody in a team; an agent sees their own.
WATCHING: Final = frozenset({Role.LEAD.value, Role.MANAGER.value, Role.AUDITOR.value})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_people(self) -> Self:
        """Of those who sign in."""
        return self.exclude(role=Role.SERVICE)


class Membership(Row):
    """One person's, or service's, place in one team."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.AGENT)
    calendar = models.ForeignKey("commitments.Calendar", models.PROTECT, null=True, blank=True)
    daily_capacity = models.PositiveSmallIntegerField(default=12)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "team"], name="one_membership_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team} ({self.role})"


class Absence(models.Model):
    """Somebody is away; their deputy is told instead."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("user")), name="absence_deputy_is_someone_else"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "ends_at"], name="absence_of"),  # who is away now?
        ]

    def __str__(self) -> str:
        return f"{self.user} is away, {self.deputy} stands in"


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        """Those who spoke with one of this person's teams."""
        if user.is_superuser:
            return self
        teams = Membership.objects.filter(user=user).values("team")
        return self.filter(conversations__team__in=teams).distinct()

    def known_as(self, pk: int) -> Self:
        """Whoever has this id, or had it before two who were one were merged."""
        if not 0 < pk <= models.BigIntegerField.MAX_BIGINT:
            return self.none()
        before = Customer.objects.filter(pk=pk).values("merged_into")
        return self.filter(pk=Coalesce(Subquery(before), Value(pk)))

    def now_known_as(self, pk: int) -> int:
        """The id of whoever is `known_as` this; 0 where nobody is."""
        return self.known_as(pk).values_list("pk", flat=True).first() or 0

    def held_together(self) -> dict[int, Customer]:
        """Locked until the caller's transaction ends, by id.

        None of them is held while another is waited for: whoever is promised something may be held
        by a promise that waits for the one they were merged into.
        """
        busy: int | None = None
        while True:
            with transaction.atomic():
                if busy is not None:
                    Customer.objects.select_for_update().get(pk=busy)
                held = self.select_for_update(skip_locked=True).in_bulk()
                busy = self.exclude(pk__in=held).values_list("pk", flat=True).first()
                if busy is None:
                    return held
                transaction.set_rollback(True)

    def people(self) -> Self:
        """Those who may be promised something: neither erased nor one of our own teams."""
        return self.filter(erased_at=None).exclude(external_source=Customer.OUR_TEAM)


class Customer(Row):
    """Somebody we promise things to. They never sign in."""

    OUR_TEAM = "team"  # the source of one of our teams, which has promised itself something

    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True, help_text="Empty: the team's zone.")
    language = models.CharField(max_length=12, default="en")
    stopped_at = models.DateTimeField(null=True, blank=True)
    mails_wanted_at = models.DateTimeField(
        null=True, blank=True, help_text="Asked on the phone for mails about promises, after all."
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    # Entered twice: everything of theirs went to this one, who is not merged into anybody.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="one_customer_per_external_id",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="customer_is_merged_into_another",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(Lower("email"), name="customer_by_email"),  # is this somebody we know?
            # And by the number from which they call?
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_by_phone"),
            # Under which other ids was this one known?
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customer_merged",
            ),
            # Who is meant by a beginning? (On PostgreSQL, text_pattern_ops: migration 0009.)
            models.Index(Lower("name"), name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        names = self.name.split()
        return names[0] if names else "there"

    @property
    def standing(self) -> Customer:
        """The one that they were merged into, or they themselves."""
        return self.merged_into or self

    @property
    def is_reachable(self) -> bool:
        """Whether a written message can reach them at all."""
        return bool(self.email) and self.erased_at is None

    def has_stopped(self, now: datetime) -> bool:
        return self.stopped_at is not None and self.stopped_at <= now

    @property
    def wants_what_matters(self) -> bool:
        """Stopped, and asked on the phone since then to be written to about promises."""
        asked_at, stopped_at = self.mails_wanted_at, self.stopped_at
        return asked_at is not None and stopped_at is not None and asked_at >= stopped_at
