"""The admin: settings can be edited, promises and events only looked at."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments.models import (
    Calendar,
    Event,
    Holiday,
    OpeningHours,
    Policy,
    PolicyVersion,
    User,
)
from tests.makers import a_commitment, a_team

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


@pytest.fixture
def ada(client: Client) -> Client:
    """An administrator, signed in."""
    client.force_login(User.objects.create_superuser("ada@larkfield.example", "x", name="Ada"))
    return client


def inline(prefix: str, **rows: str) -> dict[str, str]:
    count = "1" if rows else "0"
    forms = {"TOTAL_FORMS": count, "INITIAL_FORMS": "0"} | {f"0-{k}": v for k, v in rows.items()}
    return {f"{prefix}-{name}": value for name, value in forms.items()}


@pytest.mark.parametrize(
    "page",
    [
        *("user", "team", "calendar", "policy", "policyversion", "kind", "customer", "absence"),
        *("commitment", "event", "conversation", "checkin", "schedule", "apitoken"),
    ],
)
def test_every_list_opens(ada: Client, page: str) -> None:
    a_commitment()

    assert ada.get(f"/admin/commitments/{page}/").status_code == 200


def test_a_promise_and_its_events_can_be_seen_and_not_changed(ada: Client) -> None:
    kettle = a_commitment()
    event = kettle.events.get()

    for address in (f"commitment/{kettle.pk}", f"event/{event.pk}"):
        assert ada.get(f"/admin/commitments/{address}/change/").status_code == 200
        assert ada.post(f"/admin/commitments/{address}/change/", {"kind": "x"}).status_code == 403
        assert ada.post(f"/admin/commitments/{address}/delete/", {"post": "yes"}).status_code == 403

    assert Event.objects.count() == 1


def test_hours_are_entered_as_times_of_day(ada: Client) -> None:
    answer = ada.post(
        "/admin/commitments/calendar/add/",
        {"name": "Nights", "zone": "Europe/Berlin"}
        | inline("opening_hours", weekday="0", opens="18:30", closes="24:00")
        | inline("holidays", on="2026-12-25", name="Christmas", spans="09:00-12:00, 13:00-15:00"),
    )

    assert answer.status_code == 302
    row = OpeningHours.objects.get(calendar__name="Nights")
    assert (row.weekday, row.opens, row.closes) == (0, 1110, 1440)
    assert Holiday.objects.get().spans == [[540, 720], [780, 900]]


@pytest.mark.parametrize(
    ("zone", "opens", "closes", "sentence"),
    [
        ("Mars/Olympus", "09:00", "17:00", "zone"),
        ("UTC", "17:00", "09:00", "ends before it begins"),
        ("UTC", "9 sharp", "17:00", "like 09:30"),
    ],
)
def test_hours_that_will_not_do_are_refused_with_a_sentence(
    ada: Client, zone: str, opens: str, closes: str, sentence: str
) -> None:
    answer = ada.post(
        "/admin/commitments/calendar/add/",
        {"name": "Wrong", "zone": zone}
        | inline("opening_hours", weekday="0", opens=opens, closes=closes)
        | inline("holidays"),
    )

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Calendar.objects.exists()


def test_a_calendar_saved_as_it_stands_stays_as_it_is(ada: Client) -> None:
    a_team()
    week = Calendar.objects.get()
    page = ada.get(f"/admin/commitments/calendar/{week.pk}/change/")
    forms = [page.context["adminform"].form, *page.context["inline_admin_formsets"]]
    data = {"name": week.name, "zone": week.zone}
    for formset in [each.formset for each in forms[1:]]:
        for form in [formset.management_form, *formset.forms]:
            for field in form:
                data[field.html_name] = "" if field.value() is None else str(field.value())

    answer = ada.post(f"/admin/commitments/calendar/{week.pk}/change/", data)

    assert answer.status_code == 302
    assert OpeningHours.objects.count() == 5


def test_a_ladder_is_edited_by_adding_a_version(ada: Client) -> None:
    a_team()
    policy = Policy.objects.get()

    ada.post(
        "/admin/commitments/policyversion/add/",
        {"policy": str(policy.pk)}
        | inline(
            "steps", position="1", number="1", basis="working", offset="0", audience='["owner"]'
        ),
    )

    assert policy.latest().number == 2
    assert [step.audience for step in policy.latest().ladder()] == [("owner",)]
    first = PolicyVersion.objects.get(number=1)
    changed = ada.post(f"/admin/commitments/policyversion/{first.pk}/change/", {})
    assert changed.status_code == 403


def test_a_new_person_gets_a_folded_address_and_a_password(ada: Client) -> None:
    answer = ada.post(
        "/admin/commitments/user/add/",
        {
            "email": "Omar@Larkfield.example",
            "name": "Omar Aziz",
            "zone": "UTC",
            "password1": "kettle-lid-4711",
            "password2": "kettle-lid-4711",
        },
    )

    assert answer.status_code == 302
    assert User.objects.get(email="omar@larkfield.example").check_password("kettle-lid-4711")
