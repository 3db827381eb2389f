"""Settings, Messages: our own words beside the standard, placeholders only, versions, a test."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from commitments import services
from commitments.messages import texts
from commitments.messages.texts import PLACEHOLDERS, Template
from commitments.models import MessageText, User
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment, ana
from tests.web.pages import signed_in, text, title

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LANGUAGES = ("en", "es")
DONE = "/settings/messages/done/en/"
OURS = "{author} from {company} says:\n\n{words}\n\n{late_words}\n\nUntil soon."


def a_text(body: str, *, template: str = "done", language: str = "en") -> MessageText:
    return MessageText.objects.create(
        template=template,
        language=language,
        number=1,
        subject="Settled: {wording}",
        heading="Settled",
        body=body,
        made_at=NOON,
    )


def a_mail() -> Delivery:
    kept = a_commitment(summary=False)
    services.fulfil(kept.pk, by=ana(), how="It is at {due} <b>home</b>", now=NOON + HOUR)
    return Delivery.objects.get(template="done")


def test_the_list_names_every_mail_in_every_language_and_whose_words_it_uses(ada: Client) -> None:
    a_text(OURS, language="es")

    page = ada.get("/settings/messages/")

    links = set(re.findall(r'href="(/settings/messages/[^"]+/)"', page.content.decode()))
    assert links == {
        f"/settings/messages/{name}/{code}/" for name in Template for code in LANGUAGES
    }
    assert text(page).count("Ours, since") == 1


def test_the_page_shows_the_text_in_force_its_placeholders_and_what_it_looks_like(
    ada: Client,
) -> None:
    page = ada.get(DONE)

    assert fields(page)["subject"] == ["Done: {wording}"]
    assert "{author} writes how it ended:" in fields(page)["body"][0]
    assert all(f"{{{name}}}" in text(page) for name in PLACEHOLDERS[Template.DONE])
    assert "Call with a decision on the refund" in text(page)
    assert 'src="/settings/messages/done/en/look/standard/?look=light"' in page.content.decode()


def test_saved_it_is_what_the_next_mail_says(ada: Client) -> None:
    press(ada, ada.get(DONE), subject="Settled: {wording}", body=OURS)

    mail = a_mail()

    assert mail.subject == "Settled: Send the kettle's replacement part"
    assert "Ana from Followthrough says:\n\nIt is at {due} <b>home</b>\n\nUntil soon." in mail.text
    assert "&lt;b&gt;home&lt;/b&gt;" in mail.html
    assert "Ana from" not in mail.html  # a name is marked as one: <bdi>Ana</bdi> from …


def test_each_edit_is_a_new_version_and_none_is_lost(ada: Client) -> None:
    press(ada, ada.get(DONE), subject="One")
    press(ada, ada.get(DONE), subject="Two")

    kept = MessageText.objects.order_by("number")

    assert list(kept.values_list("number", "subject")) == [(1, "One"), (2, "Two")]
    assert [row.made_by.name for row in kept if row.made_by] == ["Ada Lowe", "Ada Lowe"]


def test_another_language_keeps_its_own_words(ada: Client) -> None:
    press(ada, ada.get("/settings/messages/done/es/"), subject="Resuelto")

    assert a_mail().subject.startswith("Done: ")
    assert fields(ada.get("/settings/messages/done/es/"))["subject"] == ["Resuelto"]


def test_back_to_the_standard_is_asked_first_and_kept_as_a_version(ada: Client) -> None:
    a_text(OURS)

    asked = ada.get(f"{DONE}standard/")
    press(ada, asked)

    assert "Take the standard text for “Done” again?" in text(asked)
    assert list(MessageText.objects.values_list("number", "is_standard")) == [(1, False), (2, True)]
    assert a_mail().subject.startswith("Done: ")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"subject": "{nmae}"}, "{nmae} is no placeholder of this message."),
        ({"subject": "{wordng}"}, "Did you mean {wording}?"),
        ({"body": "{words}\n\n{answer_within}"}, "{answer_within} is no placeholder of this"),
        ({"body": "{words}\n\n{% debug %}"}, "{% debug %} is no placeholder of this message."),
        ({"body": "{words}\n\n{{ company }}"}, "Did you mean {company}?"),
        ({"body": "{words}\n\n{{company}}"}, "There is a brace too many, or one too few."),
        ({"body": "{words}\n\n{company.name.__class__}"}, "is no placeholder of this message."),
        ({"body": "{words}\n\n{due"}, "There is a brace too many, or one too few."),
        ({"body": "He says: {words}"}, "Give {words} a paragraph to itself"),
        ({"body": "It is done."}, "Put {words} into the text"),
        ({"heading": "{facts}"}, "{facts} stands for a box"),
        ({"subject": "a\nb"}, "must be on one line"),
        ({"body": ""}, "The text is empty."),
        ({"body": "{words}" + "x" * 4001}, "keep it to 4,000"),
    ],
)
@pytest.mark.parametrize("button", ["save", "preview", "test"])
def test_what_cannot_be_said_is_refused_by_name_and_kept_in_the_form(
    ada: Client, said: dict[str, str], why: str, button: str
) -> None:
    refused = press(ada, ada.get(DONE), button, **said)

    assert refused.status_code == 422
    assert title(refused).startswith("Error: ")
    assert why in text(refused)
    name, value = next(iter(said.items()))
    if "\n" not in value or name == "body":
        assert fields(refused)[name] == [value]
    assert not MessageText.objects.exists()
    assert not Delivery.objects.exists()


def test_a_preview_shows_what_is_typed_beside_the_standard_and_saves_nothing(ada: Client) -> None:
    seen = press(ada, ada.get(DONE), "preview", subject="Settled: {wording}", body=OURS)
    frame = ada.get(f"{DONE}look/draft/?look=dark")

    assert seen.status_code == 200
    assert "What you typed" in text(seen)
    assert "Settled: Call with a decision on the refund" in text(seen)
    assert "Done: Call with a decision on the refund" in text(seen)
    assert "Until soon." in frame.content.decode()
    assert "prefers-color-scheme:dark" not in frame.content.decode()
    assert not MessageText.objects.exists()


def test_the_frame_lets_nothing_run_and_nothing_be_fetched(ada: Client) -> None:
    page, frame = ada.get(DONE), ada.get(f"{DONE}look/standard/")

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    policy = frame["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_a_draft_is_shown_to_whoever_typed_it_and_for_this_message_only(ada: Client) -> None:
    press(ada, ada.get(DONE), "preview", body=OURS)
    bea = signed_in(User.objects.create_superuser("bea@larkfield.example", "x", name="Bea Roy"))

    assert ada.get("/settings/messages/slip/en/look/draft/").status_code == 404
    assert bea.get(f"{DONE}look/draft/").status_code == 404
    assert ada.get(f"{DONE}look/nothing/").status_code == 404


def test_a_preview_is_made_of_the_newest_promise_that_fits(ada: Client) -> None:
    kept = a_commitment(wording="Fetch the old kettle", summary=False)
    services.fulfil(kept.pk, by=ana(), how="It is fetched.", now=NOON + HOUR)
    a_commitment(wording="Something that is open", summary=False)

    page = ada.get(DONE)

    assert "Done: Fetch the old kettle" in text(page)
    assert "It is fetched." in text(page)


def test_a_test_goes_to_oneself_says_so_and_leads_nowhere_real(ada: Client) -> None:
    a_commitment(summary=False)

    press(ada, ada.get(DONE), "test", subject="Settled: {wording}", body=OURS)
    press(ada, ada.get(DONE), "test", subject="Settled: {wording}", body=OURS)

    mail = Delivery.objects.get()
    assert (mail.address, mail.audience) == ("ada@larkfield.example", "staff")
    assert mail.context["subject"] == "Test: Settled: Send the kettle's replacement part"
    links = set(re.findall(r"https?://[^\"']+", str(mail.context)))
    assert {re.sub(r"/c/sample/.*", "", link) for link in links} == {"http://testserver"}


def test_the_second_of_two_editors_is_told_and_keeps_the_text(ada: Client) -> None:
    page = ada.get(DONE)
    press(ada, ada.get(DONE), subject="One")

    second = press(ada, page, subject="Two")

    assert second.status_code == 422
    assert "Somebody else changed this text while you were at it." in text(second)
    assert fields(second)["subject"] == ["Two"]
    assert MessageText.objects.get().subject == "One"


def test_saved_twice_it_is_one_version(ada: Client) -> None:
    page = ada.get(DONE)

    press(ada, page, subject="One")
    press(ada, page, subject="One")

    assert MessageText.objects.count() == 1


@pytest.mark.parametrize("address", ["nothing/en/", "done/de/", "text_trial/en/"])
def test_what_does_not_exist_is_not_found(ada: Client, address: str) -> None:
    assert ada.get(f"/settings/messages/{address}").status_code == 404


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standard_text_could_be_saved_as_it_is(
    ada: Client, template: Template, language: str
) -> None:
    saved = press(ada, ada.get(f"/settings/messages/{template}/{language}/"))

    assert saved.status_code == 302
    assert MessageText.objects.get().language == language


def test_every_placeholder_has_a_meaning() -> None:
    used = {name for names in PLACEHOLDERS.values() for name in names}

    assert used == set(texts.MEANINGS)
