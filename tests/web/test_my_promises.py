from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db
MINE = "/promises/mine/"
SCRIPT = {"HX-Request": "true"}


def overdue(**fields: Any) -> Commitment:  # Any: a draft's own fields
    """Due at 11:00, made the day before."""
    return makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY, **fields)


def groups(response: object) -> list[str]:
    content: str = response.content.decode()  # type: ignore[attr-defined]  # a test response
    return re.findall(r'<h2 id="group-\w+" tabindex="-1">([^<]+)</h2>', content)


def test_the_first_day_says_where_promises_will_live(client: Client) -> None:
    page = client.get(MINE)

    assert "Your promises will live here" in pages.text(page)
    assert pages.title(page) == "My promises · Followthrough"


def test_the_groups_stand_in_the_order_of_need(client: Client) -> None:
    waiting = makers.a_commitment(due_at=NOON + 2 * DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)
    makers.a_commitment(due_at=NOON + DAY)
    makers.a_commitment(due_at=NOON + 3 * HOUR)
    overdue()

    page = client.get(MINE)

    assert groups(page) == ["Overdue", "Due today", "Waiting on the customer", "Coming up"]


def test_the_tab_counts_what_is_overdue(client: Client) -> None:
    overdue()

    assert pages.title(client.get(MINE)) == "(1) My promises · Followthrough"


def test_the_sentence_is_honest(client: Client) -> None:
    overdue()
    makers.a_commitment(due_at=NOON + 3 * HOUR)

    said = pages.text(client.get(MINE))

    assert "Good afternoon, Ana" in said
    assert "Two promises need you today. One is overdue, and Tom has not been told yet." in said


def test_what_is_overdue_and_untold_asks_to_tell_the_customer_first(client: Client) -> None:
    overdue()

    said = pages.text(client.get(MINE))

    assert "1 h late was due 11:00 am Tell Tom" in said
    assert "not told yet" in said


def test_once_told_it_asks_no_more(client: Client) -> None:
    late = overdue()
    Commitment.objects.filter(pk=late.pk).update(told_at=NOON - MINUTE)

    said = pages.text(client.get(MINE))

    assert "Tell Tom" not in said
    assert "every customer has been told" in said


def test_a_promise_is_due_soon_from_its_first_reminder_on(client: Client) -> None:
    makers.a_commitment(due_at=NOON + 2 * HOUR, now=NOON - DAY)

    assert "Due soon" in pages.text(client.get(MINE))


def test_when_all_of_today_is_done_the_next_one_is_named(client: Client) -> None:
    makers.a_commitment(due_at=NOON + DAY)

    said = pages.text(client.get(MINE))

    assert "Everything you promised for today is done." in said
    assert "The next one is due tomorrow at 12:00 noon." in said


def test_promises_of_others_are_not_mine(client: Client) -> None:
    makers.a_commitment(owner_id=makers.dev().pk, wording="Dev's own")

    assert "Dev's own" not in pages.text(client.get(MINE))


def test_a_row_leads_to_its_customer(client: Client) -> None:
    made = overdue()

    row = client.get(MINE).content.decode().partition('class="meta"')[2].partition("</div>")[0]

    assert f'href="/customers/{made.customer_id}/"' in row
    assert pages.text_of(row[1:]).startswith("Tom Okafor · ")


def test_the_number_of_queries_does_not_depend_on_the_promises(client: Client) -> None:
    def asked(**headers: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MINE, headers=headers).status_code == 200
        return len(queries)

    def one_of_each() -> None:
        overdue()
        makers.a_commitment(due_at=NOON + 3 * HOUR)
        makers.a_commitment(due_at=NOON + DAY)
        waiting = makers.a_commitment(due_at=NOON + 2 * DAY)
        services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)

    one_of_each()
    few, few_renewed = asked(), asked(**SCRIPT)
    for _ in range(4):
        one_of_each()

    assert (asked(), asked(**SCRIPT)) == (few, few_renewed)
    assert few_renewed < few <= 10


def test_a_script_is_given_what_may_have_changed_and_no_line(client: Client) -> None:
    overdue()

    renewed = client.get(MINE, headers=SCRIPT)
    content = renewed.content.decode()

    assert "<title>(1) My promises · Followthrough</title>" in content
    assert "Send the kettle&#x27;s replacement part" in content
    assert 'id="sentence" hx-swap-oob="true"' in content
    assert 'id="side" aria-label="Your day" hx-swap-oob="true"' in content
    assert "<html" not in content
    assert 'name="line"' not in content
    assert renewed["HX-Retarget"] == "#day"
    assert "HX-Request" in renewed["Vary"]


def test_who_goes_back_in_their_browser_gets_the_whole_page(client: Client) -> None:
    back = client.get(MINE, headers=SCRIPT | {"HX-History-Restore-Request": "true"})

    assert 'name="line"' in back.content.decode()


def test_a_script_of_somebody_signed_out_is_told_nothing(client: Client) -> None:
    client.logout()

    answer = client.get(MINE, headers=SCRIPT)

    assert (answer.status_code, answer["HX-Reswap"], answer.content) == (401, "none", b"")


def test_who_goes_back_after_signing_out_is_sent_to_sign_in(client: Client) -> None:
    client.logout()

    back = client.get(MINE, headers=SCRIPT | {"HX-History-Restore-Request": "true"})

    assert back["Location"] == "/accounts/login/?next=/promises/mine/"


def test_the_address_narrows_the_day(client: Client) -> None:
    overdue()
    makers.a_commitment(due_at=NOON + 3 * HOUR)
    makers.a_commitment(due_at=NOON + DAY)

    page = client.get(f"{MINE}?show=today,overdue,nonsense")

    assert groups(page) == ["Overdue", "Due today"]
    assert "Show all of my promises" in pages.text(page)
    assert f'hx-get="{MINE}?show=overdue,today"' in page.content.decode()
    assert groups(client.get(f"{MINE}?show=nonsense")) == ["Overdue", "Due today", "Coming up"]
    assert "None of your promises is in this part" in pages.text(client.get(f"{MINE}?show=waiting"))


def test_what_is_done_is_shown_where_it_is_asked_for(client: Client) -> None:
    kept = makers.a_commitment(now=NOON - HOUR)
    services.fulfil(kept.pk, by=makers.ana(), how="Sent", now=NOON - MINUTE)

    page = client.get(f"{MINE}?show=done")

    assert groups(page) == ["Done in the last 7 days"]
    assert "Kept on time Today, 11:59 am" in pages.text(page)
    assert groups(client.get(MINE)) == []


def test_what_is_due_in_more_than_a_week_is_one_link_away(client: Client) -> None:
    makers.a_commitment(due_at=NOON + DAY)
    makers.a_commitment(due_at=NOON + 8 * DAY)

    page = client.get(MINE)

    assert "Coming up 1 in the next 7 days" in pages.text(page)
    assert "1 more is due later" in pages.text(page)
    assert f"owner={makers.ana().pk}&amp;state=upcoming" in page.content.decode()


def many(*, due_at: datetime) -> None:
    """Two more than are shown of a group."""
    first = makers.a_commitment(due_at=due_at)
    for number in range(61):
        Commitment.objects.filter(pk=first.pk).update(wording=f"Send part {number}")
        first.pk = None
        first._state.adding = True
        first.save()


@pytest.mark.both_databases
def test_a_long_group_ends_with_a_link_to_the_rest(client: Client) -> None:
    many(due_at=NOON + DAY)
    makers.a_commitment(wording="Call the depot", due_at=NOON + HOUR)

    page = client.get(MINE)

    assert "Coming up 62 in the next 7 days" in pages.text(page)
    assert "Due today 1 " in pages.text(page)
    assert page.content.decode().count('class="ttl"') == 61
    assert "See the other 2" in pages.text(page)


@pytest.mark.both_databases
def test_of_much_that_is_done_the_latest_is_shown(client: Client) -> None:
    many(due_at=NOON + DAY)
    Commitment.objects.update(status="fulfilled", outcome="on_time", closed_at=NOON - HOUR)
    first = Commitment.objects.order_by("pk")[0]
    Commitment.objects.filter(pk=first.pk).update(closed_at=NOON, wording="Closed last")
    client.get(MINE)  # signed in, and what is asked once in a process is known

    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{MINE}?show=done")

    content = page.content.decode()
    assert content.count('class="ttl"') == 60
    assert content.index("Closed last") < content.index("Send part 60")
    assert "See the other 2" in pages.text(page)
    assert len(queries) == 10


def test_a_row_that_waits_says_since_when_and_when_the_customer_is_nudged(client: Client) -> None:
    waiting = makers.a_commitment(due_at=NOON + 5 * DAY, now=NOON - DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON - DAY)

    said = pages.text(client.get(MINE))

    assert "a photo · asked yesterday · nudge goes out tomorrow at 12:00 noon" in said
    assert "Paused since Wed 20 May Nudge" in said


def test_when_all_of_today_is_done_the_day_says_so(client: Client) -> None:
    waiting = makers.a_commitment(due_at=NOON + 5 * DAY)
    services.wait(waiting.pk, by=makers.ana(), what="a photo", now=NOON)
    makers.a_commitment(due_at=NOON + DAY)

    said = pages.text(client.get(MINE))

    assert "Everything you promised today is done One promise waits on a customer's reply." in said
    assert "Your next one is due tomorrow at 12:00 noon." in said


def test_names_are_only_words(client: Client) -> None:
    tom = makers.tom(name='<b>Tom</b> "x" \u202e')
    makers.a_commitment(customer=tom, wording="<script>1</script>" + "w" * 200)

    content = client.get(MINE).content.decode()

    assert "<b>Tom" not in content
    assert "<script>1" not in content
    assert "<bdi>&lt;b&gt;Tom&lt;/b&gt; &quot;x&quot; \u202e</bdi>" in content


def test_keys_that_are_switched_off_leave_no_trace(client: Client) -> None:
    overdue()
    makers.User.objects.filter(pk=makers.ana().pk).update(keys_on=False)

    content = client.get(MINE).content.decode()

    assert "aria-keyshortcuts" not in content
    assert "<kbd" not in content
    assert 'data-keys="off"' in content


def test_what_is_new_at_the_bell_stands_beside_the_day(client: Client) -> None:
    kettle = makers.a_commitment()
    makers.ana().inbox.create(about=kettle.about, title="Due at 6:00 pm", created_at=NOON)
    makers.dev().inbox.create(about=kettle.about, title="Not for Ana", created_at=NOON)

    page = client.get(MINE)

    assert "Reminders, 1 new" in pages.text(page)
    assert "Due at 6:00 pm Today, 12:00 noon" in pages.text(page)
    assert "Not for Ana" not in pages.text(page)


def test_a_form_without_its_proof_is_refused_in_words(client: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(makers.ana())

    refused = careful.post("/promises/new/", {"who": "tom"})

    assert refused.status_code == 403
    assert "Not saved. Your text is still here" in pages.text(refused)
    assert "To whom? tom" in pages.text(refused)


def test_a_form_without_its_proof_and_without_text_promises_none(client: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(makers.ana())

    assert "text is still here" not in pages.text(careful.post("/promises/new/", {"kind": "1"}))


def test_a_day_begins_where_one_is_needed(client: Client) -> None:
    assert client.get("/")["Location"] == "/promises/mine/"
    assert pages.signed_in(makers.dev()).get("/")["Location"] == "/promises/mine/"
    assert pages.signed_in(makers.ines()).get("/")["Location"] == "/reports/overdue/"


def test_who_has_not_signed_in_is_sent_there_and_back() -> None:
    assert Client().get(MINE)["Location"] == "/accounts/login/?next=/promises/mine/"


def test_signing_in_leads_to_no_other_house(client: Client) -> None:
    stranger = Client()

    arrived = stranger.post(
        "/accounts/login/?next=//evil.example/",
        {
            "login": makers.ana().email,
            "password": "larkfield-demo",
            "next": "//evil.example/",
        },
    )

    assert arrived.status_code == 302
    assert arrived["Location"] == "/"


def test_an_auditor_is_offered_nothing_to_do(client: Client) -> None:
    overdue()
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.AUDITOR)

    page = client.get(MINE)

    assert "Send the kettle's replacement part" in pages.text(page)
    for offer in ("Tell Tom", "Done", "More actions", "Log promise"):
        assert offer not in pages.text(page)


def test_who_is_in_no_team_learns_whom_to_ask() -> None:
    said = pages.text(pages.signed_in(makers.a_user("Zed Stranger")).get(MINE))

    assert "You are not in a team yet" in said
    assert "An administrator needs to add you to a team." in said
    assert "After your next call" not in said


@pytest.mark.parametrize(
    ("hours", "greeting"),
    [(16, "Good evening"), (16 + 59 / 60, "Good evening"), (17, "Good morning"), (24, "afternoon")],
)
def test_the_night_belongs_to_the_evening(
    client: Client, traveller: time_machine.Traveller, hours: float, greeting: str
) -> None:
    traveller.shift(hours * HOUR)
    client.force_login(makers.ana())

    assert greeting in pages.text(client.get(MINE))


def test_an_auditor_with_no_promises_is_led_to_those_of_others(client: Client) -> None:
    makers.Membership.objects.filter(user=makers.ana()).update(role=makers.Role.AUDITOR)

    said = pages.text(client.get(MINE))

    assert "Nothing is promised in your name" in said
    assert "See all promises" in said
    assert "will live here" not in said
