"""A company whose figures are worked out by hand, for every test that shows or sends figures.

`a_company()` makes it by the verbs themselves; MONDAY is when everybody looks: 25 May 2026, 8:30.
Hours are Monday to Friday, 9:00 to 17:30 UTC (8 h 30 a day); everybody lives in UTC.

Billing care: Ana (agent), Dev (lead), Ines (manager). What was promised in which week, all on its
Monday at 9:00 unless it says otherwise:

    11 May                     due       what became of it                     counts as
    a1 refund    Ana     Wed 12:00       done Wed 11:00                        on time
    a2 callback  Ana     Tue 12:00       Tue 10:00 moved to Thu 12:00 on the
                                         phone, done Thu 11:00                 moved
    a3 followup  Ana     Tue 17:00       done Wed 10:00, nobody had told them  late, in silence
    a4 followup  Dev     Thu 12:00       told Thu 14:00, done Fri 10:00        late, told
    a5 refund    Dev     Fri 12:00       Fri 11:00 we cannot keep it           broken
    a6 refund    Ana     Thu 12:00       Wed 12:00 no longer wanted            released
    a7 refund    Ana     Thu 12:00       Mon 9:10 logged by mistake            void
    18 May
    b1 refund    Ana     Wed 12:00       done Wed 10:00                        on time
    b2 followup  Ana     Thu 17:00       nothing                               overdue, not told
    b3 callback  Ana     Fri 17:00       told Fri 17:10                        overdue, told
    b4 refund    nobody  Mon 17:00       nothing                               overdue, not told
    b5 followup  Dev     Wed 12:00       Wed 9:00 moved to Tue 26, not told    late
    b6 followup  Dev     Fri 12:00       Thu 9:00 moved to Wed 27 on the phone pending
    b7 refund    Ana     Fri 12:00       waits on the customer since Wed 12:00,
                                         who was asked in writing              pending
    25 May (promised Fri 22, 9:00)
    c1 callback  Ana     Mon 10:00                                             pending
    c2 refund    nobody  Mon 12:00                                             pending
    c3 followup  Dev     Mon 17:00                                             pending
    c4 refund    Ines    Thu 12:00       first due after Monday: in no period yet
    c5 followup  Ana     Mon 10:30       follows a3, whose customer said on Friday
                                         at 15:00 that something is still open pending

On Friday at 12:00 five customers were asked how it went; at 15:00 four had answered: a1 with 5, a2
with 4, a3 with 1 ("Nobody told me." and still open), a4 with 3; b1 not.

Moves: Kofi (agent), Rhys (manager). Promised on Monday 18 May:

    m1 refund    Kofi    Thu 12:00       done Thu 10:00                        on time
    m2 followup  Kofi    Fri 12:00       nothing; the customer of b2           overdue, not told

Causes were given: a3 slipped, a4 took_longer, a5 outside. The sweep came round last on Monday 8:30,
and so did what keeps the figures of each day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from commitments import checkins, services, sweep
from commitments.models import (
    CheckIn,
    Commitment,
    Customer,
    Kind,
    Membership,
    Role,
    Team,
    User,
)
from commitments.reports import rolling
from commitments.services import Told
from notifications import delivery
from tests import makers
from tests.makers import ana, dev, ines

MONDAY = datetime(2026, 5, 25, 8, 30, tzinfo=UTC)
FIRST_WEEK, SECOND_WEEK = 11, 18
MON, TUE, WED, THU, FRI = range(5)


@dataclass(frozen=True, kw_only=True)
class Company:
    """The two teams, their managers, and the promises by the names of the page above."""

    billing: Team
    moves: Team
    ines: User
    rhys: User
    kofi: User
    promises: dict[str, Commitment]

    def __getitem__(self, name: str) -> Commitment:
        """As the database has it now."""
        return makers.fresh(self.promises[name])

    def names(self, found: object) -> list[str]:
        """Of these promises, in the order of the page."""
        pks = {each.pk for each in found}  # type: ignore[attr-defined]  # any rows of promises
        return [name for name, promise in self.promises.items() if promise.pk in pks]


def at(week: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Of the week whose Monday is that day of May, so many days on."""
    return datetime(2026, 5, week + day, hour, minute, tzinfo=UTC)


def a_company() -> Company:
    billing = makers.a_team()
    moves = Team.objects.create(name="Moves", calendar=billing.calendar)
    kofi, rhys = makers.a_user("Kofi Mensah"), makers.a_user("Rhys Bevan")
    Membership.objects.create(user=kofi, team=moves, role=Role.AGENT)
    Membership.objects.create(user=rhys, team=moves, role=Role.MANAGER)
    made: dict[str, Commitment] = {}
    company = Company(
        billing=billing, moves=moves, ines=ines(), rhys=rhys, kofi=kofi, promises=made
    )
    _first_week(company)
    _second_week(company)
    _moves(company)
    _this_week(company)
    _asked(company)
    sweep.run(MONDAY)
    rolling.run(MONDAY)
    return company


def _first_week(company: Company) -> None:
    week, billing = FIRST_WEEK, company.billing
    _promise(company, "a1", "refund", ana(), at(week, WED, 12), team=billing)
    _promise(company, "a2", "callback", ana(), at(week, TUE, 12), team=billing)
    _promise(company, "a3", "followup", ana(), at(week, TUE, 17), team=billing)
    _promise(company, "a4", "followup", dev(), at(week, THU, 12), team=billing)
    _promise(company, "a5", "refund", dev(), at(week, FRI, 12), team=billing)
    _promise(company, "a6", "refund", ana(), at(week, THU, 12), team=billing)
    a7 = _promise(company, "a7", "refund", ana(), at(week, THU, 12), team=billing)
    services.void(a7, by=ana(), reason="Twice", now=at(week, MON, 9, 10))
    _move(company, "a2", at(week, THU, 12), by=ana(), told=Told.PHONE, now=at(week, TUE, 10))
    _done(company, "a3", by=ana(), cause="slipped", now=at(week, WED, 10))
    _done(company, "a1", by=ana(), now=at(week, WED, 11))
    wanted_no_more = company.promises["a6"].pk
    services.release(wanted_no_more, by=ana(), reason="Solved", now=at(week, WED, 12))
    _done(company, "a2", by=ana(), now=at(week, THU, 11))
    _tell(company, "a4", by=dev(), now=at(week, THU, 14))
    _done(company, "a4", by=dev(), cause="took_longer", now=at(week, FRI, 10))
    services.abandon(
        company.promises["a5"].pk, by=dev(), reason="The bank says no", cause="outside",
        now=at(week, FRI, 11),
    )  # fmt: skip


def _second_week(company: Company) -> None:
    week, billing = SECOND_WEEK, company.billing
    _promise(company, "b1", "refund", ana(), at(week, WED, 12), team=billing)
    _promise(company, "b2", "followup", ana(), at(week, THU, 17), team=billing)
    _promise(company, "b3", "callback", ana(), at(week, FRI, 17), team=billing)
    _promise(company, "b4", "refund", None, at(week, MON, 17), team=billing)
    _promise(company, "b5", "followup", dev(), at(week, WED, 12), team=billing)
    _promise(company, "b6", "followup", dev(), at(week, FRI, 12), team=billing)
    _promise(company, "b7", "refund", ana(), at(week, FRI, 12), team=billing)
    _move(company, "b5", at(week, 8, 12), by=dev(), told=Told.NO, now=at(week, WED, 9))
    _done(company, "b1", by=ana(), now=at(week, WED, 10))
    waiting = company.promises["b7"].pk
    services.wait(waiting, by=ana(), what="The account number", now=at(week, WED, 12))
    delivery.run(at(week, WED, 12, 1))
    _move(company, "b6", at(week, 9, 12), by=dev(), told=Told.PHONE, now=at(week, THU, 9))
    _tell(company, "b3", by=ana(), now=at(week, FRI, 17, 10))


def _this_week(company: Company) -> None:
    made_at, billing = at(SECOND_WEEK, FRI, 9), company.billing
    for name, kind, owner, due_at in (
        ("c1", "callback", ana(), at(25, MON, 10)),
        ("c2", "refund", None, at(25, MON, 12)),
        ("c3", "followup", dev(), at(25, MON, 17)),
        ("c4", "refund", ines(), at(25, THU, 12)),
    ):
        _promise(company, name, kind, owner, due_at, team=billing, now=made_at)


def _moves(company: Company) -> None:
    week, moves, kofi = SECOND_WEEK, company.moves, company.kofi
    _promise(company, "m1", "refund", kofi, at(week, THU, 12), team=moves)
    customer = company.promises["b2"].customer
    _promise(company, "m2", "followup", kofi, at(week, FRI, 12), team=moves, customer=customer)
    _done(company, "m1", by=kofi, now=at(week, THU, 10))


def _asked(company: Company) -> None:
    noon = at(SECOND_WEEK, FRI, 12)
    for name in ("a1", "a2", "a3", "a4", "b1"):
        checkins.send_by_hand(company.promises[name].pk, by=ana(), now=noon)
    for name, rating, words in (
        ("a1", 5, ""),
        ("a2", 4, "Thank you for ringing first."),
        ("a4", 3, ""),
        ("a3", 1, "Nobody told me."),
    ):
        check_in = CheckIn.objects.get(items__commitment=company.promises[name])
        reply = checkins.Reply(
            done="yes", still_open=rating == 1, rating=rating, words=words, browser_key=name
        )
        answered = checkins.answer(check_in.pk, reply, now=at(SECOND_WEEK, FRI, 15))
        if answered.follow_up is not None:
            company.promises["c5"] = answered.follow_up


def _promise(
    company: Company,
    name: str,
    kind: str,
    owner: User | None,
    due_at: datetime,
    *,
    team: Team,
    customer: Customer | None = None,
    now: datetime | None = None,
) -> int:
    """To a customer of its own, on the Monday of its week."""
    monday = now or at(due_at.day - due_at.weekday(), MON, 9)
    address = f"{name}@customers.example"
    whom = customer or Customer.objects.create(name=f"Customer {name.upper()}", email=address)
    draft = services.Draft(
        customer_id=whom.pk, team_id=team.pk, kind_id=Kind.objects.get(code=kind).pk,
        owner_id=owner.pk if owner else None, wording=f"Promise {name}", due_at=due_at,
        tell_owner=False,
    )  # fmt: skip
    by = owner or (ana() if team == company.billing else company.kofi)
    made = services.make(draft, by=by, now=monday)
    company.promises[name] = makers.fresh(made)
    return made.pk


def _done(company: Company, name: str, *, by: User, now: datetime, cause: str = "") -> None:
    pk = company.promises[name].pk
    services.fulfil(pk, by=by, how="Done", evidence="R-1", cause=cause, now=now)


def _move(
    company: Company, name: str, due_at: datetime, *, by: User, told: Told, now: datetime
) -> None:
    pk = company.promises[name].pk
    services.move(pk, by=by, due_at=due_at, reason="It takes longer", told=told, now=now)


def _tell(company: Company, name: str, *, by: User, now: datetime) -> None:
    services.attempt(company.promises[name].pk, by=by, came_of_it="reached", now=now)
