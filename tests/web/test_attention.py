"""Who is led to messages that failed, and to whose."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import copy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment
from commitments.models.event import first_broken_link
from commitments.web import attention
from notifications import outbox
from notifications.models import Delivery
from tests import makers
from tests.web import pages

pytestmark = pytest.mark.django_db
ATTENTION = "/needs-attention/"


def failed(about: Commitment) -> Delivery:
    """Its summary was refused."""
    found = Delivery.objects.filter(about=about.about, channel="email")
    found.update(state="failed", settled_at=makers.NOON, attempt_at=None, reason="no such mailbox")
    return found.get()


def page_of(promise: Commitment) -> str:
    return f"/promises/{promise.reference}/"


def links(client: Client) -> tuple[bool, bool]:
    """Whether the account menu leads to what needs attention, and to the outbox."""
    page = client.get("/promises/").content.decode()
    return f'href="{ATTENTION}"' in page, 'href="/outbox/"' in page


def test_a_manager_sees_to_what_failed_of_their_team() -> None:
    delivery = failed(makers.a_commitment())
    manager = pages.signed_in(makers.ines())

    page = manager.get(ATTENTION)
    settled = manager.post(f"{ATTENTION}{delivery.pk}/settled/")

    assert "no such mailbox" in pages.text(page)
    assert settled.status_code == 302
    assert not Delivery.objects.needing_attention().exists()


def too_old(about: Commitment, template: str = "agreement") -> Delivery:
    """Its mail to the customer was never sent."""
    delivery = failed(about)
    delivery.state, delivery.template = "expired", template
    delivery.save()
    return delivery


def test_what_grew_too_old_for_its_customer_may_be_sent_again_by_a_person() -> None:
    promise = makers.a_commitment()
    delivery = too_old(promise)
    owner = pages.signed_in(makers.ana())

    seen = [pages.text(owner.get(path)) for path in (ATTENTION, page_of(promise))]
    owner.post(f"{ATTENTION}{delivery.pk}/send-again/")

    assert all("Send again" in page for page in seen)
    assert Delivery.objects.filter(key=f"{delivery.key}:again-1", state="queued").exists()
    assert not Delivery.objects.needing_attention().exists()


@pytest.mark.parametrize("template", ["slip_note", "slip_reason", "still_open"])
def test_what_is_overtaken_is_not_sent_again_and_the_page_says_what_to_do(template: str) -> None:
    promise = makers.a_commitment()
    delivery = too_old(promise, template)
    owner = pages.signed_in(makers.ana())

    seen = [pages.text(owner.get(path)) for path in (ATTENTION, page_of(promise))]
    refused = owner.post(f"{ATTENTION}{delivery.pk}/send-again/", follow=True)

    assert all("Please call, or write an update instead" in page for page in seen)
    assert not any("Send again" in page for page in seen)
    assert "as it stood then" in pages.text(refused)
    assert Delivery.objects.get() == delivery
    assert Delivery.objects.needing_attention().get() == delivery


def test_who_asked_for_no_more_is_not_sent_again_what_failed() -> None:
    delivery = failed(makers.a_commitment())
    makers.Customer.objects.update(stopped_at=makers.NOON)
    owner = pages.signed_in(makers.ana())

    refused = owner.post(f"{ATTENTION}{delivery.pk}/send-again/", follow=True)

    assert "They asked for no more e-mails, or cannot be written to. Please call." in pages.text(
        refused
    )
    assert Delivery.objects.get() == delivery
    assert Delivery.objects.needing_attention().get() == delivery


def test_a_colleagues_nag_that_grew_too_old_needs_nobody() -> None:
    promise = makers.a_commitment()
    too_old(promise)
    Delivery.objects.update(audience="staff", person=makers.ana())

    assert attention.count_for(makers.ines()) == 0
    assert "Messages that need you" not in pages.text(
        pages.signed_in(makers.ines()).get(page_of(promise))
    )


def test_what_failed_of_another_team_does_not_exist_for_a_manager() -> None:
    delivery = failed(makers.a_commitment())
    stranger = makers.a_user("Mia Mover")
    moves = makers.Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    makers.Membership.objects.create(user=stranger, team=moves, role=makers.Role.MANAGER)
    manager = pages.signed_in(stranger)

    page = manager.get(ATTENTION)
    refused = manager.post(f"{ATTENTION}{delivery.pk}/send-again/")

    assert "Nothing needs attention" in pages.text(page)
    assert refused.status_code == 404
    assert Delivery.objects.needing_attention().get() == delivery


def test_the_account_menu_leads_where_one_may_go(settings: object) -> None:
    settings.EMBEDDED = True  # type: ignore[attr-defined]  # pytest-django's settings
    makers.a_team()
    sam = makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")

    assert links(pages.signed_in(sam)) == (True, True)
    assert links(pages.signed_in(makers.ines())) == (True, False)
    assert links(pages.signed_in(makers.ana())) == (False, False)


def test_who_owns_a_promise_is_led_to_what_its_customer_may_have_missed() -> None:
    delivery = failed(makers.a_commitment())
    owner = pages.signed_in(makers.ana())

    assert links(owner) == (True, False)
    assert "no such mailbox" in pages.text(owner.get(ATTENTION))
    settled = owner.post(f"{ATTENTION}{delivery.pk}/settled/", {"note": "I called him"})

    assert settled.status_code == 302
    assert not Delivery.objects.needing_attention().exists()
    assert links(owner) == (False, False)


@pytest.mark.parametrize("person", ["Dev Shah", "Olga Other"])
def test_what_another_owns_is_no_colleagues_business(person: str) -> None:
    promise = makers.a_commitment()
    delivery = failed(promise)
    if person == "Olga Other":
        olga = makers.a_user(person)
        makers.Membership.objects.create(user=olga, team=promise.team, role=makers.Role.AUDITOR)
    colleague = pages.signed_in(makers.a_user(person))

    assert "Nothing needs attention" in pages.text(colleague.get(ATTENTION))
    assert colleague.post(f"{ATTENTION}{delivery.pk}/settled/").status_code == 404
    assert "Messages that need you" not in pages.text(colleague.get(page_of(promise)))
    assert Delivery.objects.needing_attention().get() == delivery


def test_a_note_stands_on_the_timeline_in_the_name_of_who_wrote_it() -> None:
    promise = makers.a_commitment()
    delivery = failed(promise)

    pages.signed_in(makers.ines()).post(
        f"{ATTENTION}{delivery.pk}/settled/", {"note": "Called\x00 him,\nhe knows"}
    )

    event = makers.fresh(promise).events.latest("sequence")
    assert (event.kind, event.actor, event.words) == (
        "updated",
        makers.ines(),
        "Called him, he knows",
    )
    assert (event.visible, event.audience) == (False, "team")
    assert first_broken_link(makers.fresh(promise)) is None


def test_no_note_stands_where_nothing_was_settled() -> None:
    promise = makers.a_commitment()
    delivery, before = failed(promise), makers.events_of(promise)
    Delivery.objects.update(attended_at=makers.NOON)

    with pytest.raises(outbox.StillUnderWay):
        outbox.attend(delivery.pk, by_id=makers.ines().pk, note="Called.", now=makers.NOON)

    assert makers.events_of(promise) == before


def test_settled_without_a_note_the_timeline_stays_as_it_is() -> None:
    promise = makers.a_commitment()
    delivery = failed(promise)
    before = makers.events_of(promise)

    pages.signed_in(makers.ines()).post(f"{ATTENTION}{delivery.pk}/settled/", {"note": " "})

    assert makers.events_of(promise) == before


def test_the_promises_own_page_offers_what_can_be_done_and_leads_back() -> None:
    promise = makers.a_commitment()
    delivery = failed(promise)
    owner = pages.signed_in(makers.ana())

    page = owner.get(page_of(promise))
    back = owner.post(f"{ATTENTION}{delivery.pk}/send-again/", {"next": page_of(promise)})

    assert "Messages that need you" in pages.text(page)
    assert 'href="tel:07555550142"' in page.content.decode()
    assert back["Location"] == page_of(promise)
    assert Delivery.objects.filter(key=f"{delivery.key}:again-1", state="queued").exists()


@pytest.mark.parametrize("asked", ["//evil.example/", "https://evil.example/", "/\\evil", ""])
def test_nobody_is_led_elsewhere(asked: str) -> None:
    delivery = failed(makers.a_commitment())

    back = pages.signed_in(makers.ines()).post(
        f"{ATTENTION}{delivery.pk}/settled/", {"next": asked}
    )

    assert back["Location"] == ATTENTION


def test_the_page_says_what_it_is_about_and_how_to_reach_them() -> None:
    promise = makers.a_commitment()
    failed(promise)
    Delivery.objects.update(bounced_at=makers.NOON)
    sam = makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")

    page = pages.signed_in(sam).get(ATTENTION)

    assert "Came back" in pages.text(page)
    html = page.content.decode()
    assert f'href="{page_of(promise)}"' in html
    assert 'href="tel:07555550142"' in html
    assert f'href="/admin/commitments/customer/{promise.customer_id}/change/"' in html


def test_who_may_not_change_a_customer_is_not_led_there() -> None:
    failed(makers.a_commitment())

    page = pages.signed_in(makers.ines()).get(ATTENTION)

    assert "Correct the address" not in pages.text(page)


def test_managers_see_to_what_failed_for_colleagues_and_owners_do_not() -> None:
    promise = makers.a_commitment()
    Delivery.objects.all().delete()
    facts = {
        "about": promise.about,
        "audience": "staff",
        "person": makers.ana(),
        "channel": "email",
        "language": "en",
        "template": "reminder",
        "context": {},
        "urgent": False,
        "state": "failed",
        "not_before": makers.NOON,
        "enqueued_at": makers.NOON,
        "settled_at": makers.NOON,
    }
    Delivery.objects.create(key="1", **facts)
    Delivery.objects.create(key="2", **facts | {"about": f"user:{makers.ana().pk}"})

    assert attention.count_for(makers.ines()) == 2
    assert attention.count_for(makers.ana()) == 0
    for person, seen in ((makers.ines(), 2), (makers.ana(), 0)):
        assert Delivery.objects.filter(attention.attended_by(person)).count() == seen


def test_what_waits_is_counted_with_as_many_queries_for_many(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(5):
        failed(makers.a_commitment(wording=f"Number {number}"))

    ines = makers.ines()
    with django_assert_num_queries(2):
        assert attention.count_for(ines) == 5


def test_who_is_of_no_team_costs_one_query(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    failed(makers.a_commitment())

    stranger = makers.a_user("Mia Mover")
    with django_assert_num_queries(1):
        assert attention.count_for(stranger) == 0


def test_a_page_reads_only_what_it_shows() -> None:
    promise = makers.a_commitment()
    first = failed(promise)
    Delivery.objects.bulk_create(
        [_another(first, number, about=promise.about) for number in range(120)]
    )
    ines = pages.signed_in(makers.ines())

    with CaptureQueriesContext(connection) as asked:
        second = ines.get(ATTENTION, {"page": "2"})

    assert len(second.context["waiting"]) == 50
    assert second.context["page"].paginator.count == 121
    # Whether any wait, the count in the menu and the page itself: each ends where it is read.
    read = [one["sql"] for one in asked if 'FROM "notifications_delivery"' in one["sql"]]
    assert len(read) == 4
    assert all("COUNT(" in sql or "LIMIT 50 OFFSET 50" in sql for sql in read)


def _another(first: Delivery, number: int, *, about: str) -> Delivery:
    """One more that failed, in the same words."""
    another = copy(first)
    another.pk, another.key, another.about = None, f"another:{number}", about
    return another


def test_what_is_about_no_promise_is_never_read_as_the_number_of_one() -> None:
    promise = makers.a_commitment()
    first = failed(promise)
    strange = ("endpoint:7", f"kommitment:{promise.pk}", "commitment", "", f"user:{promise.pk}9999")
    Delivery.objects.bulk_create(
        [_another(first, number, about=about) for number, about in enumerate(strange)]
    )

    seen = Delivery.objects.needing_attention().filter(attention.attended_by(makers.ines()))

    assert list(seen) == [first]
    assert attention.count_for(makers.ana()) == 1


def test_outside_embedded_mode_no_menu_leads_to_the_outbox(settings: object) -> None:
    settings.EMBEDDED = False  # type: ignore[attr-defined]  # pytest-django's settings
    sam = makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")

    assert links(pages.signed_in(sam)) == (True, False)
