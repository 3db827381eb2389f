from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from notifications.channels import Letter, answering, backend, mime
from tests.notifications.test_mime import LETTER

STOP = "https://promises.larkfield.example/c/1a2b/stop/"
PLAIN = "http://127.0.0.1:8000/c/1a2b/stop/"


@pytest.fixture(autouse=True)
def answers_are_collected(settings):
    settings.REPLY_ADDRESS = "replies@larkfield.example"


def by_ourselves(letter: Letter) -> EmailMessage:
    data = mime.compose(
        letter,
        recipient="tom@example.org",
        from_address="promises@larkfield.example",
        from_name="Larkfield",
    )
    return message_from_bytes(data, policy=policy.default)


def by_a_backend(letter: Letter) -> EmailMessage:
    data = backend.compose(letter).message().as_bytes()
    return message_from_bytes(data, policy=policy.default)


BOTH_WAYS = pytest.mark.parametrize("composed", [by_ourselves, by_a_backend])


@BOTH_WAYS
def test_an_answer_goes_to_an_address_that_names_the_promise_and_proves_it(composed):
    address = composed(LETTER)["Reply-To"]

    assert address.startswith("replies+commitment-7.")
    assert address.endswith("@larkfield.example")
    assert answering.about_in(f"To: <{address}>") == "commitment:7"


def test_an_address_with_another_number_or_made_up_names_nothing():
    address = answering.address_about("commitment:7")

    assert answering.about_in(address.replace("-7.", "-8.")) is None
    assert answering.about_in("replies+commitment-7.00112233445566778899@larkfield.example") is None


def test_an_answer_still_arrives_after_the_key_was_changed(settings):
    address = answering.address_about("check_in:3").upper()

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert answering.about_in(address) == "check_in:3"


@BOTH_WAYS
def test_where_answers_are_not_collected_no_address_is_given(settings, composed):
    settings.REPLY_ADDRESS = ""

    assert composed(LETTER)["Reply-To"] is None


def test_a_colleague_answers_to_nobody_by_mail():
    assert by_ourselves(replace(LETTER, person_id=3))["Reply-To"] is None


def test_a_reply_address_that_leaves_no_room_for_the_proof_is_not_used(settings):
    settings.REPLY_ADDRESS = f"{'r' * 50}@larkfield.example"

    assert answering.address_about("commitment:7") == ""


@BOTH_WAYS
def test_mails_about_a_promise_and_a_mail_about_several_share_a_thread(composed):
    first = composed(replace(LETTER, key="1", context={"threads": ["commitment:7"]}))
    second = composed(replace(LETTER, key="2", context={"threads": ["commitment:7"]}))
    both = composed(
        replace(
            LETTER,
            key="3",
            about="check_in:1",
            context={"threads": ["commitment:5", "commitment:7"]},
        )
    )

    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["References"] in both["References"].split()
    assert both["In-Reply-To"] == first["References"]


@BOTH_WAYS
def test_a_mail_that_may_be_stopped_says_how_by_one_press_and_by_mail(composed):
    mail = composed(replace(LETTER, context={"stop_url": STOP}))

    by_mail = f"mailto:{answering.address_about('commitment:7')}?subject=stop"
    assert "".join(mail["List-Unsubscribe"].split()) == f"<{STOP}>,<{by_mail}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@BOTH_WAYS
def test_one_press_needs_https(composed):
    mail = composed(replace(LETTER, context={"stop_url": PLAIN}))

    assert f"<{PLAIN}>" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None


@BOTH_WAYS
def test_a_mail_that_may_not_be_stopped_says_nothing_of_it(composed):
    mail = composed(LETTER)

    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)


def test_without_a_reply_address_the_house_itself_is_asked_to_stop(settings):
    settings.REPLY_ADDRESS = ""

    mail = by_ourselves(replace(LETTER, context={"stop_url": STOP}))

    assert mail["List-Unsubscribe"].endswith("<mailto:promises@larkfield.example?subject=stop>")
