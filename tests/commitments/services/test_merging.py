"""Two entries of one customer become one: everything follows, and the old id with it."""

from __future__ import annotations

from typing import Any

import pytest

from commitments import services
from commitments.errors import CommitmentError
from commitments.models import (
    CheckIn,
    CheckInItem,
    Commitment,
    Conversation,
    Customer,
    Event,
    EventText,
    Membership,
    Role,
    Suggestion,
    Team,
    User,
)
from commitments.models.event import first_broken_link
from commitments.rules.lifecycle import IllegalMoveError, NotAllowedError
from notifications.models import Delivery
from tests.api.callers import another_team
from tests.api.counting import queries_of
from tests.makers import (
    DAY,
    HOUR,
    NOON,
    a_commitment,
    a_draft,
    a_team,
    a_user,
    ana,
    dev,
    events_of,
    fresh,
    tom,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + HOUR


def thomas(**fields: Any) -> Customer:
    """Tom once more, entered by another name."""
    usual = {"name": "Thomas Okafor", "email": "thomas@work.example", "phone": "0100"}
    return Customer.objects.create(**(usual | fields))


def merged(gone: Customer, kept: Customer, by: User | None = None) -> Customer:
    return services.merge(gone.pk, into_id=kept.pk, by=by or ana(), now=LATER)


def both_known() -> tuple[Customer, Customer]:
    """Thomas, who is to go, and Tom, each promised something."""
    gone = thomas()
    a_commitment(customer=gone, case="2")
    a_commitment(customer=tom())
    return gone, tom()


def everything() -> list[object]:
    kept = (Customer, Conversation, Commitment, CheckIn, CheckInItem, Event, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in kept]


def kept_promise(customer: Customer, **fields: Any) -> Commitment:
    made = a_commitment(customer=customer, now=NOON - DAY, due_at=NOON + 5 * HOUR, **fields)
    return services.fulfil(made.pk, by=ana(), how="Sent.", now=NOON - DAY + HOUR)


def test_promises_and_conversations_follow_and_each_promise_says_so():
    gone, kept = both_known()
    theirs = Commitment.objects.get(customer=gone)

    answer = merged(gone, kept)

    assert answer == kept
    assert not Commitment.objects.filter(customer=gone).exists()
    assert not Conversation.objects.filter(customer=gone).exists()
    assert events_of(theirs)[-1] == "customer_merged"
    event = theirs.events.latest("sequence")
    assert event.changes == {"customer_id": [gone.pk, kept.pk]}
    assert (event.actor, event.visible) == (ana(), False)
    assert event.words == "The other entry was called Thomas Okafor."
    assert first_broken_link(fresh(theirs)) is None
    assert fresh(theirs).head_hash == event.hash


def test_the_promises_of_the_one_who_stays_are_left_alone():
    gone, kept = both_known()
    own = Commitment.objects.get(customer=kept)
    before = fresh(own).event_count

    merged(gone, kept)

    assert fresh(own).event_count == before


def test_every_table_that_names_a_customer_follows():
    """A new one joins `merging` and this list."""
    named = {
        field.related_model._meta.object_name
        for field in Customer._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete
    }

    assert named == {"Conversation", "Commitment", "CheckIn", "Suggestion", "Customer"}


def test_what_others_propose_follows():
    gone, kept = both_known()
    Suggestion.objects.create(
        team=a_team(),
        customer=gone,
        source="mail",
        source_key="x",
        said_at=NOON,
        expires_at=NOON + DAY,
    )

    merged(gone, kept)

    assert Suggestion.objects.get().customer == kept


def test_what_is_not_known_yet_is_learnt_and_what_is_known_stays():
    gone = thomas(zone="Europe/Madrid", external_source="crm", external_id="7")
    a_commitment(customer=gone, case="2")
    Customer.objects.filter(pk=tom().pk).update(phone="", language="es")
    a_commitment(customer=tom())

    kept = merged(gone, tom())

    kept.refresh_from_db()
    assert (kept.name, kept.email) == ("Tom Okafor", "tom@customers.example")
    assert (kept.phone, kept.zone, kept.language) == ("0100", "Europe/Madrid", "es")
    assert (kept.external_source, kept.external_id) == ("crm", "7")


def test_whoever_is_called_by_what_the_other_entry_said_is_the_one_who_stays():
    gone, kept = both_known()
    Customer.objects.filter(pk=kept.pk).update(external_source="crm", external_id="1")
    Customer.objects.filter(pk=gone.pk).update(external_source="crm", external_id="2")
    merged(gone, kept)

    def known(**said: str) -> Customer:
        return services.customer_for(team=a_team(), name="T", **said)

    assert known(email="THOMAS@work.example") == known(phone="0100") == kept
    assert known(external_source="crm", external_id="2") == kept
    assert known(external_source="crm", external_id="1") == kept
    assert Customer.objects.count() == 2


def test_what_is_promised_to_the_old_id_is_promised_to_the_new_one():
    gone, kept = both_known()
    talk = Conversation.objects.get(customer=gone)
    merged(gone, kept)

    by_id = services.make(a_draft(customer=gone, case="9"), by=ana(), now=LATER)
    in_talk = services.make(a_draft(conversation_id=talk.pk), by=ana(), now=LATER)

    assert by_id.customer == in_talk.customer == kept
    assert by_id.conversation.customer == kept


def test_the_same_again_changes_nothing():
    gone, kept = both_known()
    merged(gone, kept)
    before = everything()

    assert merged(gone, kept) == kept
    assert merged(kept, gone) == kept
    assert everything() == before


def test_ids_lead_to_the_last_one_however_often_it_was_merged():
    gone, kept = both_known()
    third = thomas(name="T. Okafor")
    a_commitment(customer=third, case="3")
    merged(gone, kept)

    merged(kept, third)

    assert {each.merged_into for each in Customer.objects.exclude(pk=third.pk)} == {third}
    assert Customer.objects.known_as(gone.pk).get() == third
    assert Customer.objects.known_as(third.pk).get() == third


def test_one_who_has_been_merged_with_another_is_refused():
    gone, kept = both_known()
    third = thomas(name="T. Okafor")
    a_commitment(customer=third, case="3")
    merged(gone, kept)
    before = everything()

    for pair in ((gone, third), (third, gone)):
        with pytest.raises(IllegalMoveError):
            merged(*pair)

    assert everything() == before


@pytest.mark.parametrize("fields", [{"erased_at": NOON}, {"external_source": "team"}])
@pytest.mark.parametrize("which", [0, 1])
def test_nobody_and_our_own_teams_are_not_merged(fields, which):
    pair = both_known()
    Customer.objects.filter(pk=pair[which].pk).update(**fields)
    before = everything()

    with pytest.raises(CommitmentError):
        merged(*pair)

    assert everything() == before


def test_nobody_is_merged_with_themselves():
    a_commitment()

    with pytest.raises(CommitmentError):
        merged(tom(), tom())


def test_who_only_looks_on_or_is_a_stranger_merges_nobody():
    pair = both_known()
    eve, sam = a_user("Eve Audit"), a_user("Sam Stranger")
    Membership.objects.create(user=eve, team=a_team(), role=Role.AUDITOR)
    before = everything()

    for person in (eve, sam):
        with pytest.raises(NotAllowedError):
            merged(*pair, by=person)

    assert everything() == before


def test_what_another_team_has_to_do_with_goes_only_by_who_acts_there_too():
    gone, kept = both_known()
    repairs = another_team()
    services.make(a_draft(team=repairs, customer=gone, owner_id=None), by=None, now=NOON)
    before = everything()

    with pytest.raises(NotAllowedError) as no:
        merged(gone, kept)
    refused = everything()
    other_way = services.merge(kept.pk, into_id=gone.pk, by=ana(), now=LATER)

    assert "Not only your teams" in str(no.value)
    assert refused == before
    assert other_way == gone


def test_an_administrator_and_who_acts_in_all_teams_may():
    gone, kept = both_known()
    repairs = another_team()
    services.make(a_draft(team=repairs, customer=gone, owner_id=None), by=None, now=NOON)
    Membership.objects.create(user=dev(), team=repairs, role=Role.AGENT)

    assert merged(gone, kept, by=dev()) == kept
    third = thomas(name="T. Okafor")
    assert merged(third, kept, by=a_user("Root Admin", is_superuser=True)) == kept


def test_more_promises_cost_no_more_queries():
    def queries(count: int) -> int:
        gone = thomas(name=f"Thomas {count}")
        for number in range(count):
            a_commitment(customer=gone, case=f"{count}-{number}")
        return len(queries_of(lambda: merged(gone, tom())))

    a_commitment()

    assert queries(1) == queries(12) <= 30
    assert EventText.objects.filter(event__kind="customer_merged").count() == 13


def test_a_team_that_is_gone_from_hides_nothing():
    """Whoever saw the promises before sees them after, and nobody else does."""
    gone, kept = both_known()
    repairs = another_team()
    services.make(a_draft(team=repairs, customer=kept, owner_id=None, case="5"), by=None, now=NOON)
    paula = a_user("Paula Repairs")
    Membership.objects.create(user=paula, team=Team.objects.get(pk=repairs.pk))
    before = set(Commitment.objects.visible_to(paula).values_list("pk", flat=True))

    merged(gone, kept)

    assert set(Commitment.objects.visible_to(paula).values_list("pk", flat=True)) == before
