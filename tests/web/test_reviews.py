"""The pages of incident reviews: who comes there, what they show, and what they refuse."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments import services
from commitments.models import Commitment, Membership, Review, Role, Team
from tests import makers
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/reports/reviews/"
NEW = f"{LIST}new/"
SAID = {"once": "k", "title": "The week of the storm", "happened": "Mails lay.", "why": ""}
HOSTILE = "<script>alert(1)</script> \u202e\u0646\u0635\u202c " + "x" * 110


@pytest.fixture
def lead() -> Client:
    makers.a_team()
    return pages.signed_in(makers.dev())


@pytest.fixture
def auditor() -> Client:
    noor = makers.a_user("Noor Haddad")
    Membership.objects.create(user=noor, team=makers.a_team(), role=Role.AUDITOR)
    return pages.signed_in(noor)


@pytest.fixture
def stranger() -> Client:
    """A manager, of another team."""
    omar = makers.a_user("Omar Rahal")
    Membership.objects.create(user=omar, team=makers.a_team("Moves"), role=Role.MANAGER)
    return pages.signed_in(omar)


def late(wording: str = "Refund the fee", *, cause: str = "took_longer") -> Commitment:
    made = makers.a_commitment(wording=wording, due_at=NOON - HOUR, now=NOON - DAY)
    services.fulfil(made.pk, by=makers.ana(), how="Sent", cause=cause, now=NOON - 30 * MINUTE)
    return makers.fresh(made)


def a_review(*promises: Commitment, title: str = "The week of the storm") -> Review:
    return services.begin_review(
        makers.a_team().pk,
        services.Findings(title=title, happened="Mails lay for a day.", why="No alarm."),
        promises=[each.pk for each in promises],
        by=makers.dev(),
        now=NOON - HOUR,
    )


def decided(review: Review, wording: str = "Watch the queue", **given: object) -> Commitment:
    said = {
        "wording": wording, "owner_id": makers.ana().pk, "due_at": NOON + 5 * DAY,
        "by": makers.dev(), "now": NOON - HOUR,
    }  # fmt: skip
    return services.decide(review.pk, **said | given)  # type: ignore[arg-type]  # as named


def address(review: Review, beneath: str = "") -> str:
    return f"{LIST}{review.pk}/{beneath}"


def test_a_review_is_begun_from_promises_that_were_ticked(lead: Client) -> None:
    first, second = late(), late("Send the form")

    form = lead.get(f"{NEW}?pick={first.reference}&pick={second.reference}")
    assert f"{first.reference} {second.reference}" in form.content.decode()
    named = f"{first.reference}, http://testserver/promises/{second.reference}/"
    begun = lead.post(NEW, SAID | {"team": makers.a_team().pk, "promises": named}, follow=True)

    review = Review.objects.get()
    assert set(review.promises.all()) == {first, second}
    words = pages.text(begun)
    assert "The review is begun. What do you decide?" in words
    assert "Two promises looked at" in words
    assert "It took longer than we thought 2" in words


def test_a_review_is_begun_from_a_cause_of_the_report(lead: Client) -> None:
    theirs, other = late(), late("Send the form", cause="system")

    page = lead.get(f"{NEW}?cause=took_longer&since=2026-05-01&until=2026-05-31").content.decode()

    assert theirs.reference in page
    assert other.reference not in page


@pytest.mark.parametrize("query", ["cause=took_longer&team=999999", "cause=x&team=x%00"])
def test_a_cause_of_a_team_that_is_not_theirs_is_not_found(lead: Client, query: str) -> None:
    assert lead.get(f"{NEW}?{query}").status_code == 404


@pytest.mark.parametrize("cause", ["x", "%00", "a%00b"])
def test_a_cause_that_is_none_is_said_and_picks_nothing(lead: Client, cause: str) -> None:
    kettle = late()

    page = lead.get(f"{NEW}?cause={cause}&since=2026-05-01&until=2026-05-31")

    assert "There is no such cause, so nothing is picked." in pages.text(page)
    assert kettle.reference not in page.content.decode()


def test_dates_that_make_no_period_are_said_and_pick_nothing(lead: Client) -> None:
    kettle = late()

    page = lead.get(f"{NEW}?cause=took_longer&since=2026-05-31&until=2026-05-01")

    assert page.status_code == 200
    assert kettle.reference not in page.content.decode()
    assert 'class="note soon' in page.content.decode()


def test_decisions_show_how_they_stand_now(lead: Client) -> None:
    review = a_review(late())
    watched = decided(review)
    overdue = decided(review, "Write it down", due_at=NOON - MINUTE)
    kept = decided(review, "Tell the team")
    services.fulfil(kept.pk, by=makers.ana(), how="Told", now=NOON - MINUTE)

    page = lead.get(address(review))

    words = pages.text(page)
    assert "Watch the queue Coming up Ana Moreno, by Tue 26 May, 12:00 noon" in words
    assert "Write it down Overdue" in words
    assert "Tell the team Kept on time" in words
    for each in (watched, overdue, kept):
        assert f"/promises/{each.reference}/" in page.content.decode()
    assert "Three decisions: 1 overdue, 1 open" in pages.text(lead.get(LIST))


def test_what_another_team_has_by_now_is_counted_and_not_shown(lead: Client) -> None:
    stays, goes = late(), makers.a_commitment(wording="Call about the meter")
    review = a_review(stays, goes)
    decision = decided(review)
    moves = Team.objects.create(name="Moves", calendar=makers.a_team().calendar)
    for each in (goes, decision):
        Commitment.objects.filter(pk=each.pk).update(team=moves)

    page = lead.get(address(review))

    words = pages.text(page)
    assert "One promise looked at" in words
    assert "1 more is with a team that you are not in." in words
    assert "Call about the meter" not in words
    assert "Watch the queue" in words
    assert f"/promises/{decision.reference}/" not in page.content.decode()
    assert lead.get(f"/promises/{decision.reference}/").status_code == 404


def test_a_decision_is_made_for_a_day_on_which_the_team_works(lead: Client) -> None:
    review = a_review()
    said = {"once": "k", "wording": "watch the queue", "owner": makers.ana().pk}

    page = lead.post(address(review, "decide/"), said | {"day": "2026-05-29"}, follow=True)

    made = review.decisions.get().commitment
    assert (made.wording, made.owner) == ("Watch the queue", makers.ana())
    assert made.due_at.isoformat() == "2026-05-29T17:30:00+00:00"
    assert "Decided: Ana will see to it by Fri 29 May, 5:30 pm." in pages.text(page)


def test_a_decision_sent_twice_is_made_once(lead: Client) -> None:
    review = a_review()
    said = {"once": "k", "wording": "Watch", "owner": makers.ana().pk, "day": "2026-05-29"}

    for _ in range(2):
        lead.post(address(review, "decide/"), said)

    assert review.decisions.count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"wording": " "}, "The decision is empty."),
        ({"wording": "a\x00b"}, "The decision"),
        ({"owner": ""}, "Choose who sees to it."),
        ({"owner": "999999"}, "Choose somebody of this team."),
        ({"day": ""}, "Give a day, like 2026-05-22."),
        ({"day": "soon\x00"}, "Give a day, like 2026-05-22."),
        ({"day": "2026-05-23"}, "The team is closed on that day. Choose a working day."),
        ({"day": "2026-05-20"}, "That day is over for the team. Choose a later one."),
        ({"day": "2036-05-22"}, "more than five years ahead"),
        ({"day": "9999-12-31"}, ""),
    ],
    ids=range(10),
)
def test_a_decision_that_will_not_do_is_refused_with_its_words_kept(
    lead: Client, given: dict[str, str], refusal: str
) -> None:
    review = a_review()
    said = {"once": "k", "wording": "Watch it", "owner": makers.ana().pk, "day": "2026-05-29"}

    page = lead.post(address(review, "decide/"), said | given)

    assert page.status_code == 422
    assert refusal in pages.text(page)
    assert pages.title(page).startswith("Error: ")
    assert not review.decisions.exists()


@pytest.mark.parametrize("text", ["00000", "no such", "'; drop table", "a\x00b", ""], ids=range(5))
def test_what_names_no_promise_is_refused(lead: Client, text: str) -> None:
    review = a_review()

    page = lead.post(address(review, "promises/"), {"once": "k", "promises": text})

    assert page.status_code == 422
    assert not review.promises.exists()


def test_another_teams_promise_is_refused_like_one_that_does_not_exist(lead: Client) -> None:
    makers.a_team("Moves")
    review = a_review()
    other = makers.a_commitment(team=makers.a_team("Moves"))

    page = lead.post(address(review, "promises/"), {"once": "k", "promises": other.reference})

    assert f"There is no promise “{other.reference}” of Billing care." in pages.text(page)


def test_a_promise_is_added_and_left_out_again(lead: Client) -> None:
    review, kettle = a_review(), late()

    lead.post(address(review, "promises/"), {"once": "k", "promises": kettle.reference})
    assert list(review.promises.all()) == [kettle]

    page = lead.post(address(review, f"promises/{kettle.reference}/leave-out/"), follow=True)
    assert not review.promises.exists()
    assert "Left out of this review." in pages.text(page)


def test_it_is_edited_and_nothing_newer_is_saved_over(lead: Client) -> None:
    review = a_review()
    form = pages.hidden(lead.get(address(review, "edit/")))

    lead.post(address(review, "edit/"), SAID | form | {"title": "Storm"})
    again = lead.post(address(review, "edit/"), SAID | form | {"once": "j", "title": "Gale"})

    review.refresh_from_db()
    assert (review.title, review.version) == ("Storm", 2)
    assert again.status_code == 422
    assert "Somebody else changed this review" in pages.text(again)
    assert 'value="Gale"' in again.content.decode()


PLACES = ["", "edit/", "decide/"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", ["client", "stranger"])
def test_for_agents_and_other_teams_there_is_no_such_review(
    request: pytest.FixtureRequest, who: str, place: str
) -> None:
    review = a_review()
    theirs: Client = request.getfixturevalue(who)

    assert theirs.get(address(review, place)).status_code == 404
    assert theirs.post(address(review, place), {"once": "k"}).status_code in {404, 405}


def test_an_agent_finds_no_list_and_begins_nothing(client: Client) -> None:
    for place in (LIST, NEW):
        assert client.get(place).status_code == 404
    assert client.post(NEW, SAID | {"team": makers.a_team().pk}).status_code == 404
    assert not Review.objects.exists()


def test_an_auditor_reads_and_changes_nothing(auditor: Client) -> None:
    review = a_review(late())

    page = auditor.get(address(review))

    assert "Mails lay for a day." in pages.text(page)
    assert "Decide something" not in pages.text(page)
    assert auditor.get(LIST).status_code == 200
    for place in ("edit/", "decide/", "promises/"):
        assert auditor.post(address(review, place), {"once": "k"}).status_code == 403
    assert auditor.post(NEW, SAID).status_code == 403


def test_looking_changes_nothing(lead: Client) -> None:
    review = a_review(late())
    assert lead.get(address(review, "promises/")).status_code == 405

    for place in PLACES:
        assert lead.get(address(review, place)).status_code == 200

    review.refresh_from_db()
    assert (review.version, review.decisions.count(), review.promises.count()) == (1, 0, 1)


def test_nobody_who_is_not_signed_in_sees_anything() -> None:
    review = a_review()

    assert Client().get(address(review)).status_code == 302
    assert Client().get(LIST)["Location"].startswith("/accounts/login/")


def test_hostile_words_are_shown_as_they_are(lead: Client) -> None:
    review = a_review(title=HOSTILE[:150])
    decided(review, wording=HOSTILE)

    content = lead.get(address(review)).content.decode() + lead.get(LIST).content.decode()

    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


def test_a_decision_leads_back_to_its_review_for_those_who_may_read_it(
    lead: Client, client: Client
) -> None:
    review = a_review()
    promise = f"/promises/{decided(review).reference}/"

    assert f'href="{address(review)}"' in lead.get(promise).content.decode()
    theirs = client.get(promise).content.decode()
    assert address(review) not in theirs
    assert "What Billing sees" not in pages.text_of(theirs)


def test_both_pages_ask_as_much_for_many_as_for_one(lead: Client) -> None:
    review = a_review(late())
    decided(review)

    def asked(place: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(place).status_code == 200
        return len(queries)

    places = (LIST, address(review))
    [asked(place) for place in places]
    few = [asked(place) for place in places]
    for number in range(5):
        services.look_at(review.pk, promises=[late(f"Refund {number}").pk], by=makers.dev())
        decided(review, f"Watch {number}")
        decided(a_review(late(f"Credit {number}")))

    assert [asked(place) for place in places] == few
    assert max(few) <= 10


def test_the_report_of_causes_and_the_list_lead_to_a_review(lead: Client, client: Client) -> None:
    kettle = late()

    causes = lead.get("/reports/causes/").content.decode()
    found = lead.get("/promises/").content.decode()

    assert f'href="{NEW}?' in causes
    assert "cause=took_longer" in causes
    assert f'formaction="{NEW}"' in found
    ticked = lead.get(f"{NEW}?pick={kettle.reference}&state=&q=").content.decode()
    assert kettle.reference in ticked
    assert LIST not in client.get("/reports/causes/").content.decode()
    assert NEW not in client.get("/promises/").content.decode()
