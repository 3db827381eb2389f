from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services, sweep
from commitments.models import Absence, Commitment, Holiday, Membership, Role, Team
from commitments.services import Told
from commitments.web import one_promise, undo
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


def page_of(client: Client, commitment: Commitment) -> str:
    response = client.get(f"/promises/{commitment.reference}/")
    assert response.status_code == 200
    return pages.text(response)


def test_a_promise_says_what_to_whom_and_by_when(client: Client) -> None:
    kettle = makers.a_commitment(case="48213")

    said = page_of(client, kettle)

    assert "Send the kettle's replacement part" in said
    assert "promised to Tom Okafor by Ana Moreno" in said
    assert "Due today at 6:00 pm, in 6 h" in said
    assert "Promise made on a call" in said


def test_a_reference_may_be_typed_in_small_letters(client: Client) -> None:
    kettle = makers.a_commitment()

    assert client.get(f"/promises/{kettle.reference.lower()}/").status_code == 200


def test_silence_after_the_time_is_named(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)

    said = page_of(client, kettle)

    assert "Due today at 11:00 am, 1 h ago" in said
    assert "Tom has not heard from us about it." in said
    assert "Tell Tom and set a new time" in said


def test_a_move_shows_the_old_and_the_new_time(client: Client) -> None:
    kettle = makers.a_commitment(now=NOON - HOUR)
    services.move(
        kettle.pk,
        by=makers.ana(),
        due_at=NOON + DAY,
        reason="The part comes tomorrow.",
        told=Told.PHONE,
        now=NOON - MINUTE,
    )

    said = page_of(client, kettle)

    assert "Date moved, Tom told first, by phone" in said
    assert "Thu 21 May, 6:00 pm moved to → Fri 22 May, 12:00 noon" in said
    assert "The part comes tomorrow." in said


def test_a_note_is_for_the_team_and_an_update_for_the_customer(client: Client) -> None:
    kettle = makers.a_commitment()
    for words, tell in (("He called twice.", False), ("It is on its way.", True)):
        services.update(kettle.pk, by=makers.dev(), words=words, tell_customer=tell, now=NOON)

    said = page_of(client, kettle)

    assert "Note from Dev Team only Today, 12:00 noon He called twice." in said
    assert "Dev updated Tom Tom can see this Today, 12:00 noon It is on its way." in said


def test_what_happens_if_it_stays_open_is_said_with_names(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON + 4 * HOUR)

    said = page_of(client, kettle)

    assert "Today, 2:00 pm Ana Moreno is reminded" in said
    assert "Dev Shah is asked to help" in said
    assert "Ines Duarte is asked to help, and Tom gets an automatic note" in said


def test_the_sweep_shows_in_the_history(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    sweep.run(NOON)

    said = page_of(client, kettle)

    assert "Promised time passed" in said
    assert "The owner is reminded" in said


def test_an_ended_promise_says_how_it_counted(client: Client) -> None:
    kettle = makers.a_commitment(now=NOON - HOUR)
    services.fulfil(kettle.pk, by=makers.ana(), how="Sent with the noon post.", now=NOON)

    said = page_of(client, kettle)

    assert "Kept on time, today at 12:00 noon" in said
    assert "Ana marked it done" in said
    assert "Open again" in said
    assert "Write an update" not in said


def test_what_became_of_its_messages_is_said(client: Client) -> None:
    kettle = makers.a_commitment()

    said = page_of(client, kettle)

    assert "Messages 1" in said
    assert "To Tom Okafor, e-mail Waits to go out" in said


def test_every_kind_of_event_has_words(client: Client) -> None:
    kettle, ana, dev = makers.a_commitment(due_at=NOON + DAY), makers.ana(), makers.dev()
    services.help(kettle.pk, by=ana, reason="Where is the part?", now=NOON)
    services.wait(kettle.pk, by=ana, what="a photo", now=NOON)
    services.resume(kettle.pk, by=ana, now=NOON + HOUR)
    services.reassign(kettle.pk, by=ana, owner_id=dev.pk, note="Yours", now=NOON + HOUR)
    services.abandon(
        kettle.pk, by=dev, reason="It is not made any more.", cause="outside", now=NOON + HOUR
    )
    services.reopen(kettle.pk, by=dev, reason="Found one.", now=NOON + HOUR)
    services.release(kettle.pk, by=dev, reason="Tom bought one.", now=NOON + HOUR)

    said = page_of(client, kettle)

    for words in (
        "Ana asked the team lead for a hand",
        "Ana asked Tom for something",
        "Tom answered; the work goes on",
        "Handed from Ana Moreno to Dev Shah",
        "Closed: we cannot keep it",
        "Dev opened it again",
        "Closed: no longer wanted",
    ):
        assert words in said


def test_an_auditor_is_shown_no_buttons(client: Client) -> None:
    kettle = makers.a_commitment()
    makers.Membership.objects.filter(user=makers.dev()).update(role=makers.Role.AUDITOR)

    said = page_of(pages.signed_in(makers.dev()), kettle)

    assert "Send the kettle's replacement part" in said
    assert "Mark done" not in said
    assert "Write an update" not in said


def test_markup_in_words_is_shown_as_words(client: Client) -> None:
    kettle = makers.a_commitment(wording="<script>alert(1)</script>", team_note="<b>x</b>")

    page = client.get(f"/promises/{kettle.reference}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("path", ["", "update/", "done/", "close/"])
def test_what_one_may_not_see_does_not_exist(path: str) -> None:
    kettle = makers.a_commitment()
    stranger = pages.signed_in(makers.a_user("Zed Stranger"))

    hidden = stranger.get(f"/promises/{kettle.reference}/{path}")
    unknown = stranger.get(f"/promises/ZZZZZ/{path}")

    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert pages.text(hidden) == pages.text(unknown)


@pytest.mark.parametrize("ref", ["nonsense!", "0", "A" * 300, "%00", "K7Q2M%00"])
def test_a_garbled_reference_is_no_promise(client: Client, ref: str) -> None:
    assert client.get(f"/promises/{ref}/").status_code == 404


@pytest.mark.both_databases
def test_the_page_asks_nine_questions_of_the_database_whatever_has_happened(client: Client) -> None:
    kettle = makers.a_commitment(due_at=NOON + DAY)
    makers.a_commitment()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(client, kettle)
        return len(queries)

    services.update(kettle.pk, by=makers.ana(), words="One", tell_customer=True, now=NOON)
    page_of(client, kettle)  # SQLite is asked once in a process what it can do
    few = asked()
    for number in range(10):
        makers.a_commitment(wording=f"Another {number}")
        services.update(
            kettle.pk, by=makers.ana(), words=f"More {number}", tell_customer=True, now=NOON
        )
    services.reassign(kettle.pk, by=makers.ana(), owner_id=makers.dev().pk, now=NOON)

    assert (few, asked()) == (9, 9)


@pytest.mark.both_databases
def test_what_is_read_at_once_says_the_same_as_read_one_after_another(client: Client) -> None:
    makers.a_commitment()
    calendar = makers.a_team().calendar
    Holiday.objects.create(calendar=calendar, on=date(2026, 5, 22), spans=[], name="Bank holiday")
    Holiday.objects.create(calendar=calendar, on=date(2026, 5, 26), spans=[[600, 720]], name="x")
    Absence.objects.create(
        user=makers.ana(), deputy=makers.dev(), starts_at=NOON - DAY, ends_at=NOON + DAY
    )
    kettle = makers.a_commitment(due_at=NOON + 4 * HOUR)

    at_once = one_promise.with_all_around(NOON).with_everything().get(pk=kettle.pk)
    away = one_promise.unfold(at_once)

    assert at_once.policy_version.ladder() == kettle.policy_version.ladder()
    assert at_once.team.calendar.hours() == kettle.team.calendar.hours()
    assert [(each.user, each.deputy, each.ends_at) for each in away] == [
        (makers.ana(), makers.dev(), NOON + DAY)
    ]


def test_when_it_is_asked_again_is_said_within_its_sentence(client: Client) -> None:
    late = makers.a_commitment(due_at=NOON - HOUR, now=NOON - DAY)
    services.acknowledge(late.pk, by=makers.ana(), now=NOON)

    assert "Asked again today at " in page_of(client, late)


def test_who_watches_over_all_is_led_back_to_all(client: Client) -> None:
    kettle = makers.a_commitment()
    page = pages.signed_in(makers.ines()).get(f"/promises/{kettle.reference}/").content.decode()

    trail = page.partition('aria-label="Breadcrumb">')[2].partition("</nav>")[0]

    assert '<a href="/promises/">Promises</a>' in trail
    assert "My promises" not in trail


def a_team_of_dev_alone() -> Team:
    """Another team than Ana's, in which only Dev acts."""
    team = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    Membership.objects.create(user=makers.dev(), team=team, role=Role.LEAD)
    return team


def test_whoever_had_a_promise_that_left_their_teams_learns_who_has_it(client: Client) -> None:
    kettle = makers.a_commitment()
    moves = a_team_of_dev_alone()
    services.hand_to_team(kettle.pk, by=makers.dev(), team_id=moves.pk, now=NOON - HOUR)
    services.update(
        kettle.pk, by=makers.dev(), words="Nobody's affair", tell_customer=False, now=NOON
    )

    said = page_of(client, kettle)

    assert "Moves keeps this promise now. Dev Shah handed it over today at 11:00 am ." in said
    assert "Nobody's affair" not in said
    assert "Tom" not in said


def test_whoever_never_had_it_does_not_learn_that_it_exists(client: Client) -> None:
    kettle = makers.a_commitment(owner_id=makers.dev().pk)
    moves = a_team_of_dev_alone()
    services.hand_to_team(kettle.pk, by=makers.dev(), team_id=moves.pk, now=NOON)

    assert client.get(f"/promises/{kettle.reference}/").status_code == 404


def test_no_undo_is_offered_of_what_cannot_be_undone(client: Client) -> None:
    kettle = makers.a_commitment()

    services.renew_link(kettle.pk, by=makers.ana(), all_pages=False, now=NOON)

    assert undo.token_for(makers.fresh(kettle), user=makers.ana()) == ""


def test_what_was_handed_over_and_taken_back_is_as_before(client: Client) -> None:
    kettle = makers.a_commitment()
    moves = a_team_of_dev_alone()
    services.hand_to_team(kettle.pk, by=makers.dev(), team_id=moves.pk, now=NOON)
    lead = pages.signed_in(makers.dev())
    token = undo.token_for(makers.fresh(kettle), user=makers.dev())

    lead.post(f"/undo/{token}/")

    assert makers.fresh(kettle).owner == makers.ana()
    assert "promised to Tom Okafor by Ana Moreno" in page_of(client, kettle)
