"""The check-in is answered by people, once, and by nobody's GET."""

from __future__ import annotations

import pytest

from commitments.models import CheckIn, CheckInAnswer, Commitment, Customer, Event, OnceKey
from notifications.models import Delivery
from tests.makers import DAY, HOUR, ana

from .makers import (
    ASKED_AT,
    SECOND,
    Browser,
    a_check_in,
    an_answer,
    check_in_link,
    seen,
    status_link,
    thanks_link,
    value_on,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = ASKED_AT + 5 * SECOND


def answered(check_in: CheckIn, *, browser: Browser | None = None, **fields: str):
    """Tom opens the form and sends it five seconds later."""
    browser = browser or Browser()
    link = check_in_link(check_in)
    form = browser.get(link, now=ASKED_AT)
    return browser.post(link, an_answer(form, **fields), now=LATER)


def all_rows() -> list[object]:
    models = (Commitment, Customer, Event, CheckIn, CheckInAnswer, OnceKey, Delivery)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_form_says_what_was_promised_and_what_happened_and_chooses_nothing():
    check_in = a_check_in()

    response = Browser().get(check_in_link(check_in), now=ASKED_AT)

    assert "How did we do, Tom?" in seen(response)
    assert "We promised: Send the kettle's replacement part , by Thursday 21 May" in seen(response)
    assert "Ana called, and the refund is on its way." in seen(response)
    assert "Nothing is saved until you press the button." in seen(response)
    assert "checked" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "chosen"),
    [("r=4", 'name="rating" value="4"'), ("open=yes", 'name="open" value="yes"')],
)
def test_what_the_link_in_the_mail_stands_for_is_chosen(query: str, chosen: str):
    check_in = a_check_in()

    html = Browser().get(f"{check_in_link(check_in)}?{query}", now=ASKED_AT).content.decode()

    assert html.count("checked") == 1
    assert "checked" in html.split(chosen)[1].split(">")[0]


@pytest.mark.parametrize("query", ["r=9", "r=", "r=%00", "open=no", "open=maybe", "r=4&r=5%27"])
def test_a_link_that_stands_for_nothing_chooses_nothing(query: str):
    check_in = a_check_in()

    response = Browser().get(f"{check_in_link(check_in)}?{query}", now=ASKED_AT)

    assert response.status_code == 200
    assert "checked" not in response.content.decode()


def test_an_answer_is_kept_and_thanked_for():
    check_in = a_check_in()

    response = answered(check_in, done="partly", rating="2", words="It took long.")

    answer = CheckInAnswer.objects.get()
    assert (answer.done, answer.rating, answer.still_open) == ("partly", 2, False)
    assert (answer.words, answer.at) == ("It took long.", LATER)
    assert response.status_code == 302
    thanks = Browser().get(response["Location"], now=LATER)
    assert "Thank you, Tom" in seen(thanks)
    assert "gets back to you" not in seen(thanks)


def test_still_open_makes_a_promise_that_the_thanks_page_names():
    check_in = a_check_in()

    response = answered(check_in, open="yes", words="The lid is missing.")

    follow_up = Commitment.objects.get(follows__isnull=False)
    assert follow_up.due_at == LATER + 4 * HOUR
    assert follow_up.owner == ana()
    thanks = Browser().get(response["Location"], now=LATER)
    assert "Thank you for telling us, Tom" in seen(thanks)
    assert "Ana gets back to you by Thursday 28 May, 4:00 pm" in seen(thanks)
    assert "Look into what is still open" not in seen(thanks)
    assert "The lid is missing." not in seen(thanks)
    assert status_link(follow_up, now=LATER).split("/")[1] == "c"


def test_the_thanks_page_leads_to_everything_we_agreed():
    check_in = a_check_in()
    browser = Browser()
    response = answered(check_in, browser=browser)

    thanks = browser.get(response["Location"], now=LATER)

    link = thanks.content.decode().split('href="/c/')[1].split('"')[0]
    status = browser.get(f"/c/{link}", now=LATER)
    assert "Send the kettle's replacement part" in seen(status)
    assert "Check-in (done)" in seen(status)


def test_nobody_is_thanked_for_nothing():
    check_in = a_check_in()

    response = Browser().get(thanks_link(check_in), now=ASKED_AT)

    assert response["Location"].endswith("/check-in/")


def test_looking_writes_nothing():
    check_in = a_check_in()
    promise = check_in.commitments()[0]
    before = all_rows()

    for path in (check_in_link(check_in), thanks_link(check_in), status_link(promise)):
        for query in ("", *(f"?r={number}" for number in range(1, 6)), "?open=yes"):
            browser = Browser()
            for how in ("GET", "GET", "HEAD", "OPTIONS"):
                browser.get(path + query, now=ASKED_AT, how=how)
            browser.get(path + query, now=LATER, **{"Sec-Purpose": "prefetch"})

    assert all_rows() == before


def test_an_answer_without_the_cookie_is_asked_for_once_more_and_then_kept():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser(cookies=False)
    form = browser.get(link, now=ASKED_AT)

    confirm = browser.post(link, an_answer(form, words="Well done"), now=LATER)

    assert confirm.status_code == 200
    assert "Send this answer?" in seen(confirm)
    assert "How do you feel about how this was handled? Happy" in seen(confirm)
    assert "Well done" in seen(confirm)
    assert not CheckInAnswer.objects.exists()
    data = an_answer(confirm, words="Well done")
    response = browser.post(link, data, now=LATER + SECOND)
    assert response.status_code == 302
    assert CheckInAnswer.objects.get().words == "Well done"


def test_an_answer_faster_than_anybody_reads_is_asked_for_once_more():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    form = browser.get(link, now=ASKED_AT)

    confirm = browser.post(link, an_answer(form), now=ASKED_AT + SECOND)

    assert "Send this answer?" in seen(confirm)
    assert not CheckInAnswer.objects.exists()
    browser.post(link, an_answer(form), now=LATER)
    browser.post(link, an_answer(confirm), now=LATER)
    assert CheckInAnswer.objects.count() == 1


def test_the_value_of_one_browser_is_no_use_in_another():
    check_in = a_check_in()
    link, other = check_in_link(check_in), Browser()
    form = Browser().get(link, now=ASKED_AT)
    other.get(link, now=ASKED_AT)

    response = other.post(link, an_answer(form), now=LATER)

    assert "Send this answer?" in seen(response)
    assert not CheckInAnswer.objects.exists()


def test_a_form_sent_twice_is_one_answer():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    data = an_answer(browser.get(link, now=ASKED_AT), open="yes")

    first = browser.post(link, data, now=LATER)
    second = browser.post(link, data, now=LATER + SECOND)

    assert first["Location"] == second["Location"]
    assert CheckInAnswer.objects.count() == 1
    assert Commitment.objects.filter(follows__isnull=False).count() == 1


def test_a_used_value_is_remembered_for_longer_than_it_is_valid():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    data = an_answer(browser.get(link, now=ASKED_AT))
    browser.post(link, data, now=LATER)

    response = browser.post(link, data, now=ASKED_AT + 13 * HOUR)

    assert response.status_code == 403
    assert "Send this answer?" in seen(response)
    assert OnceKey.objects.get().expires_at > ASKED_AT + 13 * HOUR
    assert CheckInAnswer.objects.count() == 1


def test_the_same_customer_may_answer_anew():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    answered(check_in, browser=browser, rating="1")

    again = browser.get(link, now=LATER)
    browser.post(link, an_answer(again, rating="5"), now=LATER + 5 * SECOND)

    assert "the newer one counts" in seen(again)
    first, second = CheckInAnswer.objects.order_by("pk")
    assert (first.rating, second.rating) == (1, 5)
    assert first.browser_key_hash == second.browser_key_hash


def test_another_browser_that_says_otherwise_puts_both_in_doubt_until_one_more_answer():
    check_in = a_check_in()
    link = check_in_link(check_in)
    answered(check_in, rating="5")
    answered(check_in, rating="1", browser=(own := Browser()))

    again = own.get(link, now=LATER + 20 * 60 * SECOND)
    both = list(CheckInAnswer.objects.order_by("pk").values_list("rating", "confirmed"))
    own.post(link, an_answer(again, rating="2"), now=LATER + 20 * 60 * SECOND + 5 * SECOND)

    assert "We have two answers that say different things." in seen(again)
    assert both == [(5, False), (1, False)]
    assert CheckInAnswer.objects.get(confirmed=True).rating == 2
    after = own.get(link, now=LATER + HOUR)
    assert "the newer one counts" in seen(after)


def test_two_weeks_after_the_answer_nothing_more_is_taken_and_looking_leads_to_the_thanks():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    answered(check_in, browser=browser, rating="5")
    almost = LATER + 14 * DAY - 5 * SECOND
    data = an_answer(browser.get(link, now=almost), rating="1")

    late = browser.post(link, data, now=almost + 6 * SECOND)
    looked = browser.get(link, now=almost + 6 * SECOND)

    assert late.status_code == 409
    assert "Your answer was not saved" in seen(late)
    assert looked["Location"] == link.replace("/check-in/", "/thanks/")
    assert CheckInAnswer.objects.get().rating == 5


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "é\u0000", "9" * 5000])
def test_an_answer_with_a_made_up_value_is_not_saved(value: str):
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    form = browser.get(link, now=ASKED_AT)

    response = browser.post(link, an_answer(form) | {"value": value}, now=LATER)

    assert response.status_code == 403
    assert "Send this answer?" in seen(response)
    assert not CheckInAnswer.objects.exists()


def test_an_answer_from_another_site_is_not_saved():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    data = an_answer(browser.get(link, now=ASKED_AT))

    response = browser.post(link, data, now=LATER, **{"Sec-Fetch-Site": "cross-site"})

    assert "Send this answer?" in seen(response)
    assert not CheckInAnswer.objects.exists()


def test_the_value_of_one_check_in_is_no_use_in_another():
    first = a_check_in()
    tim = Customer.objects.create(name="Tim Reed", email="tim@customers.example")
    second = a_check_in(customer=tim)
    browser = Browser()
    data = an_answer(browser.get(check_in_link(first), now=ASKED_AT))

    response = browser.post(check_in_link(second), data, now=LATER)

    assert response.status_code == 403
    assert not CheckInAnswer.objects.exists()


def test_what_is_missing_is_asked_for_and_what_was_written_is_kept():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    value = value_on(browser.get(link, now=ASKED_AT))

    response = browser.post(link, {"value": value, "words": "It broke again"}, now=LATER)

    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in html
    assert '<a href="#id_rating_0">Choose how you feel, from very unhappy' in html
    assert '<a href="#id_done_0">Say whether we did what we said' in html
    assert '<a href="#id_open_0">Say whether anything is still unresolved' in html
    assert "It broke again</textarea>" in html
    assert not CheckInAnswer.objects.exists()
    browser.post(link, an_answer(response, words="It broke again"), now=LATER)
    assert CheckInAnswer.objects.get().words == "It broke again"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("x" * 100_000, "100,000 characters long"),
        ("a\x00b", "Null characters are not allowed"),
        ("a\x07b", "contains a control character"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_in_words(words: str, why: str):
    check_in = a_check_in()

    response = answered(check_in, words=words)

    assert response.status_code == 422
    assert why in seen(response)
    assert not CheckInAnswer.objects.exists()


def test_script_in_the_words_is_kept_as_text_and_shown_as_text():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser(cookies=False)
    form = browser.get(link, now=ASKED_AT)
    evil = '"><script>alert(1)</script>'

    confirm = browser.post(link, an_answer(form, words=evil), now=LATER)
    browser.post(link, an_answer(confirm, words=evil), now=LATER)

    assert "<script" not in confirm.content.decode()
    assert CheckInAnswer.objects.get().words == evil


def test_the_cookie_is_ours_alone_and_says_nothing():
    check_in = a_check_in()

    cookie = Browser().get(check_in_link(check_in), now=ASKED_AT).cookies["check_in"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/c/")
    assert cookie["max-age"] == 14 * 24 * 3600


def test_a_check_in_that_is_closed_meanwhile_keeps_nothing():
    check_in = a_check_in()
    link, browser = check_in_link(check_in), Browser()
    data = an_answer(browser.get(link, now=ASKED_AT))
    check_in.drop("erased")

    response = browser.post(link, data, now=LATER)

    assert response.status_code == 404
    assert not CheckInAnswer.objects.exists()
    assert not OnceKey.objects.exists()


def test_the_foot_of_the_form_stops_mails():
    check_in = a_check_in()
    browser = Browser()
    form = browser.get(check_in_link(check_in), now=ASKED_AT)

    path = form.content.decode().split('href="/c/')[1].split('"')[0]
    stop = browser.get(f"/c/{path}", now=ASKED_AT)

    assert path.endswith("/stop/")
    assert "Stop e-mails" in seen(stop)
