"""A storm of kills over a whole installation, and the reckoning by Message-ID afterwards. F8.

Programs make promises through the web server, whose customers get two mails each; Ana is told of
each that comes due. Meanwhile everything is killed in turn and started again by a supervisor that
only looks who is dead. Nothing is asked of the processes but what a production would have.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from commitments.models import Commitment
from config import audit
from notifications.channels.mime import message_id
from notifications.models import Delivery
from tests.faults.makers import address
from tests.faults.program import Program
from tests.faults.stand import Process, Stand, until

DUE_IN = timedelta(seconds=15)
LADDER = ((0, ["customer"]), (2, ["owner"]))
# Whom it hits how often, out of a hundred.
TARGETS = {"a sender": 64, "the worker": 10, "beat": 8, "web": 8, "the database": 10}
MAKERS = 4
PATIENCE = 3  # times the minutes it is to last, at the most
CALM = 240.0  # seconds for what is left to be done when the storm is over


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """What came of it. `lost` and `doubled` are names of messages or promises, for the report."""

    sends: int
    kills: Counter[str]
    lost: list[str]
    doubled: list[str]
    uncertain: int
    arrived_though_uncertain: int
    repeated: int
    findings: list[str]
    took: float

    def table(self) -> str:
        """As it stands in docs/operations.md."""
        kills = ", ".join(f"{count} of {name}" for name, count in self.kills.most_common())
        rows = {
            "sends": f"{self.sends} mails accepted by the server",
            "kills": f"{self.kills.total()} ({kills})",
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "uncertain": f"{self.uncertain}, listed; {self.arrived_though_uncertain} had arrived",
            "said to be repeats": f"{self.repeated}, to colleagues",
            "rules broken": len(self.findings),
            "took": f"{self.took:.0f} s",
        }
        return "\n".join(f"{name:20} {value}" for name, value in rows.items())


@dataclass
class Maker(threading.Thread):
    """Makes promises at a steady pace, each asked for again until it is acknowledged.

    As many as are `wanted`; one that was not acknowledged in time is not counted among them.
    """

    program: Program
    first: int
    wanted: int
    pause: float
    acknowledged: list[int] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        for number in count(self.first, MAKERS):
            if self.enough.is_set() or len(self.acknowledged) >= self.wanted:
                return
            began = time.monotonic()
            self._make(number)
            self.enough.wait(max(0.0, self.pause - (time.monotonic() - began)))

    def _make(self, number: int) -> None:
        """Ask with the same key until there is an answer, or its due time has come."""
        due_at = timezone.now() + DUE_IN
        while timezone.now() < due_at and not self.enough.is_set():
            answer = self.program.make(number, key=f"storm-{number}", due_at=due_at, patience=5)
            if answer.status == 201:
                self.acknowledged.append(number)
                return
            time.sleep(0.2)


class Storm:
    """Over a stand, for so many minutes: a thousand mails and fifty kills in each of them.

    Where the machine is too busy for so many mails it goes on, and kills on, until they are sent.
    """

    def __init__(self, stand: Stand, *, minutes: float, seed: int = 7) -> None:
        self.stand = stand
        self.seconds = minutes * 60
        self.kills_wanted = round(minutes * 50)
        self.promises = round(minutes * 500)
        self.dice = random.Random(seed)
        self.kills: Counter[str] = Counter()

    def rage(self) -> Reckoning:
        began = time.monotonic()
        self.program = Program(self.stand.port, ladder=LADDER)
        self._start()
        makers = self._makers()
        pause = self.seconds / self.kills_wanted
        while self._rages(makers, time.monotonic() - began):
            time.sleep(pause * self.dice.uniform(0, 1))  # the killing takes time, too
            self._strike()
            self._start_the_dead()
        self._calm(makers)
        acknowledged = {number for maker in makers for number in maker.acknowledged}
        return self._reckon(acknowledged, took=time.monotonic() - began)

    def _rages(self, makers: list[Maker], took: float) -> bool:
        if took > self.seconds * PATIENCE:
            return False
        at_work = any(maker.is_alive() for maker in makers)
        return at_work or took < self.seconds or self.kills.total() < self.kills_wanted

    def _start(self) -> None:
        self.web = self.stand.web(env={"WEB_PROCESSES": "1"})
        self.workers = [self.stand.worker(env={"SENDERS": "4"}) for _ in range(2)]
        self.beat = self.stand.beat()
        until(self.program.finds_it_alive)

    def _makers(self) -> list[Maker]:
        """They share the numbers."""
        wanted = self.promises // MAKERS
        pause = self.seconds / max(1, wanted)
        makers = [Maker(self.program, first, wanted, pause=pause) for first in range(MAKERS)]
        for maker in makers:
            maker.start()
        return makers

    def _strike(self) -> None:
        [target] = self.dice.choices(list(TARGETS), weights=list(TARGETS.values()))
        if target == "the database":
            connection.close()
            self.stand.cluster.crash_and_return()
            self.kills[target] += 1
        elif target == "a sender":
            self.kills[target] += self._kill_a_child(self.dice.choice(self.workers))
        else:
            victims = {"the worker": self.workers, "beat": [self.beat], "web": [self.web]}
            victim = self.dice.choice(victims[target])
            self.kills[target] += victim.is_running
            if victim.is_running:
                victim.kill()

    def _kill_a_child(self, worker: Process) -> int:
        children = worker.children()
        if not children:
            return 0
        self.dice.choice(children).kill()
        return 1

    def _start_the_dead(self) -> None:
        for process in (self.web, self.beat, *self.workers):
            if not process.is_running:
                process.start()

    def _calm(self, makers: list[Maker]) -> None:
        """No more kills; what is under way is finished."""
        for maker in makers:
            maker.join(timeout=CALM / 2)
            maker.enough.set()
            maker.join()
        give_up = time.monotonic() + CALM
        while not self._is_still() and time.monotonic() < give_up:
            self._start_the_dead()
            time.sleep(0.5)

    def _is_still(self) -> bool:
        try:
            return not (
                Commitment.objects.filter(next_action_at__isnull=False).exists()
                or Delivery.objects.filter(attempt_at__isnull=False).exists()
            )
        except OperationalError:
            connection.close()
            return False

    def _reckon(self, acknowledged: set[int], *, took: float) -> Reckoning:
        came = self.stand.sink.by_message_id()
        unmarked = self.stand.sink.by_message_id(repeats=False)
        mails = list(Delivery.objects.filter(channel="email"))
        uncertain = [mail for mail in mails if mail.state == "uncertain"]
        to_customers = {name_of(mail) for mail in mails if mail.audience == "customer"}
        return Reckoning(
            sends=came.total(),
            kills=self.kills,
            lost=[*self._promises_lost(acknowledged), *_mails_lost(mails, came)],
            # A colleague may get a mail again that says so; a customer never does.
            doubled=[
                name
                for name, count in came.items()
                if count > 1 and (name in to_customers or unmarked[name] > 1)
            ],
            uncertain=len(uncertain),
            arrived_though_uncertain=sum(name_of(mail) in came for mail in uncertain),
            repeated=came.total() - unmarked.total(),
            findings=[f"{one.what}: {one.rule}" for one in audit.findings(timezone.now())],
            took=took,
        )

    def _promises_lost(self, acknowledged: set[int]) -> list[str]:
        """Acknowledged, and not there; or there, and its customer has not two mails."""
        customers = Counter(
            Delivery.objects.filter(channel="email", audience="customer").values_list(
                "address", flat=True
            )
        )
        made = set(Commitment.objects.values_list("customer__email", flat=True))
        expected = {address(number) for number in acknowledged} | made
        return [
            _what_is_there(one)
            for one in sorted(expected)
            if one not in made or customers[one] != 2
        ]


def _what_is_there(customer: str) -> str:
    """For whoever looks into it: the promises to this customer, their clocks and their mails."""
    promises = [
        f"{one.about} {one.status} {one.next_action or 'at rest'} {one.next_action_at or ''} "
        f"{[event.kind for event in one.events.order_by('sequence')]}"
        for one in Commitment.objects.filter(customer__email=customer)
    ]
    mails = Delivery.objects.filter(address=customer).order_by("pk")
    return f"{customer}: {promises}, {[(mail.template, mail.state) for mail in mails]}"


def name_of(mail: Delivery) -> str:
    """The Message-ID it has at every server."""
    return message_id(mail.key, domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2])


def _mails_lost(mails: list[Delivery], came: Counter[str]) -> list[str]:
    """Neither ended nor on the page; or said to be sent, and nothing arrived."""
    lost = []
    for mail in mails:
        has_ended = mail.state in ("sent", "bundled", "uncertain", "failed", "cancelled")
        if not has_ended or (mail.state == "sent" and name_of(mail) not in came):
            lost.append(f"{mail.key} ({mail.state})")
    return lost


def minutes() -> float:
    """How long, from FAULTS_MINUTES: ten minutes unless given."""
    return float(os.environ.get("FAULTS_MINUTES", "10"))
