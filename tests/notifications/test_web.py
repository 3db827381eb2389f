from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from commitments.models import User
from notifications import delivery, outbox, sealing
from notifications.models import Delivery
from tests.notifications.makers import (
    MINUTE,
    NOON,
    ana,
    queue,
    states,
    the_delivery,
    to_ana,
    to_tom,
)

pytestmark = pytest.mark.django_db

PAGES = ["/outbox/", "/needs-attention/"]


@pytest.fixture
def ines(client: Client) -> User:
    """Ines, who administers this installation, signed in."""
    user = User.objects.create_superuser("ines@larkfield.example", name="Ines")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _embedded(settings: LazySettings) -> None:
    settings.EMBEDDED = True


# --- who may enter


@pytest.mark.parametrize("address", [*PAGES, "/outbox/1/", "/outbox/1/html/"])
def test_a_stranger_is_sent_to_sign_in(client: Client, address: str):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/needs-attention/"])
def test_for_an_agent_these_pages_do_not_exist(client: Client, address: str):
    client.force_login(ana())

    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("ines")
def test_outside_embedded_mode_nobody_reads_other_peoples_mail(
    client: Client, settings: LazySettings
):
    queue(to_tom())
    settings.EMBEDDED = False

    pk = the_delivery().pk
    for address in ["/outbox/", f"/outbox/{pk}/", f"/outbox/{pk}/html/"]:
        assert client.get(address).status_code == 404
    assert client.get("/needs-attention/").status_code == 200


# --- the outbox


@pytest.mark.usefixtures("ines")
def test_the_outbox_lists_every_mail(client: Client):
    assert "No mail yet" in client.get("/outbox/").content.decode()
    queue(to_tom(), to_ana())
    delivery.run(NOON)

    shown = client.get("/outbox/").content.decode()

    assert "Tom, about a new kettle" in shown
    assert "Ana, about a new kettle" in shown
    assert "No mail server is named" in shown


@pytest.mark.usefixtures("ines")
@pytest.mark.parametrize("address", PAGES)
def test_a_list_says_in_words_which_message_it_is(client: Client, address: str):
    failed(template="handed_over", subject="")

    shown = client.get(address).content.decode()

    assert "A promise for you" in shown
    assert "handed_over" not in shown


@pytest.mark.usefixtures("ines")
def test_a_mail_is_shown_as_text_and_as_html(client: Client):
    queue(to_tom(context={"who": "Tom & Co", "what": "a kettle at https://larkfield.example/k"}))
    pk = the_delivery().pk

    page = client.get(f"/outbox/{pk}/").content.decode()
    html = client.get(f"/outbox/{pk}/html/")

    assert "Hello Tom &amp; Co," in page
    assert 'href="https://larkfield.example/k"' in page
    assert f'src="/outbox/{pk}/html/"' in page
    assert html.content.decode().startswith("<p>Hello Tom &amp; Co, we said")


@pytest.mark.usefixtures("ines")
def test_a_staff_mail_that_waits_is_shown_as_it_would_be_sent(client: Client):
    queue(to_ana())

    page = client.get(f"/outbox/{the_delivery('1:ana:email').pk}/").content.decode()

    assert "Ana, about a new kettle" in page


@pytest.mark.usefixtures("ines")
def test_nothing_runs_in_the_frame_and_only_we_may_frame_it(client: Client):
    queue(to_tom())
    pk = the_delivery().pk

    page = client.get(f"/outbox/{pk}/")
    html = client.get(f"/outbox/{pk}/html/")

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    policy = {part.strip() for part in html["Content-Security-Policy"].split(";")}
    assert policy == {"sandbox", "style-src 'unsafe-inline'", "frame-ancestors 'self'"}
    assert html["X-Frame-Options"] == "SAMEORIGIN"


# --- what needs a person


def failed(key: str = "1:tom:email", **facts: object) -> Delivery:
    queue(to_tom(key))
    changes = {"state": "failed", "reason": "550 no such user", "settled_at": NOON} | facts
    Delivery.objects.filter(key=key).update(attempt_at=None, **changes)
    return the_delivery(key)


@pytest.mark.usefixtures("ines")
def test_what_failed_waits_for_a_person(client: Client):
    assert "Nothing needs attention" in client.get("/needs-attention/").content.decode()
    failed()
    failed("2", state="uncertain", reason="no answer within 30 s")
    queue(to_tom("3"))

    shown = client.get("/needs-attention/").content.decode()

    assert "550 no such user" in shown
    assert "May have arrived" in shown
    assert shown.count("Send again<") == 2


@pytest.mark.usefixtures("ines")
def test_sending_again_twice_sends_once(client: Client):
    pk = failed().pk

    first = client.post(f"/needs-attention/{pk}/send-again/")
    second = client.post(f"/needs-attention/{pk}/send-again/")

    assert (first.status_code, second.status_code) == (302, 404)
    assert states() == {"failed": 1, "queued": 1}
    assert "Nothing needs attention" in client.get("/needs-attention/").content.decode()


def test_what_is_settled_is_off_the_list(client: Client, ines: User):
    pk = failed("2", state="uncertain").pk

    assert client.post(f"/needs-attention/{pk}/settled/").status_code == 302

    settled = the_delivery("2")
    assert (settled.state, settled.attended_by) == ("uncertain", ines)
    assert not Delivery.objects.needing_attention().exists()


@pytest.mark.parametrize("facts", [{"state": "leased", "phase": "claimed"}, {"attended_at": NOON}])
def test_what_waits_for_nobody_any_more_cannot_be_settled(facts: dict[str, Any], ines: User):
    row = failed()
    clock = {"attempt_at": NOON, "settled_at": None} if "phase" in facts else {}
    Delivery.objects.update(**facts, **clock)
    before = Delivery.objects.values().get()

    with pytest.raises(outbox.StillUnderWay):
        outbox.attend(row.pk, by_id=ines.pk, now=NOON + MINUTE)

    assert Delivery.objects.values().get() == before


@pytest.mark.usefixtures("ines")
def test_an_address_that_is_a_password_is_shown_by_its_end(client: Client):
    sealed = sealing.seal("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    row = failed(channel="chat", address=sealed)
    admin = "/admin/notifications/delivery/"

    for address in ("/needs-attention/", admin, f"{admin}{row.pk}/change/"):
        shown = client.get(address).content.decode()
        assert "slack://…i7FQ" in shown
        assert sealed not in shown


@pytest.mark.usefixtures("ines")
def test_looking_changes_nothing(client: Client):
    pk = failed().pk

    assert client.get(f"/needs-attention/{pk}/send-again/").status_code == 405
    assert client.get(f"/needs-attention/{pk}/settled/").status_code == 405

    assert states() == {"failed": 1}
    assert Delivery.objects.needing_attention().count() == 1


def test_an_agent_settles_nothing(client: Client):
    pk = failed().pk
    client.force_login(ana())

    assert client.post(f"/needs-attention/{pk}/settled/").status_code == 404

    assert Delivery.objects.needing_attention().count() == 1


# --- admin


@pytest.mark.usefixtures("ines")
def test_the_admin_shows_deliveries_and_changes_none(client: Client):
    pk = failed().pk
    address = f"/admin/notifications/delivery/{pk}/change/"

    assert client.get("/admin/notifications/delivery/").status_code == 200
    assert client.get(address).status_code == 200
    assert client.post(address, {"state": "sent"}).status_code == 403
    assert client.post(f"/admin/notifications/delivery/{pk}/delete/").status_code == 403

    assert states() == {"failed": 1}
