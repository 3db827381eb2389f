"""The admin: settings can be edited, promises and events only looked at."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from commitments import policies
from commitments.models import (
    Absence,
    Calendar,
    Event,
    Holiday,
    Kind,
    OpeningHours,
    Policy,
    PolicyVersion,
    User,
)
from commitments.policies import looking_again
from tests.commitments.ladders import rung
from tests.makers import DAY, HOUR, NOON, a_commitment, a_team, ana, dev, fresh

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


def as_it_stands(ada: Client, week: Calendar) -> dict[str, str]:
    """What the form of a calendar sends if nothing is changed in it."""
    page = ada.get(f"/admin/commitments/calendar/{week.pk}/change/")
    forms = [page.context["adminform"].form, *page.context["inline_admin_formsets"]]
    data = {"name": week.name, "zone": week.zone}
    for formset in [each.formset for each in forms[1:]]:
        for form in [formset.management_form, *formset.forms]:
            for field in form:
                data[field.html_name] = "" if field.value() is None else str(field.value())
    return data


@time_machine.travel(NOON, tick=False)
def test_a_calendar_saved_as_it_stands_stays_as_it_is(ada: Client) -> None:
    kettle = a_commitment()
    week = Calendar.objects.get()

    answer = ada.post(f"/admin/commitments/calendar/{week.pk}/change/", as_it_stands(ada, week))

    assert answer.status_code == 302
    assert OpeningHours.objects.count() == 5
    assert fresh(kettle).next_action == "step"


def test_policies_are_looked_at_here_and_edited_elsewhere(ada: Client) -> None:
    a_team()
    policy = Policy.objects.get(name="Usual")
    first = PolicyVersion.objects.get(policy__name="Usual")

    for address in (f"policy/{policy.pk}", f"policyversion/{first.pk}"):
        assert ada.get(f"/admin/commitments/{address}/change/").status_code == 200
        assert ada.post(f"/admin/commitments/{address}/change/", {"name": "x"}).status_code == 403
    assert ada.post("/admin/commitments/policyversion/add/", {}).status_code == 403
    page = html.unescape(ada.get(f"/admin/commitments/policy/{policy.pk}/change/").content.decode())
    assert "2 working hours before it is due, the owner is reminded." in page
    assert "Step 4 tells the customer without words of yours" in page
    assert f"/settings/escalation/{policy.pk}/" in page

    assert [step.number for step in policy.latest().ladder()] == [1, 2, 3, 4]


@time_machine.travel(NOON, tick=False)
def test_edited_hours_say_which_promises_they_would_have_moved(ada: Client) -> None:
    friday = datetime(2026, 5, 22, 17, 30, tzinfo=UTC)
    week = a_team().calendar
    chain = week.hours().walk_days(NOON, 1)
    kettle = a_commitment(due_at=friday, due_steps=chain)

    answer = ada.post(
        f"/admin/commitments/calendar/{week.pk}/change/",
        as_it_stands(ada, week) | inline("holidays", on="2026-05-22", name="Closed", spans=""),
        follow=True,
    )

    said = html.unescape(answer.content.decode())
    assert "One open promise was promised under other hours; none was moved." in said
    assert f"{kettle.reference}, due Fri 22 May, 5:30 pm: would be Mon 25 May, 5:30 pm" in said
    assert fresh(kettle).due_at == friday
    assert looking_again.relook_round(NOON + HOUR) == 1
    assert fresh(kettle).next_action == "look"


@time_machine.travel(NOON, tick=False)
def test_a_team_that_gets_other_hours_has_its_clocks_laid_anew(ada: Client) -> None:
    team = a_team()
    kettle = a_commitment(case="a")
    beside = a_commitment(team=a_team("Repairs"), case="b")
    nights = Calendar.objects.create(name="Nights", zone="UTC")

    answer = ada.post(
        f"/admin/commitments/team/{team.pk}/change/",
        {"name": team.name, "calendar": str(nights.pk), "lead_fallback": ""}
        | inline("memberships"),
    )

    assert answer.status_code == 302
    assert looking_again.relook_round(NOON + HOUR) == 1
    assert fresh(kettle).next_action == "look"
    assert fresh(beside).next_action == "step"


def test_time_away_is_looked_at_here_and_planned_elsewhere(ada: Client) -> None:
    a_team()
    away = Absence.objects.create(user=ana(), deputy=dev(), starts_at=NOON, ends_at=NOON + DAY)
    address = f"/admin/commitments/absence/{away.pk}"

    assert ada.get(f"{address}/change/").status_code == 200
    assert ada.post(f"{address}/change/", {"deputy": "1"}).status_code == 403
    assert ada.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert ada.post("/admin/commitments/absence/add/", {}).status_code == 403
    assert Absence.objects.get().deputy == dev()


def test_a_kind_is_offered_no_policy_that_is_retired(ada: Client) -> None:
    a_team()
    old = policies.make("Old ways", steps=[rung(0, 0)], by=None, now=NOON)
    policies.retire(old.pk, now=NOON)
    kind = Kind.objects.get(code="refund")

    page = ada.get(f"/admin/commitments/kind/{kind.pk}/change/").content.decode()

    assert "Usual, urgent" in page
    assert "Old ways" not in page


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
