"""What every verb does around its own change.

Before it: hold the row, let time pass, ask whether it may be. After it: record the event and set
the clock. All in the verb's one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from commitments import agenda, lengths, messages
from commitments.messages.timeline import append
from commitments.models import (
    Commitment,
    Event,
    EventKind,
    Membership,
    Occurrence,
    Team,
    User,
    figures,
)
from commitments.rules import calling, lifecycle, steps
from commitments.rules.ladder import Ladder


class Work:
    """One verb at work on one promise, which it holds until its transaction ends."""

    def __init__(
        self,
        commitment: Commitment,
        *,
        by: User | None,
        now: datetime,
        terms: agenda.Terms | None = None,
    ) -> None:
        """`terms` are read where the caller has not done so."""
        self.commitment = commitment
        self.by = by
        self.now = now
        self.terms = terms or agenda.Terms.load(commitment)
        self._passed: Ladder = ()

    def revise(self) -> None:
        """A new deadline is in force: the climb begins again below it."""
        commitment = self.commitment
        commitment.revision += 1
        commitment.revised_at = self.now
        self.begin_climb()

    def begin_climb(self) -> Ladder:
        """From the foot of the ladder, past the steps whose moment has gone already: these."""
        commitment = self.commitment
        commitment.climbed = commitment.repetition = 0
        commitment.also_done, commitment.breached_again = [], False
        commitment.last_step, commitment.last_step_at = None, None
        commitment.acknowledged_by, commitment.acknowledged_until = None, None
        standing = agenda.Standing.of(commitment)
        self._passed = agenda.passed_over_at_start(standing, self.terms)
        commitment.climbed = len(self._passed)
        return self._passed

    def owe_an_update(self) -> None:
        """The customer has just heard from us: what they asked is answered.

        Where the kind keeps customers informed, the next word is due so many working days on.
        """
        self.commitment.customer_asked_at = None
        every = self.terms.inform_every
        ahead = self.terms.hours.add_days(self.now, every) if every else None
        self.commitment.update_due_at = ahead if self.commitment.is_live else None

    def close(self, outcome: lifecycle.Outcome) -> None:
        commitment = self.commitment
        commitment.outcome = outcome.value
        commitment.closed_at = self.now
        commitment.waiting_since, commitment.waiting_for = None, ""
        commitment.nudged_at = commitment.decision_asked_at = None
        commitment.acknowledged_by, commitment.acknowledged_until = None, None
        commitment.update_due_at = None
        commitment.customer_asked_at = None
        if outcome in lifecycle.COUNTED_NOWHERE:
            commitment.disputed_at = None

    def record(
        self,
        kind: EventKind,
        *,
        words: str = "",
        visible: bool = False,
        at: datetime | None = None,
        audience: str = "",
        undoes: Event | None = None,
        **extra: Any,  # JSON facts that are no columns, such as how the customer was told
    ) -> Event:
        """Write down what happened, with every field it changed, and set the clock."""
        commitment = self.commitment
        changes = commitment.changes() | extra
        event = append(
            commitment,
            Occurrence(
                kind=kind,
                at=at or self.now,
                recorded_at=self.now,
                actor_id=self.by.pk if self.by else None,
                audience=audience,
                changes=changes,
                visible=visible,
                words=words,
                words_before=commitment.words_before(),
                undoes_id=undoes.pk if undoes else None,
            ),
        )
        self._record_passed()
        agenda.settle(commitment, self.terms)
        commitment.save()
        commitment.remember()
        figures.note(commitment, changes, now=self.now)
        return event

    def _record_passed(self) -> None:
        for step in self._passed:
            append(self.commitment, Occurrence.passed_over(step, now=self.now))
        self._passed = ()

    def tell_customer(
        self,
        template: messages.customer.Template,
        event: Event,
        *,
        words: str = "",
        old_due_at: datetime | None = None,
        at_once: bool = False,
        voice: messages.customer.Voice | None = None,
    ) -> None:
        """A mail about this event, or a line on the timeline where none can be sent.

        What the team promised itself is nobody's business outside: nothing is sent, nor missed.
        """
        if not self.commitment.kind.for_customers:
            return
        message = messages.customer.about_promise(
            self.commitment,
            template,
            event=event,
            now=self.now,
            words=words,
            old_due_at=old_due_at,
            at_once=at_once,
            voice=voice,
        )
        if isinstance(message, messages.Unreachable):
            self._note_unreachable(template, message)
        else:
            messages.send([message], now=self.now)

    def _note_unreachable(
        self, template: messages.customer.Template, obstacle: messages.Unreachable
    ) -> None:
        append(self.commitment, not_sent(template, obstacle, now=self.now))
        self.commitment.save()

    def tell_staff(
        self,
        template: messages.staff.Template,
        event: Event,
        audience: str = "owner",
        *,
        words: str = "",
    ) -> None:
        """A message about this event to colleagues, but for the one who did it."""
        roster = messages.Roster([self.commitment], now=self.now)
        people = [person for person in roster.of(self.commitment, audience) if person != self.by]
        self._tell(people, template, event, roster=roster, words=words)

    def ask_for_a_hand(self, event: Event, *, words: str) -> None:
        """Whoever asks is never the one who is asked."""
        roster = messages.Roster([self.commitment], now=self.now)
        people = roster.helpers(self.commitment, asking=self.by)
        wanted = messages.staff.Template.HELP_WANTED
        self._tell(people, wanted, event, roster=roster, words=words)

    def _tell(
        self,
        people: Sequence[User],
        template: messages.staff.Template,
        event: Event,
        *,
        roster: messages.Roster,
        words: str,
    ) -> None:
        messages.send(
            messages.staff.to(
                people,
                self.commitment,
                template,
                roster=roster,
                reason=str(event.pk),
                event_id=event.pk,
                now=self.now,
                words=words,
            ),
            now=self.now,
        )


def begin(pk: int, verb: str, *, by: User | None, now: datetime) -> Work:
    """Hold the promise, record a breach whose moment has come, and ask whether `verb` may be.

    `by` is None where the customer or the clock acts. Raises `CommitmentError` and changes nothing
    where the verb makes no sense now or is not this person's to do.
    """
    work = hold(pk, by=by, now=now)
    work.commitment.status = lifecycle.status_after(verb, work.commitment.status)
    return work


def hold(pk: int, *, by: User | None, now: datetime) -> Work:
    held = Commitment.objects.filter(pk=pk).held().get()
    if by is not None:
        lifecycle.check_may_act(role_of(by, held.team))
    work = Work(held, by=by, now=now)
    _let_time_pass(work)
    return work


def stop_waiting(work: Work) -> None:
    """The working time waited is the customer's, not ours: the due time moves out by it, and a word
    to them is owed only from now on.

    Where all of the wait lay outside working hours and the due time would have passed in it, the
    wait counts as the wall shows it.
    """
    commitment, now = work.commitment, work.now
    if commitment.waiting_since is None:
        return
    waited = work.terms.hours.between(commitment.waiting_since, now)
    due_at = work.terms.hours.add(commitment.due_at, waited) if waited else commitment.due_at
    if due_at <= now:
        due_at = commitment.due_at + (now - commitment.waiting_since)
    _move_out(commitment, due_at, waited=waited or now - commitment.waiting_since)
    commitment.customer_wait += waited
    commitment.waiting_since, commitment.waiting_for = None, ""
    commitment.nudged_at = commitment.decision_asked_at = None
    work.owe_an_update()


def _move_out(commitment: Commitment, due_at: datetime, *, waited: timedelta) -> None:
    """Where it is known why the promise was due, the customer's time is the next reason."""
    chain = commitment.due_chain
    commitment.window_start = calling.moved_along(
        commitment.window_start, old_due_at=commitment.due_at, due_at=due_at
    )
    commitment.due_at = due_at
    if chain:
        longer = steps.waited(chain, due_at, amount=waited, zone=commitment.due_zone)
        commitment.due_steps = steps.to_json(longer)


def not_sent(
    template: messages.customer.Template, obstacle: messages.Unreachable, *, now: datetime
) -> Occurrence:
    """A mail that cannot be sent, for the timeline."""
    return Occurrence(
        kind=EventKind.MESSAGE_NOT_SENT,
        at=now,
        recorded_at=now,
        audience=f"customer:{template}",
        words=obstacle.reason,
    )


def role_of(user: User, team: Team) -> str | None:
    """What this person may do in a team; None for a stranger."""
    if user.is_superuser:
        return "administrator"
    member = Membership.objects.filter(user=user, team=team).first()
    return member.role if member else None


def age_of(commitment: Commitment, *, now: datetime) -> timedelta:
    return now - commitment.promised_at


def _let_time_pass(work: Work) -> None:
    """Late stays late, even between two sweeps: the breach is dated at the due time.

    It stands whatever the verb does next; one that finds nothing to do leaves it at this.
    """
    commitment = work.commitment
    is_past_due = commitment.status == lifecycle.Status.OPEN and commitment.due_at <= work.now
    if not is_past_due or commitment.breach_is_recorded:
        return
    within = lengths.current().second_breach_within
    held = Commitment.objects.filter(pk=commitment.pk).with_last_breach()
    commitment.breached_again = held.only("due_at").get().breached_before(within=within)
    commitment.breached_at = commitment.due_at
    occurrence = Occurrence(
        kind=EventKind.BREACHED,
        at=commitment.due_at,
        recorded_at=work.now,
        changes=commitment.changes(),
    )
    append(commitment, occurrence)
    agenda.settle(commitment, work.terms)
    commitment.save()
    commitment.remember()
