"""What a promise stands on is read at once, and as it is at that moment."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.messages.customer import Template, Voice
from commitments.models import (
    Brand,
    Commitment,
    Event,
    Holiday,
    Kind,
    MessageText,
    OpeningHours,
    Policy,
    PolicyVersion,
    Step,
    User,
    ground,
)
from commitments.models.ground import Ground
from tests.makers import HOUR, NOON, a_draft, a_team, ana, dev

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def read(*, by: User | None = None, kind: str = "followup", urgent: bool = False) -> Ground:
    return ground.of_team(
        a_team().pk,
        kind_id=Kind.objects.get(code=kind).pk,
        urgent=urgent,
        text=Template.AGREEMENT,
        by_id=by.pk if by else None,
    )


def test_it_is_what_each_row_says_of_itself() -> None:
    team, kind = a_team(), Kind.objects.get(code="followup")
    version = kind.policy_version(urgent=False)

    found = read(by=ana())

    assert found.team == team
    assert vars(found.team.calendar)["name"] == team.calendar.name
    assert found.role == "agent"
    assert found.kind == kind
    assert found.kind is not None
    for field in Kind._meta.concrete_fields:
        assert getattr(found.kind, field.attname) == getattr(kind, field.attname)
    assert found.version == version
    assert found.version.made_at == version.made_at
    assert found.ladder == version.ladder()
    assert found.hours == team.calendar.hours()
    assert found.brand.name == Brand.current().name


def test_it_is_read_in_one_query_with_what_is_asked_of_it_later() -> None:
    a_team()
    kind, caller = Kind.objects.get(code="followup"), ana()
    team = a_team()

    with CaptureQueriesContext(connection) as asked:
        found = ground.of_team(
            team.pk, kind_id=kind.pk, urgent=False, text=Template.AGREEMENT, by_id=caller.pk
        )
        assert found.team.calendar.hours() == found.hours

    assert len(asked) == 1


def test_a_stranger_and_nobody_have_no_role() -> None:
    a_team()
    stranger = User.objects.create_user("stranger@elsewhere.example", name="Stranger")

    assert read(by=stranger).role is None
    assert read().role is None


def test_the_urgent_stand_under_the_urgent_variant() -> None:
    a_team()
    kind = Kind.objects.get(code="followup")
    swift = Policy.objects.create(name="Swift")
    version = PolicyVersion.objects.create(policy=swift, number=1, made_at=NOON)
    Policy.objects.filter(pk=kind.policy_id).update(urgent_variant=swift)

    assert read(urgent=True).version == version
    assert read(urgent=True).ladder == ()
    assert read(urgent=False).version == kind.policy_version(urgent=False)


def test_a_change_is_seen_at_once() -> None:
    team = a_team()
    before = read()
    kind = Kind.objects.get(code="followup")
    newer = PolicyVersion.objects.create(policy=kind.policy, number=77, made_at=NOON)
    first = Step.objects.filter(version=before.version).order_by("position")[0]
    newer.write((first.rung(),))
    Holiday.objects.create(calendar=team.calendar, on=date(2026, 5, 22), spans=[], name="Closed")
    OpeningHours.objects.filter(calendar=team.calendar, weekday=0).delete()
    Brand.objects.create(pk=1, name="Kettle & Co", logo=b"x", logo_type="png", logo_mark="abc")

    after = read()

    assert after.version == newer
    assert after.ladder == (first.rung(),)
    assert after.hours.exceptions[date(2026, 5, 22)] == ()
    assert after.hours.weekly[0] == ()
    assert after.hours == a_team().calendar.hours()
    assert after.brand.name == "Kettle & Co"


def test_of_our_own_texts_the_newest_is_in_force() -> None:
    a_team()
    for number, language, standard in ((1, "en", False), (2, "en", False), (1, "es", False)):
        MessageText.objects.create(
            template="agreement", language=language, number=number, is_standard=standard,
            subject=f"{language}{number}", heading="Agreed", body="{facts}", made_at=NOON,
        )  # fmt: skip
    MessageText.objects.create(
        template="agreement", language="es", number=2, is_standard=True, made_at=NOON
    )

    voice = Voice.on(read(), Template.AGREEMENT)

    assert voice.own.keys() == {("agreement", "en")}
    assert voice.text(Template.AGREEMENT).subject == "en2"


def test_its_id_is_the_promises() -> None:
    a_team()

    first = services.make(a_draft(), by=ana(), now=NOON)
    second = services.make(a_draft(due_at=NOON + HOUR), by=dev(), now=NOON)

    assert [first.pk, second.pk] == list(Commitment.objects.order_by("pk").values_list(flat=True))
    assert first.pk < second.pk
    assert Event.objects.filter(commitment=second).count() == second.event_count


def test_ids_that_are_given_out_are_nobody_elses() -> None:
    a_team()
    services.make(a_draft(), by=ana(), now=NOON)

    ids = ground.next_ids(3)

    assert ids == sorted(set(ids))
    assert not Commitment.objects.filter(pk__in=ids).exists()
