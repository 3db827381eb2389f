"""The promise itself. A commitment has one clock: `next_action_at`."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value

from commitments.errors import CommitmentError
from commitments.rules import calling, happened, lifecycle, reference, steps
from commitments.rules.business_time import Hours

from . import commitment_keys, subscription
from .conversation import Conversation
from .kind import Kind
from .people import Customer, Membership, Team, User
from .policy import PolicyVersion
from .row import Row, plain

if TYPE_CHECKING:
    from collections.abc import Collection


Status = lifecycle.Status
Outcome = lifecycle.Outcome
CALLBACK = "callback"  # the code of the kind that is always kept by phone
_LIVE = commitment_keys.LIVE


def untold() -> Q:
    """Of what is overdue: nobody has told the customer since the promised time."""
    is_silent = Q(told_at=None) | Q(told_at__lt=F("due_at"))
    return is_silent & ~Q(kind__in=Kind.objects.of_our_own())


def told() -> Q:
    """Of what is overdue: the customer was told, or there is none, as with what a team promised
    itself.
    """
    return Q(told_at__gte=F("due_at")) | Q(kind__in=Kind.objects.of_our_own())


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, user: User, *, teams: Collection[int] | None = None) -> Self:
        """What this person's memberships allow; every door fetches through here.

        `teams` are those of the memberships, where they have been read: named, they tell the
        database how much it will find.
        """
        if user.is_superuser:
            return self
        if teams is not None:
            return self.filter(team__in=teams)
        return self.filter(team__in=Membership.objects.filter(user=user).values("team"))

    def with_everything(self) -> Self:
        """With all that a page or a verb reads of a promise, in one query."""
        return self.select_related(
            *("customer", "owner", "team__calendar", "kind", "policy_version"),
            "conversation__customer",
        )

    def held(self, *, skip_locked: bool = False) -> CommitmentQuerySet:
        """With everything, and locked in the order of their ids until the transaction ends.

        Locked first and read then: a statement that had to wait for a row would see its new owner's
        id beside nobody, because what it joins is as old as the statement.
        """
        rows = self.select_for_update(of=("self",), skip_locked=skip_locked).order_by("pk")
        pks = [row.pk for row in rows.only("pk")]
        return Commitment.objects.filter(pk__in=pks).with_everything().with_whether_some_listen()

    def with_whether_some_listen(self) -> Self:
        return self.annotate(some_listen=subscription.some())

    def open(self) -> Self:
        return self.filter(status=Status.OPEN)

    def live(self) -> Self:
        return self.filter(status__in=_LIVE)

    def waiting(self) -> Self:
        return self.filter(status=Status.WAITING)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def not_told(self, now: datetime) -> Self:
        """Overdue, and nobody has told the customer since the promised time."""
        return self.overdue(now).filter(untold())

    def told(self, now: datetime) -> Self:
        """The other overdue ones: nobody waits for a word from us."""
        return self.overdue(now).filter(told())

    def due_between(self, start: datetime, end: datetime) -> Self:
        return self.open().filter(due_at__gte=start, due_at__lt=end)

    def with_last_breach(self) -> Self:
        """`last_breach_at`: when the same customer was let down last before this is due.

        What was logged by mistake was never owed. How long before is not asked here: one database
        can reckon with times only by asking Python about each row.
        """
        earlier = Commitment.objects.filter(
            Q(breached_at__lt=OuterRef("due_at"))
            | Q(breached_at=OuterRef("due_at"), pk__lt=OuterRef("pk")),
            customer=OuterRef("customer"),
            breached_at__lte=OuterRef("due_at"),
        )
        last = earlier.exclude(status=Status.VOID).order_by("-breached_at")
        return self.annotate(last_breach_at=Subquery(last.values("breached_at")[:1]))

    def unanswered(self) -> Self:
        """The customer says that something is not right, or has asked, and nobody answered yet."""
        return self.filter(Q(disputed_at__isnull=False) | Q(customer_asked_at__isnull=False))

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def callbacks(self) -> Self:
        """Those that are kept by calling."""
        return self.filter(Q(keep_by=Commitment.KeepBy.PHONE) | Q(kind__code=CALLBACK))


class Commitment(Row):
    """What was promised, to whom, by when, and what happens next to it."""

    class KeepBy(models.TextChoices):
        PHONE = "phone", "Call"
        EMAIL = "email", "E-mail"
        POST = "post", "Post"

    conversation = models.ForeignKey(
        Conversation, models.PROTECT, related_name="commitments"
    )  # the customer's page lists a conversation's promises
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="commitments", db_index=False
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="commitments", db_index=False)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="commitments", db_index=False
    )
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="commitments", db_index=False)
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="commitments", db_index=False
    )
    wording = models.CharField(max_length=500)
    team_note = models.CharField(max_length=2000, blank=True)
    urgent = models.BooleanField(default=False)

    promised_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_zone = models.CharField(max_length=64)
    due_said = models.CharField(max_length=200, blank=True)
    # Why it is due then: `rules.steps`.
    due_steps = models.JSONField(
        default=list, db_default=Value([], output_field=models.JSONField()), blank=True
    )
    window_start = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    revised_at = models.DateTimeField()

    status = models.CharField(
        max_length=10, choices=[(status.value, status.value) for status in Status],
        default=Status.OPEN,
    )  # fmt: skip
    outcome = models.CharField(max_length=10, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    # How long it took to keep it, in working time without what the customer took of it.
    took_minutes = models.PositiveIntegerField(null=True, blank=True)
    # It was kept late, and between the time that had passed and the end nobody told the customer.
    closed_in_silence = models.BooleanField(default=False, db_default=False)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    cause = models.CharField(max_length=40, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    # Since when a word of the customer's waits for one of ours.
    customer_asked_at = models.DateTimeField(null=True, blank=True)
    keep_by = models.CharField(max_length=5, choices=KeepBy.choices, blank=True)
    # A callback that was tried in its window and told of, but not reached: beside the outcome.
    attempted_at = models.DateTimeField(null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    origin = models.CharField(max_length=30, blank=True)
    origin_key = models.CharField(max_length=200, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    breached_at = models.DateTimeField(null=True, blank=True)
    # This customer was let down not long before (by another promise, or by an earlier due time of
    # this one): the manager is asked at once.
    breached_again = models.BooleanField(default=False, db_default=False)
    told_at = models.DateTimeField(null=True, blank=True)
    untold_due_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=500, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    decision_asked_at = models.DateTimeField(null=True, blank=True)
    customer_wait = models.DurationField(default=timedelta(0))
    update_due_at = models.DateTimeField(null=True, blank=True)

    climbed = models.PositiveSmallIntegerField(default=0)
    # The number of the last step taken, and how often it has been said again.
    last_step = models.PositiveSmallIntegerField(null=True, blank=True)
    repetition = models.PositiveSmallIntegerField(default=0)
    # Steps seen to under an earlier version of the policy that are not among the `climbed`.
    also_done = models.JSONField(
        default=list, db_default=Value([], output_field=models.JSONField()), blank=True
    )
    last_step_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    acknowledged_until = models.DateTimeField(null=True, blank=True)
    next_action = models.CharField(max_length=12, blank=True)
    next_action_at = models.DateTimeField(null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    objects = CommitmentQuerySet.as_manager()

    # Kept by the chain and the agenda, not by people: no event's `changes` names them.
    BOOKKEEPING: ClassVar[frozenset[str]] = frozenset(
        {"id", "event_count", "head_hash", "next_action", "next_action_at"}
    )

    # Erasable here, and where they must be restored in an EventText: an event could never forget.
    # The steps to a due time go with its words: each event that moves it would carry two lists.
    WORDS: ClassVar[frozenset[str]] = frozenset(
        {"wording", "team_note", "due_said", "due_steps", "waiting_for", "evidence"}
    )

    class Meta:
        constraints = commitment_keys.CONSTRAINTS
        indexes = commitment_keys.INDEXES

    def __str__(self) -> str:
        return f"{self.reference}: {self.wording}"

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs know a parameter of a later Django
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        commitment = super().from_db(db, field_names, values)
        commitment._read = (field_names, values)
        return commitment

    _read: tuple[Collection[str], Collection[Any]] = ((), ())  # Any: column values of every type
    last_breach_at: datetime | None  # annotated by `with_last_breach`
    some_listen: bool  # annotated by `held`: whether any program is told of anything

    def know(self, **related: models.Model | None) -> None:
        """Rows it refers to that have been read already, by field: nobody asks for them again."""
        self._state.fields_cache.update(related)

    @property
    def reference(self) -> str:
        return reference.write(self.id)

    @property
    def about(self) -> str:
        """How the outbox names this promise."""
        return f"commitment:{self.id}"

    @property
    def is_live(self) -> bool:
        return self.status in _LIVE

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITING

    @property
    def awaits_answer(self) -> bool:
        """Whether a word of the customer's waits for one of ours: the promise is `unanswered`."""
        return self.disputed_at is not None or self.customer_asked_at is not None

    @property
    def breach_is_recorded(self) -> bool:
        """A breach is dated at the due time it broke, so a new due time can be broken anew."""
        return self.breached_at == self.due_at

    def was_broken(self, now: datetime) -> bool:
        """Whether a promised time of it has passed with nothing done, or it will not be kept."""
        was_late = self.breached_at is not None and self.breached_at < now
        return was_late or self.is_overdue(now) or self.status == Status.BROKEN

    @property
    def was_recovered(self) -> bool:
        """Whether a promised time of it had passed, and the customer was told after all."""
        told_at, breached_at = self.told_at, self.breached_at
        return told_at is not None and breached_at is not None and told_at >= breached_at

    @property
    def was_moved(self) -> bool:
        return self.due_at != self.first_due_at

    @property
    def due_chain(self) -> steps.Chain:
        """The steps that lead to the due time in force; () where none were kept."""
        try:
            chain = steps.from_json(self.due_steps)
        except CommitmentError:
            return ()
        return chain if steps.leads_to(chain, self.due_at) else ()

    def explain_due(self, chain: steps.Chain, *, since: datetime) -> None:
        """Keep why it is due when it is.

        Steps that lead to another time explain nothing: then it is due then because it was said so.
        """
        if not steps.leads_to(chain, self.due_at):
            chain = steps.until(since, self.due_at, zone=self.due_zone)
        self.due_steps = steps.to_json(chain)

    @property
    def is_callback(self) -> bool:
        """Whether it is kept by calling."""
        return self.keep_by == self.KeepBy.PHONE or self.kind.code == CALLBACK

    @property
    def window(self) -> calling.Window:
        """When the customer may be called, as far as that was agreed."""
        return calling.window_of(
            window_start=self.window_start, revised_at=self.revised_at, due_at=self.due_at
        )

    def tries(self) -> list[calling.Try]:
        """The calls that were tried, oldest first."""
        return [calling.Try(at=one.at, came_of_it=one.outcome) for one in self.call_attempts.all()]

    @property
    def happened(self) -> happened.Happened | None:
        """What its customer saw of it, once it is kept."""
        return happened.of(self.outcome, in_silence=self.closed_in_silence)

    def minutes_taken(self, hours: Hours) -> int | None:
        """From the promise to its end, in working minutes without what the customer took."""
        if self.closed_at is None:
            return None
        with suppress(CommitmentError):  # further apart than is counted
            taken = hours.between(self.promised_at, self.closed_at) - self.customer_wait
            return max(int(taken.total_seconds()) // 60, 0)
        return None

    def is_overdue(self, now: datetime) -> bool:
        return self.status == Status.OPEN and self.due_at < now

    def is_not_told(self, now: datetime) -> bool:
        """Uncertain is not told. What a team promised itself has no customer to tell."""
        is_silent = self.is_overdue(now) and (self.told_at is None or self.told_at < self.due_at)
        return is_silent and self.kind.for_customers

    def breached_before(self, *, within: timedelta) -> bool:
        """Whether the same customer was let down that shortly before, as far as was read."""
        last = self.last_breach_at
        return last is not None and last >= self.due_at - within

    def remember(self) -> None:
        """From here on, `changes` counts from how the promise stands now."""
        names = [field.attname for field in self._meta.concrete_fields]
        self._read = (names, [getattr(self, name) for name in names])

    def _as_read(self) -> dict[str, Any]:
        """The columns as the database held them, as far as they were read."""
        return dict(zip(*self._read, strict=True))

    def changes(self) -> dict[str, list[Any]]:
        """Each field that differs from what the database held: name -> [old, new], for JSON."""
        before = self._as_read()
        return {
            field.attname: [plain(before.get(field.attname)), plain(value)]
            for field in self._meta.concrete_fields
            if field.attname not in self.BOOKKEEPING | self.WORDS
            and (value := getattr(self, field.attname)) != before.get(field.attname)
        }

    def words_before(self) -> dict[str, Any]:
        """The old words of each field of words that differs from what the database held."""
        before = self._as_read()
        return {
            name: before[name]
            for name in sorted(self.WORDS)
            if name in before and before[name] != getattr(self, name)
        }

    def restore(self, changes: dict[str, list[Any]], words: dict[str, Any]) -> None:
        """Put back the old value of each field that an event changed."""
        for field in self._meta.concrete_fields:
            if field.attname in changes:
                setattr(self, field.attname, field.to_python(changes[field.attname][0]))
        for name, old in words.items():
            setattr(self, name, old)
