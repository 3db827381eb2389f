"""Whatever people do, in any order: figures of a day are what counting its promises comes to.

Thousands of verbs, in walks that each begin afresh; rounds of the machine go on between them.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest

from commitments import checkins, services, sweep
from commitments.errors import CommitmentError
from commitments.models import (
    CheckIn,
    Commitment,
    Customer,
    Event,
    EventKind,
    Membership,
    Role,
    Step,
    Team,
)
from commitments.reports import kept, ratings, rolling
from commitments.services import NewTime, Remedy, Told
from notifications import delivery
from tests.commitments.reports.counting import everything, from_facts, rolled_up
from tests.makers import HOUR, MINUTE, NOON, a_commitment, a_team, ana, dev, ines

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class Walk:
    """Somebody does this and that, as time goes by; what makes no sense is refused."""

    def __init__(self, seed: int) -> None:
        self.now = NOON
        self.dice = random.Random(seed)
        self.billing = a_team()
        self.moves = Team.objects.create(name="Moves", calendar=self.billing.calendar)
        for person in (ana(), dev(), ines()):
            Membership.objects.create(user=person, team=self.moves, role=Role.LEAD)
        self.customers = [
            Customer.objects.create(name=f"Customer {n}", email=f"c{n}@customers.example")
            for n in range(8)
        ]
        # With the due time behind it a promise changes hands by itself.
        Step.objects.filter(offset__gt=0).update(hands_to="lead")
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        self.now += self.dice.choice([1, 2, 5, 20, 60, 300]) * MINUTE
        if self.dice.random() < 0.12:
            rounds = [delivery.run, sweep.run, checkins.run, rolling.run]
            self.dice.choices(rounds, weights=[5, 5, 5, 1])[0](self.now)
            return
        deeds = {
            self.make: 4, self.fulfil: 4, self.move: 3, self.close: 2, self.wait: 2, self.hand: 3,
            self.amend: 3, self.hear: 3, self.answer: 4, self.think_again: 2,
        }  # fmt: skip
        [deed] = self.dice.choices([*deeds], weights=[*deeds.values()])
        with suppress(CommitmentError):
            deed()
            self.done[deed.__name__] += 1

    def one(self, **chosen: object) -> int:
        pks = list(Commitment.objects.filter(**chosen).order_by("-pk").values_list("pk")[:25])
        if not pks:
            raise CommitmentError("There is none.")
        return int(self.dice.choice(pks)[0])

    def ahead(self) -> datetime:
        return self.now + self.dice.choice([1, 3, 8, 30, 90]) * HOUR

    def make(self) -> None:
        a_commitment(
            due_at=self.ahead(), now=self.now, customer=self.dice.choice(self.customers),
            kind=self.dice.choice(["callback", "followup", "change"]),
            team=self.dice.choice([self.billing, self.moves]),
            owner_id=self.dice.choice([ana().pk, dev().pk, None]),
        )  # fmt: skip

    def fulfil(self) -> None:
        services.fulfil(
            self.one(status="open"), by=dev(), how="Sent", cause="slipped", now=self.now
        )

    def move(self) -> None:
        services.move(
            self.one(status="open"), by=dev(), due_at=self.ahead(), reason="Later",
            told=self.dice.choice(list(Told)), now=self.now,
        )  # fmt: skip

    def close(self) -> None:
        pk, cause = self.one(status="open"), "outside"
        verbs: list[Callable[[], object]] = [
            lambda: services.release(pk, by=dev(), reason="No more", cause=cause, now=self.now),
            lambda: services.abandon(pk, by=dev(), reason="Cannot", cause=cause, now=self.now),
            lambda: services.void(pk, by=dev(), reason="Twice", now=self.now),
        ]
        self.dice.choice(verbs)()

    def wait(self) -> None:
        if self.dice.random() < 0.5:
            services.wait(self.one(status="open"), by=dev(), what="A photo", now=self.now)
        else:
            services.resume(self.one(status="waiting"), by=dev(), now=self.now)

    def hand(self) -> None:
        pk = self.one(status="open")
        verbs: list[Callable[[], object]] = [
            lambda: services.reassign(pk, by=dev(), owner_id=ana().pk, now=self.now),
            lambda: services.hand_to_team(
                pk, by=dev(), team_id=self.dice.choice([self.billing, self.moves]).pk, now=self.now
            ),
            lambda: services.attempt(pk, by=dev(), came_of_it="voicemail", now=self.now),
            lambda: services.attempt(pk, by=dev(), came_of_it="reached", now=self.now),
        ]
        self.dice.choice(verbs)()

    def amend(self) -> None:
        """Only what is overdue: a word that somebody has it, or amends and another time."""
        late = self.one(status="open", due_at__lt=self.now)
        if self.dice.random() < 0.5:
            services.acknowledge(late, by=dev(), now=self.now)
            return
        commitment = Commitment.objects.get(pk=late)
        remedy = Remedy(
            wording="Send a card", kind_id=commitment.kind_id, owner_id=ana().pk,
            due_at=self.ahead(),
        )  # fmt: skip
        services.make_right(
            late, by=dev(), missed_at=commitment.due_at, happened="It was left behind",
            cause="took_longer", new=NewTime(due_at=self.ahead()),
            told=self.dice.choice(list(Told)),
            remedy=self.dice.choice([remedy, None]), now=self.now,
        )  # fmt: skip

    def hear(self) -> None:
        """What customers say on their page."""
        verbs: list[Callable[[], object]] = [
            lambda: services.dispute(self.one(status="open"), words="Not so", now=self.now),
            lambda: services.dispute(self.one(status="waiting"), words="Not so", now=self.now),
            lambda: services.confirm(self.one(status="open"), now=self.now),
            lambda: services.not_done(self.one(status="fulfilled"), words="No", now=self.now),
        ]
        self.dice.choice(verbs)()

    def answer(self) -> None:
        if self.dice.random() < 0.5:
            checkins.send_by_hand(self.one(status="fulfilled"), by=dev(), now=self.now)
            return
        sent = list(CheckIn.objects.filter(state__in=["sent", "answered"]).order_by("pk"))
        if not sent:
            raise CommitmentError("There is none.")
        reply = checkins.Reply(
            done="yes", still_open=False, rating=self.dice.randint(1, 5),
            browser_key=self.dice.choice("ab"),
        )  # fmt: skip
        checkins.answer(self.dice.choice(sent).pk, reply, now=self.now)

    def think_again(self) -> None:
        if self.dice.random() < 0.5:
            services.undo(Event.objects.latest("pk").pk, by=dev(), now=self.now)
            return
        ended = self.one(status__in=["fulfilled", "released", "broken"])
        services.reopen(ended, by=dev(), reason="Not done", now=self.now)


SEEDS, VERBS = 8, 2000
# `HYPOTHESIS_PROFILE=wander` goes further, as it does elsewhere.
WANDERS = os.environ.get("HYPOTHESIS_PROFILE") == "wander"


@pytest.mark.timeout(1200 if WANDERS else 120)
@pytest.mark.parametrize("seed", range(10 if WANDERS else SEEDS))
def test_figures_are_what_counting_comes_to_after_random_deeds(seed: int) -> None:
    walk = Walk(seed)

    while walk.done.total() < VERBS // SEEDS * (4 if WANDERS else 1):
        for _ in range(100):
            walk.step()
        walk.now += MINUTE
        rolling.run(walk.now)
        scope = everything(walk.now)
        assert rolled_up(scope) == from_facts(scope)

    # Nothing of this is so because nothing happened.
    (end,) = kept.kept(everything(walk.now))
    assert min(end.on_time, end.late, end.broken) > 0
    assert ratings.ratings(everything(walk.now))[0].answers > 0
    assert len(walk.done) == 10
    assert min(walk.done.values()) >= 3
    happened = set(Event.objects.values_list("kind", flat=True))
    assert happened >= {EventKind.DISPUTED, EventKind.ACKNOWLEDGED, EventKind.CHECK_IN_ANSWERED}
    handed_over = Event.objects.filter(kind=EventKind.REASSIGNED, actor=None)
    assert handed_over.exists()
