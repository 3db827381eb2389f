"""Incident reviews: who holds them, what they look at, and decisions that are promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from commitments import services, sweep
from commitments.errors import CommitmentError
from commitments.models import (
    CheckIn,
    Commitment,
    Customer,
    Decision,
    Kind,
    Membership,
    Review,
    Role,
    User,
)
from commitments.services.reviewing import DECISION
from notifications.models import Delivery
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY = datetime(2026, 5, 29, 17, 30, tzinfo=UTC)
STORM = services.Findings(title="The week of the storm", happened="Mails lay for a day.")


def a_review(*promises: Commitment, by: User | None = None) -> Review:
    team = makers.a_team()
    pks = [each.pk for each in promises]
    return services.begin_review(team.pk, STORM, promises=pks, by=by or makers.dev(), now=NOON)


def a_decision(review: Review) -> Commitment:
    return services.decide(
        review.pk,
        wording="Look at the mail queue each morning",
        owner_id=makers.ana().pk,
        due_at=FRIDAY,
        by=makers.dev(),
        now=NOON,
    )


def test_a_review_is_begun_with_the_promises_it_looks_at():
    kettle = makers.a_commitment()

    review = a_review(kettle)

    assert (review.title, review.begun_by, review.version) == (STORM.title, makers.dev(), 1)
    assert list(review.promises.all()) == [kettle]


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUDITOR])
def test_agents_and_auditors_hold_no_reviews(role: Role):
    makers.a_team()
    Membership.objects.filter(user=makers.dev()).update(role=role)

    with pytest.raises(CommitmentError, match="Only a lead or a manager"):
        a_review()

    assert not Review.objects.exists()


def test_another_teams_promise_cannot_be_looked_at():
    kettle = makers.a_commitment()
    moves = makers.a_team("Moves")

    with pytest.raises(CommitmentError, match="Only promises of Moves") as refused:
        services.begin_review(moves.pk, STORM, promises=[kettle.pk], by=makers.dev(), now=NOON)

    assert refused.value.field == "promises"
    assert not Review.objects.exists()


def test_a_promise_is_taken_in_once_and_left_out_again():
    kettle = makers.a_commitment()
    review = a_review(kettle)

    services.look_at(review.pk, promises=[kettle.pk], by=makers.ines())
    assert list(review.promises.all()) == [kettle]

    for _ in range(2):
        services.leave_out(review.pk, promise=kettle.pk, by=makers.ines())
    assert not review.promises.exists()


def test_a_review_holds_a_hundred_promises_at_most():
    review = a_review(makers.a_commitment())
    first = makers.a_commitment()
    rest = [makers.a_commitment(conversation_id=first.conversation_id).pk for _ in range(99)]
    services.look_at(review.pk, promises=rest, by=makers.dev())

    with pytest.raises(CommitmentError, match="100 promises at most"):
        services.look_at(review.pk, promises=[first.pk], by=makers.dev())

    assert review.promises.count() == 100


def test_what_somebody_else_changed_is_not_saved_over():
    review = a_review()
    services.edit_review(
        review.pk,
        services.Findings(title="Storm", happened="Mails lay for two days.", why="No alarm."),
        seen=1,
        by=makers.ines(),
    )

    with pytest.raises(CommitmentError, match="Somebody else changed this review"):
        services.edit_review(review.pk, STORM, seen=1, by=makers.dev())

    review.refresh_from_db()
    assert (review.title, review.why, review.version) == ("Storm", "No alarm.", 2)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", ""),
        ("title", "x" * 151),
        ("happened", "  "),
        ("happened", "a\x00b"),
        ("why", "\ud800"),
        ("why", "x" * 4001),
    ],
    ids=range(6),
)
def test_words_that_cannot_be_kept_are_refused_at_their_field(field: str, words: str):
    said = {"title": "Storm", "happened": "Mails lay.", "why": ""} | {field: words}

    with pytest.raises(CommitmentError) as refused:
        services.begin_review(
            makers.a_team().pk, services.Findings(**said), by=makers.dev(), now=NOON
        )

    assert refused.value.field == field


def test_a_decision_is_a_promise_to_the_team_with_an_owner_and_a_day():
    review = a_review(makers.a_commitment())

    decided = a_decision(review)

    made = makers.fresh(decided)
    assert (made.owner, made.due_at, made.customer.name) == (makers.ana(), FRIDAY, "Billing care")
    assert (made.kind.code, made.kind.for_customers) == (DECISION, False)
    assert Decision.objects.get() == Decision.objects.get(review=review, commitment=made)
    assert made.next_action == "step"


def test_all_decisions_of_a_team_are_promised_to_the_same():
    review = a_review()

    first, second = a_decision(review), a_decision(review)

    assert first.customer_id == second.customer_id
    assert first.conversation_id == second.conversation_id
    assert Kind.objects.filter(code=DECISION).count() == 1
    assert Customer.objects.filter(external_source="team").count() == 1


def test_the_owner_is_told_of_a_decision():
    review = a_review()

    a_decision(review)

    sent = set(Delivery.objects.values_list("audience", "person", "template"))
    assert sent == {("staff", makers.ana().pk, "handed_over")}


def test_nothing_of_a_decision_ever_goes_to_a_customer_or_is_missed_there():
    decided = a_decision(a_review())
    pk, ana = decided.pk, makers.ana()
    services.update(pk, by=ana, words="Half done", tell_customer=True, now=NOON + HOUR)
    moved = {"due_at": FRIDAY + 3 * DAY, "reason": "Ill", "told": services.Told.MESSAGE}
    services.move(pk, by=ana, now=NOON + 2 * HOUR, **moved)
    for days in range(1, 20):
        sweep.run(NOON + days * DAY)
    services.fulfil(pk, by=ana, how="There", cause="too_much", now=NOON + 20 * DAY)

    assert not Delivery.objects.filter(audience="customer").exists()
    assert "message_not_sent" not in makers.events_of(decided)
    assert not CheckIn.objects.exists()


def test_a_late_decision_climbs_to_the_lead_and_the_manager():
    decided = a_decision(a_review())
    Delivery.objects.all().delete()

    for hours in range(0, 24 * 20, 4):
        sweep.run(NOON + hours * HOUR + MINUTE)

    told = Delivery.objects.values_list("person", "template").distinct()
    assert set(told) == {
        (makers.ana().pk, "reminder"),
        (makers.ana().pk, "overdue"),
        (makers.dev().pk, "escalation"),
        (makers.ines().pk, "escalation"),
    }
    assert makers.fresh(decided).breached_at == FRIDAY


def test_a_renamed_team_is_called_by_its_new_name():
    review = a_review()
    a_decision(review)
    review.team.name = "Bills and refunds"
    review.team.save()

    assert a_decision(review).customer.name == "Bills and refunds"


def test_a_decision_that_cannot_be_made_leaves_nothing_behind():
    review = a_review()

    with pytest.raises(CommitmentError):
        services.decide(
            review.pk,
            wording="Yesterday",
            owner_id=makers.ana().pk,
            due_at=NOON - DAY,
            by=makers.dev(),
            now=NOON,
        )

    assert not Decision.objects.exists()
    assert not Commitment.objects.exists()


def test_nobody_is_offered_the_kind_of_decisions():
    a_decision(a_review())

    assert DECISION not in Kind.objects.for_customers().values_list("code", flat=True)
    assert DECISION in Kind.objects.in_use().values_list("code", flat=True)


def test_the_database_holds_a_promise_once_in_a_review():
    kettle = makers.a_commitment()
    review = a_review(kettle)

    with pytest.raises(IntegrityError), transaction.atomic():
        review.looked_at.create(commitment=kettle)


def test_reviews_are_seen_by_leads_managers_and_auditors_of_the_team_alone():
    review = a_review()
    sam = makers.a_user("Sam Root", is_superuser=True)
    noor = makers.a_user("Noor Haddad")
    Membership.objects.create(user=noor, team=makers.a_team("Moves"), role=Role.MANAGER)
    omar = makers.a_user("Omar Auditor")
    Membership.objects.create(user=omar, team=review.team, role=Role.AUDITOR)

    def see(user: User) -> bool:
        return Review.objects.visible_to(user).exists()

    people = [makers.dev(), makers.ines(), omar, sam, makers.ana(), noor]
    assert [see(each) for each in people] == [True, True, True, True, False, False]
