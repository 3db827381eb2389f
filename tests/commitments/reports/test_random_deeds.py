"""Whatever people do, in any order: figures of a day are what counting its promises comes to."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest

from commitments import checkins, services, sweep
from commitments.errors import CommitmentError
from commitments.models import CheckIn, Commitment, Customer, Event, Membership, Role, Team
from commitments.reports import kept, ratings, rolling
from commitments.services import Told
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
        self.done = 0

    def step(self) -> None:
        self.now += self.dice.choice([1, 2, 5, 20, 60, 300]) * MINUTE
        deeds = [self.make, self.fulfil, self.move, self.close, self.wait, self.hand, self.other]
        with suppress(CommitmentError):
            self.dice.choices(deeds, weights=[4, 5, 4, 2, 3, 3, 5])[0]()
            self.done += 1

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

    def other(self) -> None:
        verbs: list[Callable[[], object]] = [
            lambda: delivery.run(self.now),
            lambda: sweep.run(self.now),
            lambda: checkins.run(self.now),
            lambda: checkins.send_by_hand(self.one(status="fulfilled"), by=dev(), now=self.now),
            self.answer,
            self.answer,
            lambda: services.reopen(
                self.one(status="fulfilled"), by=dev(), reason="Not done", now=self.now
            ),
            lambda: services.undo(Event.objects.latest("pk").pk, by=dev(), now=self.now),
            lambda: rolling.run(self.now),
        ]
        self.dice.choice(verbs)()

    def answer(self) -> None:
        sent = list(CheckIn.objects.filter(state__in=["sent", "answered"]).order_by("pk"))
        if not sent:
            return
        reply = checkins.Reply(
            done="yes", still_open=False, rating=self.dice.randint(1, 5),
            browser_key=self.dice.choice("ab"),
        )  # fmt: skip
        checkins.answer(self.dice.choice(sent).pk, reply, now=self.now)


# `HYPOTHESIS_PROFILE=wander` goes further, as it does elsewhere.
WANDERS = os.environ.get("HYPOTHESIS_PROFILE") == "wander"


@pytest.mark.timeout(1200 if WANDERS else 120)
@pytest.mark.parametrize("seed", range(10) if WANDERS else [2])
def test_figures_are_what_counting_comes_to_after_random_deeds(seed: int) -> None:
    walk = Walk(seed)

    for _ in range(50 if WANDERS else 12):
        for _ in range(25):
            walk.step()
        walk.now += MINUTE
        rolling.run(walk.now)
        scope = everything(walk.now)
        assert rolled_up(scope) == from_facts(scope)

    # Nothing of this is so because nothing happened.
    (end,) = kept.kept(everything(walk.now))
    assert walk.done > 150
    assert min(end.on_time, end.late, end.broken) > 0
    assert ratings.ratings(everything(walk.now))[0].answers > 0
