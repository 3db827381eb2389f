"""The ladder in full, as the sweep climbs it: exact events, exact messages, on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import Absence, Commitment, Customer, Event, Membership, Role, User
from notifications.models import Delivery, Endpoint
from tests.commitments.ladders import a_version, climb_by, mails, put_under, rung, steps_of
from tests.makers import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_commitment,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
    ines,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DUE = NOON + 3 * HOUR


def a_kettle(**fields: object) -> Commitment:
    return a_commitment(due_at=DUE, summary=False, **fields)


def ben() -> User:
    """A second agent of the team."""
    found = a_user("Ben Adeyemi")
    Membership.objects.get_or_create(user=found, team=a_team(), defaults={"role": Role.AGENT})
    return found


def test_a_step_is_said_again_until_the_next_one_is_taken() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, repeat_every=3600, repeat_cap=5), rung(2, 2.5, "lead"))

    for half_hours in range(12):
        sweep.run(DUE + half_hours * 30 * MINUTE)

    assert steps_of(kettle) == [
        ("step_taken", 1, 0, "owner", DUE),
        ("step_taken", 1, 1, "owner", DUE + HOUR),
        ("step_taken", 1, 2, "owner", DUE + 2 * HOUR),
        ("step_taken", 2, 0, "lead", DUE + 150 * MINUTE),
    ]
    assert mails() == [*[("overdue", "ana")] * 3, ("escalation", "dev")]
    keys = Delivery.objects.filter(channel="email").order_by("id").values_list("key", flat=True)
    assert list(keys)[1] == f"{kettle.pk}:1:1:1:u{ana().pk}:email"
    assert fresh(kettle).repetition == 0


def test_after_an_outage_it_is_said_again_once_and_that_it_is_late() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, repeat_every=3600, repeat_cap=9))
    sweep.run(DUE)

    sweep.run(DUE + 7 * HOUR + MINUTE)

    assert [repetition for _, _, repetition, _, _ in steps_of(kettle)] == [0, 1]
    assert fresh(kettle).next_action_at == DUE + 8 * HOUR + MINUTE
    late = Delivery.objects.filter(channel="email").order_by("id").values_list("late", flat=True)
    assert list(late) == [False, True]


def test_two_rounds_at_one_instant_say_it_again_once() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, hands_to="lead", repeat_every=3600, repeat_cap=5))

    for instant in (DUE, DUE, DUE + HOUR, DUE + HOUR):
        sweep.run(instant)

    assert events_of(kettle) == ["made", "breached", "step_taken", "reassigned", "step_taken"]


def test_a_step_hands_the_promise_to_whoever_is_on_duty() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, -0.5), rung(2, 0, "owner", "manager", hands_to="role:agent"))
    ben()
    sweep.run(DUE - 30 * MINUTE)

    sweep.run(DUE)

    now_held = fresh(kettle)
    assert now_held.owner == ben()
    assert events_of(kettle)[-3:] == ["breached", "step_taken", "reassigned"]
    handed = kettle.events.get(kind="reassigned")
    assert (handed.actor, handed.at) == (None, DUE)
    assert handed.changes == {"owner_id": [ana().pk, ben().pk]}
    assert mails() == [("escalation", "ines"), ("handed_over", "ben")]
    withdrawn = Delivery.objects.filter(person=ana())
    assert {(row.template, row.state, row.reason) for row in withdrawn} == {
        ("reminder", "cancelled", "handed to a colleague")
    }


def test_what_the_old_owner_is_told_for_another_reason_is_not_taken_back() -> None:
    kettle, other = a_kettle(case="kettle"), a_kettle(case="other")
    climb_by(kettle, rung(1, 0, hands_to="lead"))
    climb_by(other, rung(1, 0))

    sweep.run(DUE)

    assert fresh(kettle).owner == dev()
    assert fresh(other).owner == ana()
    assert mails() == [("handed_over", "dev"), ("overdue", "ana")]


def test_a_promise_is_never_handed_to_who_has_it() -> None:
    kettle = a_kettle(owner_id=dev().pk if a_team() else None)
    climb_by(kettle, rung(1, 0, hands_to="lead"))

    sweep.run(DUE)

    assert events_of(kettle) == ["made", "breached", "step_taken"]
    assert "not_handed_to" not in kettle.events.get(kind="step_taken").changes
    assert mails()[-1] == ("overdue", "dev")


def test_where_nobody_can_take_it_the_step_says_so() -> None:
    kettle = a_kettle()
    Membership.objects.filter(user__in=[dev(), ines()]).update(role=Role.AUDITOR)
    a_user("Ruth Root", is_superuser=True)
    climb_by(kettle, rung(1, 0, hands_to="lead"))

    sweep.run(DUE)

    assert fresh(kettle).owner == ana()
    assert kettle.events.get(kind="step_taken").changes["not_handed_to"] == "lead"


def test_an_absent_owners_promise_goes_to_their_deputys_deputy() -> None:
    kettle = a_kettle()
    ben()
    for person, deputy in ((ana(), ben()), (ben(), dev())):
        Absence.objects.create(user=person, deputy=deputy, starts_at=NOON, ends_at=NOON + DAY)
    climb_by(kettle, rung(1, 0, hands_to="deputy"))

    sweep.run(DUE)

    assert fresh(kettle).owner == dev()


def test_who_is_here_has_no_deputy_to_hand_it_to() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, hands_to="deputy"))

    sweep.run(DUE)

    assert fresh(kettle).owner == ana()
    assert "not_handed_to" not in kettle.events.get(kind="step_taken").changes


def test_where_nobody_stands_in_for_who_is_away_the_step_says_so() -> None:
    kettle = a_kettle()
    stranger = a_user("Otto Stranger")
    Absence.objects.create(user=ana(), deputy=stranger, starts_at=NOON, ends_at=NOON + DAY)
    climb_by(kettle, rung(1, 0, hands_to="deputy"))

    sweep.run(DUE)

    assert fresh(kettle).owner == ana()
    assert kettle.events.get(kind="step_taken").changes["not_handed_to"] == "deputy"


def test_a_program_is_told_and_learns_no_names() -> None:
    kettle = a_kettle()
    pager = Endpoint.objects.create(
        name="Pager", url="https://pager.example/in", secret="sealed", made_at=NOON
    )
    climb_by(kettle, rung(1, 0, f"webhook:{pager.pk}"))

    sweep.run(DUE)

    told = Delivery.objects.get()
    assert (told.key, told.channel, told.address, told.name, told.template) == (
        f"{kettle.pk}:1:1:0:e{pager.pk}:webhook", "webhook", pager.address, "Pager", "webhook_step",
    )  # fmt: skip
    assert told.person is None
    assert told.context == {
        "type": "promise.step_taken",
        "timestamp": DUE.isoformat(),
        "reference": kettle.reference,
        "url": f"{settings.PUBLIC_URL}/promises/{kettle.reference}/",
        "team": "Billing care",
        "kind": "followup",
        "urgent": False,
        "due_at": DUE.isoformat(),
        "is_overdue": False,
        "is_not_told": False,
        "revision": 1,
        "step": 1,
        "repetition": 0,
    }
    assert steps_of(kettle)[0][3] == f"webhook:{pager.pk}"


def test_where_a_program_is_switched_off_somebody_is_asked() -> None:
    kettle = a_kettle()
    off = Endpoint.objects.create(
        name="Off", url="https://off.example", secret="sealed", made_at=NOON, disabled_at=NOON
    )
    climb_by(kettle, rung(1, 0, f"webhook:{off.pk}"))

    sweep.run(DUE)

    assert steps_of(kettle)[0][3] == "fallback"
    assert mails() == [("escalation", "dev")]


def test_where_an_owner_has_left_somebody_is_asked_at_once_and_told_why() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0))
    User.objects.filter(pk=ana().pk).update(is_active=False)

    sweep.run(DUE)

    assert steps_of(kettle)[0][3] == "fallback"
    told = Delivery.objects.get(channel="email")
    assert (told.template, told.address) == ("escalation", "dev@larkfield.example")
    assert told.context["words"] == (
        "Ana cannot be asked any more. Please find somebody to own it."
    )


@pytest.mark.parametrize(
    ("who", "is_away", "words"),
    [
        ("owner", True, "Ana is away, and nobody stands in."),
        (
            "deputy",
            False,
            "Nobody whom this step of the policy is for is here, so it comes to you.",
        ),
    ],
)
def test_who_is_asked_instead_reads_why(who: str, is_away: bool, words: str) -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, who))
    if is_away:
        stranger = a_user("Otto Stranger")
        Absence.objects.create(user=ana(), deputy=stranger, starts_at=NOON, ends_at=NOON + DAY)

    sweep.run(DUE)

    told = Delivery.objects.get(channel="email", address="dev@larkfield.example")
    assert told.context["words"] == words


def test_where_nobody_owns_it_somebody_is_asked_to_find_an_owner() -> None:
    kettle = a_kettle(owner_id=None)
    climb_by(kettle, rung(1, 0))

    sweep.run(DUE)

    told = Delivery.objects.get(channel="email", template="escalation")
    assert (told.address, told.context["words"]) == (
        "dev@larkfield.example",
        "Please find somebody to own it.",
    )


def test_where_truly_nobody_is_left_the_timeline_says_so() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 0, "owner", "lead"))
    User.objects.update(is_active=False)

    sweep.run(DUE)

    assert events_of(kettle) == ["made", "breached", "step_taken", "message_not_sent"]
    last = kettle.events.get(kind="message_not_sent")
    assert (last.audience, last.changes) == ("staff:nobody", {"because": "nobody"})
    assert not Delivery.objects.exists()


def test_a_role_and_a_person_are_told_each_once() -> None:
    kettle = a_kettle()
    ben()
    climb_by(kettle, rung(1, 0, "role:agent", f"person:{ana().pk}", f"person:{ines().pk}"))

    sweep.run(DUE)

    assert sorted(mails()) == [("escalation", "ana"), ("escalation", "ben"), ("escalation", "ines")]


def test_approved_words_reach_the_customer() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 1, "customer", words="The part is held up at the border."))

    sweep.run(DUE + HOUR)

    said = Delivery.objects.get(audience="customer")
    assert "The part is held up at the border." in said.text
    assert "The part is held up at the border." in said.html


def test_a_note_that_would_be_hours_late_asks_the_owner_instead() -> None:
    kettle = a_kettle()
    climb_by(kettle, rung(1, 1, "manager", "customer"))

    sweep.run(DUE + 6 * HOUR)

    assert events_of(kettle) == ["made", "breached", "step_taken", "message_not_sent"]
    last = kettle.events.get(kind="message_not_sent")
    assert (last.audience, last.changes) == ("customer:slip_note", {"because": "late"})
    assert mails() == [("undelivered", "ana"), ("escalation", "ines")]


def test_a_nudge_that_would_be_hours_late_asks_the_owner_instead() -> None:
    kettle = a_commitment(due_at=NOON + 20 * DAY, summary=False)
    services.wait(kettle.pk, by=ana(), what="A photo of the meter", now=NOON)
    Delivery.objects.all().delete()

    sweep.run(NOON + 10 * DAY)

    assert events_of(kettle) == ["made", "waited", "nudged", "message_not_sent"]
    assert mails() == [("undelivered", "ana")]


def test_two_days_of_downtime_end_in_one_step_each_and_no_stale_mail() -> None:
    for number in range(12):
        kettle = a_kettle(case=f"{number}")
        climb_by(kettle, *(rung(place, place, "owner", "customer") for place in range(1, 11)))

    sweep.run(DUE + 2 * DAY)

    assert Event.objects.filter(kind="step_taken").count() == 12
    assert not Delivery.objects.filter(audience="customer").exists()
    assert Delivery.objects.filter(late=False).count() == 0
    clocks = set(Commitment.objects.values_list("next_action_at", flat=True))
    assert clocks == {DUE + 2 * DAY + HOUR}


def test_the_number_of_queries_does_not_grow_with_any_of_it() -> None:
    """Hand-overs from and to many, repetitions, programs, second breaches, customers."""
    pager = Endpoint.objects.create(name="Pager", url="https://p.example", secret="s", made_at=NOON)
    a_team()
    version = a_version(
        rung(1, 0, "owner", f"webhook:{pager.pk}", hands_to="role:agent", repeat_every=600,
             repeat_cap=3),
        rung(2, 1, "customer", f"person:{ines().pk}", "role:lead", words="A part is missing."),
        rung(3, 9, "manager"),
        name="Everything",
    )  # fmt: skip
    counts = []
    for batch in (3, 30):
        owners = [a_user(f"Agent{batch}x{number} Smith") for number in range(batch)]
        made = []
        for number, owner in enumerate(owners):
            Membership.objects.create(user=owner, team=a_team(), role=Role.AGENT)
            for again in range(2):  # of two, the second breach
                whom = Customer.objects.get_or_create(
                    name=f"C{batch}-{number}", email=f"c{batch}-{number}@customers.example"
                )[0]
                made.append(
                    a_kettle(case=f"{batch}-{number}-{again}", owner_id=owner.pk, customer=whom)
                )
        put_under(version, *made)
        for instant in (DUE, DUE + 10 * MINUTE, DUE + HOUR):
            with CaptureQueriesContext(connection) as queries:
                sweep.run(instant)
            counts.append(len(queries))
        Commitment.objects.update(next_action="", next_action_at=None)

    assert counts[:3] == counts[3:]
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert (kinds["reassigned"], kinds["step_taken"], kinds["breached"]) == (33, 4 * 33, 66)
    assert Delivery.objects.filter(audience="customer").count() == 33
    assert Delivery.objects.filter(channel="webhook").count() == 2 * 33
