"""Two days without a sweep: each owner reads one digest that says it is late, and nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import LazySettings

from commitments import services, sweep
from commitments.models import Commitment, User
from notifications import delivery
from notifications.models import Delivery
from tests.makers import DAY, HOUR, MINUTE, NOON, a_draft, a_team, a_user, ana
from tests.notifications.bundles import text_of
from tests.smtp import sink as a_sink

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OWNERS = ("Ana Lindqvist", "Bo Amara", "Cem Yildiz")
EACH = 30
BACK = NOON + 2 * DAY


def promises_of(owner: User) -> None:
    """As many as everybody has, due in the first hours after the lights went out."""
    for number in range(EACH):
        draft = a_draft(
            owner_id=owner.pk,
            due_at=NOON + 2 * HOUR + number * MINUTE,
            case=f"{owner.pk}-{number}",
            summary=False,
        )
        services.make(draft, by=ana(), now=NOON)


def owners() -> list[User]:
    team = a_team()
    people = [a_user(name) for name in OWNERS]
    for person in people:
        team.memberships.get_or_create(user=person, defaults={"role": "agent"})
    return people


def test_after_two_days_down_each_owner_reads_one_digest_that_says_so(settings: LazySettings):
    people = owners()
    for person in people:
        promises_of(person)
    Delivery.objects.all().delete()

    with a_sink() as far_end:
        settings.EMAIL_URL = far_end.url
        for second in range(0, 10, 2):  # the sweep goes round by round, and so does delivery
            sweep.run(BACK + second * MINUTE / 60, batch=25)
            delivery.run(BACK + second * MINUTE / 60)
        assert far_end.accepted == []
        delivery.run(BACK + 2 * MINUTE)

    to_owners = [mail for mail in far_end.accepted if mail.recipient in {p.email for p in people}]
    assert Counter(mail.recipient for mail in to_owners) == {p.email: 1 for p in people}
    for mail in to_owners:
        assert mail.message["Subject"].startswith(f"{EACH} things about your promises: ")
        assert text_of(mail).split("\n")[0] == (
            "This comes late: we could not send from Thu 21 May, 2:00 pm to Sat 23 May, 12:00 noon."
        )
    assert Commitment.objects.filter(breached_at__isnull=True).count() == 0
