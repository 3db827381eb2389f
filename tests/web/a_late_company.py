"""A company by hand that has everything the overdue report counts."""

from __future__ import annotations

from datetime import timedelta

from commitments import services
from commitments.models import Commitment, Membership, Role, Team
from commitments.reports import rolling
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON


def late(
    wording: str = "Late", *, by: timedelta = HOUR, told: bool = False, **fields: object
) -> Commitment:
    made = makers.a_commitment(wording=wording, due_at=NOON - by, now=NOON - 20 * DAY, **fields)
    if told:
        Commitment.objects.filter(pk=made.pk).update(told_at=NOON - MINUTE)
    return made


def moves() -> Team:
    """A second team of Ines's, with an agent of its own."""
    makers.a_team()
    team, is_new = Team.objects.get_or_create(
        name="Moves", defaults={"calendar": makers.a_team().calendar}
    )
    if is_new:
        for user, role in ((mia(), Role.AGENT), (makers.ines(), Role.MANAGER)):
            Membership.objects.create(user=user, team=team, role=role)
    return team


def mia() -> makers.User:
    return makers.a_user("Mia Mover")


def move_late(wording: str = "Book the van") -> Commitment:
    moves()
    draft = makers.a_draft(team=moves(), owner_id=mia().pk, wording=wording, due_at=NOON - HOUR)
    return services.make(draft, by=mia(), now=NOON - DAY)


def a_company() -> None:
    """NOON is a Thursday; the teams work from 9:00 to 17:30.

    Overdue, by how long in working time:
      1 h           Call back (told), Book the van (of Moves)          under 2 hours: 2, 1 told
      3 h           Explain the bill                                    2 to 8 hours: 1
      since Wed 10  Send the label (nobody's)                           1 working day: 1
      since Tue 10  Mend the meter (told)                               2 to 3 days: 1, 1 told
      since May 11  Find the credit                                     over 3 days: 1
    Due within 4 hours: at 13:00 of Ana's, who is at work; at 14:00 of nobody.
    Later today: 17:00. Later: tomorrow. Waiting, disputed and kept ones stand beside.
    """
    late("Call back", told=True)
    move_late()
    late("Explain the bill", by=3 * HOUR)
    late("Send the label", by=26 * HOUR, owner_id=None)
    late("Mend the meter", by=50 * HOUR, told=True)
    late("Find the credit", by=10 * DAY)
    makers.a_commitment(wording="Ring", due_at=NOON + HOUR)
    makers.a_commitment(wording="Write", due_at=NOON + 2 * HOUR, owner_id=None)
    makers.a_commitment(wording="Visit", due_at=NOON + 5 * HOUR)
    wrong = makers.a_commitment(wording="Refund", due_at=NOON + DAY)
    services.dispute(wrong.pk, words="You said Thursday.", now=NOON)
    waiting = makers.a_commitment(wording="Read", due_at=NOON + DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)
    for number in range(12):
        kept = makers.a_commitment(wording=f"Kept {number}", due_at=NOON - DAY, now=NOON - 3 * DAY)
        services.fulfil(kept.pk, by=makers.ana(), how="Sent", now=NOON - 2 * DAY)
    rolling.run(NOON)
