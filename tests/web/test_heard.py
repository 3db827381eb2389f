"""What customers said on their page, on the pages of the staff: read, answered, and then gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from commitments import messages, services
from commitments.models import Attachment, Commitment, Membership, Role, Team
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON, events_of, fresh
from tests.web import pages
from tests.web.test_verbs import act, path, said

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a bill"


def page_of(client: Client, promise: Commitment) -> str:
    return pages.text(client.get(f"/promises/{promise.reference}/"))


def a_bill(promise: Commitment) -> Attachment:
    bill = services.SentAlong(name="bill.pdf", media_type="application/pdf", content=PDF)
    services.reply(promise.pk, words="See here", sent_along=bill, now=NOON - MINUTE)
    return Attachment.objects.get()


def test_a_dispute_stands_on_top_with_what_to_do_next(client: Client, kettle: Commitment) -> None:
    services.dispute(kettle.pk, words="You said two.", now=NOON - MINUTE)

    page = page_of(client, kettle)

    assert "Tom says that this is not right" in page
    assert "You said two." in page
    assert "We said that we answer by today at 3:59 pm ." in page
    assert "Answer Tom" in page
    assert "From Tom" in page


def test_what_is_answered_stands_there_no_more(client: Client, kettle: Commitment) -> None:
    services.dispute(kettle.pk, words="You said two.", now=NOON - MINUTE)

    done = act(client, kettle, "answer", words="It was three.", told="message")

    assert "Tom has an answer. Tom is told in 30 seconds." in said(client, done)
    assert "says that this is not right" not in page_of(client, kettle)
    assert fresh(kettle).disputed_at is None
    assert events_of(kettle)[-1] == "customer_answered"


def test_an_answer_on_the_phone_tells_and_writes_nothing(
    client: Client, kettle: Commitment
) -> None:
    services.reply(kettle.pk, words="When?", now=NOON - MINUTE)

    done = act(client, kettle, "answer", words="At four.", told="phone")

    assert "Tom has an answer, on the phone." in said(client, done)
    assert fresh(kettle).told_at == NOON
    assert "Ana answered Tom on the phone" in page_of(client, kettle)


def test_nobody_answers_who_was_not_asked(client: Client, kettle: Commitment) -> None:
    services.reply(kettle.pk, words="When?", now=NOON - MINUTE)
    form = client.get(path(kettle, "answer"))
    services.answer(
        kettle.pk, by=makers.dev(), words="At four.", told=services.Told.PHONE, now=NOON
    )

    data = pages.hidden(form) | {"words": "At five.", "told": "phone"}
    response = client.post(path(kettle, "answer"), data)

    assert response.status_code == 422
    assert "Tom is not waiting for an answer. Write an update instead." in pages.text(response)
    assert events_of(kettle)[-1] == "customer_answered"
    assert events_of(kettle).count("customer_answered") == 1


def test_where_nobody_waits_for_an_answer_no_form_asks_for_one(
    client: Client, kettle: Commitment
) -> None:
    page = client.get(path(kettle, "answer"))

    assert page.status_code == 409
    assert "Tom is not waiting for an answer. Write an update instead." in pages.text(page)
    assert "<form" not in page.content.decode().partition("<main")[2]
    assert "Answer Tom" not in page_of(client, kettle)


def test_after_the_end_nobody_is_sent_to_write_an_update(
    client: Client, kettle: Commitment
) -> None:
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent it", now=NOON)

    page = client.get(path(kettle, "answer"))

    assert page.status_code == 409
    assert "Tom is not waiting for an answer." in pages.text(page)
    assert "Write an update" not in pages.text(page)


def test_a_dispute_outlives_the_end_until_somebody_answers(
    client: Client, kettle: Commitment
) -> None:
    services.dispute(kettle.pk, words="You said two.", now=NOON - MINUTE)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent it", now=NOON)
    ines = pages.signed_in(makers.ines())

    assert "Not right, they say" in pages.text(ines.get("/reports/overdue/"))
    act(client, kettle, "answer", words="It was three.", told="message")
    assert "Not right, they say" not in pages.text(ines.get("/reports/overdue/"))
    assert events_of(kettle)[-1] == "customer_answered"


def test_an_update_answers_too(kettle: Commitment) -> None:
    services.reply(kettle.pk, words="When?", now=NOON - MINUTE)

    services.update(kettle.pk, by=makers.ana(), words="At four.", tell_customer=True, now=NOON)

    assert fresh(kettle).customer_asked_at is None


def test_a_note_for_the_team_answers_nobody(kettle: Commitment) -> None:
    services.reply(kettle.pk, words="When?", now=NOON - MINUTE)

    services.update(kettle.pk, by=makers.ana(), words="Hm", tell_customer=False, now=NOON)

    assert fresh(kettle).customer_asked_at == NOON - MINUTE


def test_a_time_they_would_rather_have_leads_to_the_form_with_it(
    client: Client, kettle: Commitment
) -> None:
    services.ask_other_time(kettle.pk, wanted_at=NOON + DAY, now=NOON - MINUTE)

    page = client.get(f"/promises/{kettle.reference}/")

    assert "The time does not suit Tom" in pages.text(page)
    assert "Fri 22 May, 12:00 noon" in pages.text(page)
    link = page.content.decode().split(f"/promises/{kettle.reference}/move/?when=")[1]
    form = client.get(f"{path(kettle, 'move')}?when={link.split(chr(34))[0]}")
    assert 'value="Fri 22 May, 12:00 noon"' in form.content.decode()
    data = pages.hidden(form) | {"when": "Fri 22 May, 12:00 noon", "reason": "x", "told": "no"}
    read = client.post(path(kettle, "move"), data)
    assert "Fri 22 May, 12:00 noon" in pages.text(read)


def test_a_time_they_ask_for_after_ours_has_passed_leads_to_making_it_right(
    client: Client, kettle: Commitment
) -> None:
    Commitment.objects.filter(pk=kettle.pk).update(due_at=NOON - 30 * MINUTE)
    services.ask_other_time(kettle.pk, wanted_at=NOON + DAY, now=NOON - MINUTE)

    page = client.get(f"/promises/{kettle.reference}/").content.decode()

    heard = page.partition('class="card stack g3 heard"')[2].partition("</section>")[0]
    assert "Make it right by then" in heard
    assert heard.index("make-right/?when=Fri+22+May") < heard.index("/answer/")
    assert "Move it to that time" not in page


def test_a_file_is_saved_and_never_shown(client: Client, kettle: Commitment, store: Path) -> None:
    bill = a_bill(kettle)

    response = client.get(f"/promises/{kettle.reference}/files/{bill.pk}/")

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-store"
    assert "bill.pdf" in page_of(client, kettle)


def test_a_file_of_another_team_does_not_exist(kettle: Commitment, store: Path) -> None:
    bill = a_bill(kettle)
    stranger = makers.a_user("Kofi Annan")
    team = Team.objects.create(name="Moves", calendar=kettle.team.calendar)
    Membership.objects.create(user=stranger, team=team, role=Role.MANAGER)
    own = makers.a_commitment(due_at=NOON + DAY, now=NOON - HOUR)

    theirs = pages.signed_in(stranger).get(f"/promises/{kettle.reference}/files/{bill.pk}/")
    elsewhere = pages.signed_in(makers.ana()).get(f"/promises/{own.reference}/files/{bill.pk}/")

    assert (theirs.status_code, elsewhere.status_code) == (404, 404)


def test_a_file_that_a_backup_lost_is_not_found(
    client: Client, kettle: Commitment, store: Path
) -> None:
    bill = a_bill(kettle)
    (store / bill.stored).unlink()

    response = client.get(f"/promises/{kettle.reference}/files/{bill.pk}/")

    assert response.status_code == 404


@pytest.mark.parametrize("which", ["page", "all"])
def test_a_renewed_link_closes_the_old_one(client: Client, kettle: Commitment, which: str) -> None:
    other = makers.a_commitment(due_at=NOON + DAY, now=NOON - HOUR)
    old = messages.status_path(fresh(kettle).conversation, now=NOON)
    others = messages.status_path(fresh(other).conversation, now=NOON)

    done = act(client, kettle, "renew-link", which=which)

    assert "Tom has a new link. The old one opens nothing." in said(client, done)
    assert Client().get(old).status_code == 404
    assert (
        Client().get(messages.status_path(fresh(kettle).conversation, now=NOON)).status_code == 200
    )
    assert Client().get(others).status_code == (404 if which == "all" else 200)
    assert events_of(kettle)[-1] == "link_renewed"


def test_one_promise_comes_off_the_page_and_back_and_the_link_stays(
    client: Client, kettle: Commitment
) -> None:
    talk = kettle.conversation_id
    makers.a_commitment(wording="Call about the bill", now=NOON - HOUR, conversation_id=talk)
    link = messages.status_path(kettle.conversation, now=NOON)

    hidden = said(client, act(client, kettle, "renew-link", which="hide"))
    without = pages.text(Client().get(link))
    own = page_of(client, kettle)
    shown = said(client, act(client, kettle, "renew-link", which="show"))

    assert "Taken off Tom's page. Mails about it still go out." in hidden
    assert kettle.wording not in without
    assert "Call about the bill" in without
    assert "Ana took this off Tom's page" in own
    assert "Nothing of it: it was taken off Tom's page." in own
    assert "Tom's page shows it again." in shown
    assert kettle.wording in pages.text(Client().get(link))
    assert "Ana put this back on Tom's page" in page_of(client, kettle)


def test_the_only_promise_of_a_page_taken_off_leaves_a_dead_link(
    client: Client, kettle: Commitment
) -> None:
    act(client, kettle, "renew-link", which="hide")

    link = messages.status_path(fresh(kettle).conversation, now=NOON)
    assert Client().get(link).status_code == 404
    assert events_of(kettle) == ["made", "link_renewed"]


def test_said_twice_it_is_taken_off_once(kettle: Commitment) -> None:
    for _ in range(2):
        services.hide_from_page(kettle.pk, by=makers.ana(), now=NOON)

    assert events_of(kettle) == ["made", "link_renewed"]


def test_managers_find_who_waits_for_an_answer(kettle: Commitment) -> None:
    asked = makers.a_commitment(due_at=NOON + DAY, now=NOON - HOUR, wording="Call about the bill")
    services.reply(asked.pk, words="When?", now=NOON - HOUR / 2)
    services.dispute(kettle.pk, words="You said two.", now=NOON - MINUTE)
    client = pages.signed_in(makers.ines())

    report = pages.text(client.get("/reports/overdue/"))
    listed = pages.text(client.get("/promises/?state=disputed"))

    assert "Customers who wait for an answer" in report
    assert report.index("Not right, they say") < report.index("Call about the bill")
    assert kettle.wording in listed
    assert "Call about the bill" not in listed

    for each in (kettle, asked):
        services.answer(
            each.pk, by=makers.ana(), words="At three.", told=services.Told.PHONE, now=NOON
        )
    assert "Customers who wait for an answer" not in pages.text(client.get("/reports/overdue/"))


def test_who_only_looks_sees_what_was_said_and_no_button(kettle: Commitment) -> None:
    services.dispute(kettle.pk, words="You said two.", now=NOON - MINUTE)
    noor = makers.a_user("Noor Ali")
    Membership.objects.create(user=noor, team=kettle.team, role=Role.AUDITOR)
    client = pages.signed_in(noor)

    page = page_of(client, kettle)
    refused = client.get(path(kettle, "answer"))

    assert "Tom says that this is not right" in page
    assert "Answer Tom" not in page
    assert refused.status_code == 403


def test_what_customers_write_is_inert(client: Client, kettle: Commitment) -> None:
    services.dispute(kettle.pk, words='"><script>a()</script>', now=NOON - MINUTE)

    html = client.get(f"/promises/{kettle.reference}/").content.decode()

    assert "<script>a()" not in html
    assert "&lt;script&gt;a()" in html


def test_lists_say_who_waits_for_an_answer(client: Client, kettle: Commitment) -> None:
    services.reply(kettle.pk, words="When?", now=NOON - MINUTE)

    assert "waits for an answer" in pages.text(client.get("/promises/mine/"))
    assert "Waits for an answer" in pages.text(client.get("/promises/"))

    services.dispute(kettle.pk, words="You said two.", now=NOON)

    assert "not right, says the customer" in pages.text(client.get("/promises/mine/"))
    assert "Not right, they say" in pages.text(client.get("/promises/"))
