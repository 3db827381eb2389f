"""An administrator gives a customer what is held about them, and erases them when they ask."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commitments import lengths
from commitments.models import Attachment, Commitment, Customer, Team, User
from tests.commitments.privacy.whispers import MAIL, NAME, PHONE, WORD, a_customer_with_a_story
from tests.commitments.privacy.whispers import found as whispers
from tests.makers import a_commitment, a_team, ana, tom
from tests.web import pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def ada() -> Client:
    """Who administers."""
    cache.clear()
    return pages.signed_in(
        User.objects.create_superuser("ada@larkfield.example", "x", name="Ada Lowe")
    )


def address(customer: Customer, kind: str = "") -> str:
    return f"/customers/{customer.pk}/personal-data/{kind}"


def test_only_an_administrator_is_led_there_and_gets_in(ada: Client) -> None:
    a_commitment()
    agent = pages.signed_in(ana())
    theirs = f'href="{address(tom())}"'

    assert theirs in ada.get(f"/customers/{tom().pk}/").content.decode()
    assert theirs not in agent.get(f"/customers/{tom().pk}/").content.decode()
    for kind in ("", "json/", "html/"):
        assert ada.get(address(tom(), kind)).status_code == 200
        assert agent.get(address(tom(), kind)).status_code == 403
        assert Client().get(address(tom(), kind)).status_code == 302
    assert agent.post(address(tom()), {"name": tom().name, "once": "k"}).status_code == 403
    assert Customer.objects.get().erased_at is None


def test_all_that_is_held_comes_as_json_and_as_a_page(ada: Client, store: Path) -> None:
    them = a_customer_with_a_story()

    as_json = ada.get(address(them, "json/"))
    as_page = ada.get(address(them, "html/"))

    record = json.loads(as_json.content)
    assert record["customer"]["email"] == them.email
    assert len(record["promises"]) == Commitment.objects.filter(customer=them).count()
    assert WORD in as_json.content.decode()
    assert WORD in as_page.content.decode()
    for answer, kind in ((as_json, "json"), (as_page, "html")):
        assert answer["Content-Disposition"].startswith(f'attachment; filename="customer-{them.pk}')
        assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert ada.get(address(them, "xml/")).status_code == 404


def test_no_word_of_theirs_is_in_the_name_of_a_file(ada: Client) -> None:
    a_commitment()
    hostile = 'Tom"; filename="x.html"\r\nSet-Cookie: x=1\r\n\r\n<script>../../etc'
    Customer.objects.update(name=hostile, external_id=hostile[:120], email=hostile)
    theirs = Customer.objects.get()

    for kind, media_type in (("json", "application/json"), ("html", "text/html; charset=utf-8")):
        answer = ada.get(address(theirs, kind + "/"))

        named = rf'attachment; filename="customer-{theirs.pk}-\d{{4}}-\d\d-\d\d\.{kind}"'
        assert re.fullmatch(named, answer["Content-Disposition"])
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (media_type, "nosniff")
        assert "Set-Cookie" not in answer


def test_files_they_sent_are_saved_one_by_one(ada: Client, store: Path) -> None:
    them = a_customer_with_a_story()
    photo = Attachment.objects.get()
    path = f"/promises/{photo.event.commitment.reference}/files/{photo.pk}/"

    page = ada.get(address(them))

    assert f'<a href="{path}" download>{WORD}.png</a>' in page.content.decode()
    assert b"".join(ada.get(path).streaming_content) == b"photo"
    record = json.loads(ada.get(address(them, "json/")).content)
    assert record["files"][0]["saved_from"].endswith(path)


def test_only_so_many_are_given_in_an_hour(ada: Client, settings: Any) -> None:
    a_commitment()
    settings.COMMITMENTS_LENGTHS = settings.COMMITMENTS_LENGTHS | {"exports_an_hour": 2}
    assert lengths.current().exports_an_hour == 2

    statuses = [ada.get(address(tom(), "json/")).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_erased_with_their_name_written_no_word_is_left(ada: Client, store: Path) -> None:
    them = a_customer_with_a_story()
    sent = pages.hidden(ada.get(address(them))) | {"name": f" {them.name} "}

    done = ada.post(address(them), sent, follow=True)
    again = ada.post(address(them), sent)

    assert "Erased: who they were, and every word." in pages.text(done)
    assert whispers(WORD, NAME, MAIL, PHONE) == {}
    assert again["Location"] == f"/customers/{them.pk}/"
    last = Commitment.objects.filter(customer=them)[0].events.order_by("sequence").last()
    assert last is not None
    assert (last.kind, str(last.actor)) == ("erased", "Ada Lowe")


@pytest.mark.parametrize(
    ("name", "says"),
    [("", "so that nobody else is erased"), ("Thomas", "This customer is called")],
)
def test_with_another_name_or_none_nothing_goes(
    ada: Client, store: Path, name: str, says: str
) -> None:
    them = a_customer_with_a_story()
    sent = pages.hidden(ada.get(address(them))) | {"name": name}

    refused = ada.post(address(them), sent)

    assert refused.status_code == 422
    assert says in pages.text(refused)
    assert Customer.objects.get(pk=them.pk).erased_at is None


def test_what_is_owed_is_named_and_stands_in_the_way(ada: Client) -> None:
    kettle = a_commitment()

    page = ada.get(address(tom()))
    refused = ada.post(address(tom()), {"once": "k", "name": tom().name})

    assert f"/promises/{kettle.reference}/" in page.content.decode()
    assert "Erase for good" not in pages.text(page)
    assert refused.status_code == 422
    assert Customer.objects.get().erased_at is None


def test_a_team_of_ours_is_nobody_to_be_erased(ada: Client) -> None:
    a_commitment()
    Customer.objects.update(external_source=Customer.OUR_TEAM, external_id=str(a_team().pk))

    assert Team.objects.exists()
    assert ada.get(address(Customer.objects.get())).status_code == 404
