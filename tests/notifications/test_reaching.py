"""What people do about the ways on which they are reached, on their own page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from commitments.models import Schedule, User
from notifications import reaching, sealing
from notifications.models import ContactPoint, Delivery
from notifications.reaching import Reader, Refused, Wishes
from tests.notifications.makers import HOUR, MINUTE, NOON, ana, queue, to_ana

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PROVIDER = "twilio://AC0123456789abcdef0123456789abcdef:secret@+15005550006/"
NUMBER, OTHER_NUMBER = f"{PROVIDER}+447700900123", f"{PROVIDER}+447700900999"
WISHES = {"wants": "everything", "quiet_from": "", "quiet_to": "", "zone": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def _text_messages(settings: LazySettings) -> None:
    """A service that carries text messages."""
    settings.SMS_URL = f"{PROVIDER}{{number}}"


@pytest.fixture
def page(client: Client) -> Client:
    """Ana's browser."""
    client.force_login(ana())
    return client


def reader(user: User | None = None) -> Reader:
    person = user or ana()
    return Reader(
        pk=person.pk,
        email=person.email,
        name=person.name,
        first_name=person.first_name,
        language=person.language,
        zone=person.zone,
    )


def post(page: Client, address: str, **data: str) -> HttpResponse:
    return page.post(f"/me/messages/{address}", data)  # type: ignore[return-value]  # a response


def wishes(channel: str, **other: str) -> Mapping[str, str]:
    return {f"{channel}-{name}": value for name, value in (WISHES | other).items()}


def proves(channel: str = "sms", address: str = NUMBER, *, now: datetime = NOON) -> ContactPoint:
    """Ana gives an address and types in its code."""
    reaching.give_address(reader(), channel, address, now=now)
    reaching.prove(reader(), channel, the_code(channel), now=now + MINUTE)
    return ContactPoint.objects.get(channel=channel)


def the_code(channel: str = "sms") -> str:
    """The code of the newest message."""
    row = Delivery.objects.filter(template="verify_address", channel=channel).latest("pk")
    return str(row.context["code"])


def addresses() -> list[str]:
    return [sealing.unseal(point.address) for point in ContactPoint.objects.order_by("pk")]


def text_of(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def ways_of() -> list[tuple[str, str, bool]]:
    """What a message to Ana takes: channel, address, and whether it was made for now."""
    queue(to_ana("9:ana", channel="", is_escalation=True))
    rows = Delivery.objects.filter(key__startswith="9:ana").order_by("channel")
    return [(row.channel, _opened(row), row.not_before == NOON) for row in rows]


def _opened(row: Delivery) -> str:
    if row.channel == "inbox":
        return ""
    return sealing.unseal(row.address) if row.channel == "sms" else row.address


# --- wishes


def test_the_page_shows_mail_as_open_to_somebody_who_never_said_anything(page: Client):
    answer = page.get("/me/messages/")

    assert answer.status_code == 200
    assert "ana@larkfield.example" in text_of(answer)
    assert ContactPoint.objects.count() == 0


def test_wishes_are_saved_and_shown_again(page: Client):
    answer = post(
        page,
        "email/",
        **wishes("email", wants="escalations", quiet_from="22:00", quiet_to="07:00"),
        **{"email-waits_for_work": "on"},
    )

    assert answer.status_code == 302
    point = ContactPoint.objects.get()
    assert (point.user, point.channel, point.wants) == (ana(), "email", "escalations")
    assert (point.quiet, point.zone) == ((time(22), time(7)), "Europe/Berlin")
    assert point.waits_for_work
    assert 'value="22:00"' in text_of(page.get("/me/messages/"))


def test_saving_twice_makes_one_point(page: Client):
    post(page, "email/", **wishes("email"))
    post(page, "email/", **wishes("email", wants="escalations"))

    assert [point.wants for point in ContactPoint.objects.all()] == ["escalations"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and an end, or neither."),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "Give two different times."),
        ({"quiet_from": "late", "quiet_to": "7:00"}, "Give a time of day, like 22:00."),
        ({"zone": "Atlantis"}, "Use a name like Europe/Berlin."),
        ({"zone": "../etc/passwd"}, "Use a name like Europe/Berlin."),
        ({"wants": "silence"}, "This form was changed on its way."),
        ({"wants": ""}, "Choose what goes here."),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    page: Client, wrong: dict[str, str], sentence: str
):
    answer = post(page, "email/", **wishes("email", **wrong))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert ContactPoint.objects.count() == 0


def test_the_only_way_outside_cannot_be_turned_off(page: Client):
    answer = post(page, "email/", **wishes("email", wants="nothing"))

    assert answer.status_code == 422
    assert "E-mail is the only way left" in text_of(answer)
    assert ContactPoint.objects.count() == 0


def test_mail_can_be_turned_off_once_another_way_is_open(page: Client):
    proves()

    answer = post(page, "email/", **wishes("email", wants="nothing"))

    assert answer.status_code == 302
    assert ways_of() == [("inbox", "", True), ("sms", NUMBER, True)]


def test_the_last_way_cannot_be_forgotten(page: Client):
    proves()
    post(page, "email/", **wishes("email", wants="nothing"))

    answer = page.post("/me/messages/sms/forget/", follow=True)

    assert "Text message is the only way left" in text_of(answer)  # type: ignore[arg-type]  # likewise
    assert ContactPoint.objects.filter(channel="sms").exists()


def test_a_way_that_was_turned_off_is_turned_on_by_wishing_something_of_it(page: Client):
    proves()
    post(page, "sms/", **wishes("sms", wants="nothing"))
    closed = ways_of()
    Delivery.objects.filter(key__startswith="9:ana").delete()

    post(page, "sms/", **wishes("sms", wants="escalations"))

    assert closed == [("email", "ana@larkfield.example", True), ("inbox", "", True)]
    assert ("sms", NUMBER, True) in ways_of()


# --- addresses


def test_a_code_goes_to_the_new_address_alone(page: Client):
    answer = post(page, "sms/address/", **{"sms-new-address": "+44 7700 900-123"})

    assert answer.status_code == 302
    message = Delivery.objects.get()
    assert (message.channel, _opened(message), message.person) == ("sms", NUMBER, ana())
    assert re.fullmatch(r"\d{6}", message.context["code"])
    assert message.expires_at == message.not_before + timedelta(minutes=30)
    assert ("waits for its code") in text_of(page.get("/me/messages/"))  # type: ignore[arg-type]  # likewise


def test_an_address_is_used_once_its_code_was_typed_in(page: Client):
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)
    before = ways_of()
    Delivery.objects.filter(key__startswith="9:ana").delete()

    with time_machine.travel(NOON + 5 * MINUTE, tick=False):
        code = the_code()
        answer = post(page, "sms/code/", **{"sms-code-code": f" {code[:3]} {code[3:]} "})

    assert answer.status_code == 302
    assert [channel for channel, *_ in before] == ["email", "inbox"]
    assert [channel for channel, *_ in ways_of()] == ["email", "inbox", "sms"]


@pytest.mark.parametrize(
    "number", ["0755 555 0142", "+44", "+44 call me", "", "+12345678901234567"]
)
def test_a_number_nobody_can_be_reached_at_is_refused(page: Client, number: str):
    answer = post(page, "sms/address/", **{"sms-new-address": number})

    assert answer.status_code == 422
    assert ContactPoint.objects.count() == Delivery.objects.count() == 0


def test_without_a_service_no_number_can_be_given(page: Client, settings: LazySettings):
    settings.SMS_URL = ""

    answer = post(page, "sms/address/", **{"sms-new-address": "+44 7700 900123"})

    assert answer.status_code == 422
    assert "Text messages are not set up here." in text_of(answer)
    assert ContactPoint.objects.count() == Delivery.objects.count() == 0


def test_a_chat_address_is_one_of_a_service_we_know(page: Client):
    answer = post(page, "chat/address/", **{"chat-new-address": "file:///etc/passwd"})

    assert answer.status_code == 422
    assert "The address has to begin with one of: " in text_of(answer)
    assert ContactPoint.objects.count() == Delivery.objects.count() == 0


def test_an_address_is_shown_by_its_end_and_kept_sealed(page: Client):
    proves()

    shown = text_of(page.get("/me/messages/"))

    assert "0123" in shown
    assert "secret" not in shown
    assert "secret" not in ContactPoint.objects.get().address


def test_a_wrong_code_proves_nothing_and_is_counted():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)
    wrong = f"{(int(the_code()) + 1) % 10**6:06}"

    with pytest.raises(Refused, match="not the code we sent"):
        reaching.prove(reader(), "sms", wrong, now=NOON)

    point = ContactPoint.objects.get()
    assert (point.verified_at, point.code_tries) == (None, 1)


def test_after_five_wrong_codes_the_right_one_is_worth_nothing():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)
    right = the_code()
    for _ in range(5):
        with pytest.raises(Refused, match="not the code we sent"):
            reaching.prove(reader(), "sms", "none", now=NOON)

    with pytest.raises(Refused, match="wrong too often"):
        reaching.prove(reader(), "sms", right, now=NOON)

    assert ContactPoint.objects.get().verified_at is None


def test_a_code_runs_out():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)

    with pytest.raises(Refused, match="has run out"):
        reaching.prove(reader(), "sms", the_code(), now=NOON + 30 * MINUTE)

    assert ContactPoint.objects.get().verified_at is None


def test_a_code_proves_its_own_address_only():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)
    first = the_code()
    reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + 2 * MINUTE)
    if first == the_code():  # one in a million
        return

    with pytest.raises(Refused, match="not the code we sent"):
        reaching.prove(reader(), "sms", first, now=NOON + 3 * MINUTE)

    assert addresses() == [OTHER_NUMBER]


def test_codes_are_not_sent_in_a_row():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)

    with pytest.raises(Refused, match="Wait a minute"):
        reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + MINUTE / 2)

    assert addresses() == [NUMBER]
    assert Delivery.objects.count() == 1


def test_forgetting_an_address_buys_no_further_code():
    reaching.give_address(reader(), "sms", NUMBER, now=NOON)
    reaching.give_up(reader(), "sms")

    with pytest.raises(Refused, match="a moment ago"):
        reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + MINUTE / 2)

    assert Delivery.objects.count() == 1


def test_ten_codes_a_day_are_enough_for_anybody():
    for count in range(10):
        channel, address = ("sms", NUMBER) if count % 2 else ("chat", "ntfys://ntfy.sh/ana")
        reaching.give_address(reader(), channel, address, now=NOON + count * HOUR)

    with pytest.raises(Refused, match="until tomorrow"):
        reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + 23 * HOUR)
    reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + 24 * HOUR)

    assert Delivery.objects.count() == 11


def test_the_old_address_is_used_until_the_new_one_is_proved_and_hands_over_its_wishes():
    proves()
    quiet = Wishes(wants="escalations", quiet_from=time(22), quiet_to=time(7))
    reaching.wish(reader(), "sms", quiet, now=NOON)

    reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + HOUR)
    meanwhile = ways_of()
    reaching.prove(reader(), "sms", the_code(), now=NOON + HOUR)

    assert ("sms", NUMBER, True) in meanwhile
    point = ContactPoint.objects.get(channel="sms")
    assert (point.wants, point.quiet) == ("escalations", (time(22), time(7)))
    assert sealing.unseal(point.address) == OTHER_NUMBER


def test_forgetting_takes_the_address_that_waits_before_the_one_in_use(page: Client):
    proves()
    reaching.give_address(reader(), "sms", OTHER_NUMBER, now=NOON + HOUR)

    page.post("/me/messages/sms/forget/")
    left = addresses()
    page.post("/me/messages/sms/forget/")

    assert left == [NUMBER]
    assert ContactPoint.objects.count() == 0


def test_nobody_touches_the_ways_of_somebody_else(client: Client):
    proves()
    client.force_login(User.objects.create_user("dev@larkfield.example", name="Dev"))

    client.post("/me/messages/sms/forget/")
    client.post("/me/messages/sms/", wishes("sms", wants="nothing"))

    assert ContactPoint.objects.get().is_usable


@pytest.mark.parametrize("address", ["inbox/", "email/address/", "email/forget/", "webhook/code/"])
def test_other_channels_are_not_on_this_page(page: Client, address: str):
    assert page.post(f"/me/messages/{address}").status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client):
    assert client.get("/me/messages/").status_code == 302
    assert client.post("/me/messages/email/", wishes("email")).status_code == 302
    assert ContactPoint.objects.count() == 0


# --- the digest


def test_a_digest_is_asked_for_and_given_up(page: Client):
    with time_machine.travel(NOON, tick=False):
        post(page, "digest/", **{"digest-is_on": "on", "digest-at": "07:30"})
        on = Schedule.objects.values_list("what", "whose", "local_time", "next_at").get(whose=ana())
        post(page, "digest/", **{"digest-at": "07:30"})

    assert on == ("digest", ana().pk, time(7, 30), NOON.replace(hour=7, minute=30) + 24 * HOUR)
    assert not Schedule.objects.filter(whose=ana()).exists()


def test_a_digest_needs_a_time(page: Client):
    answer = post(page, "digest/", **{"digest-is_on": "on", "digest-at": "dawn"})

    assert answer.status_code == 422
    assert "Give a time of day" in text_of(answer)
    assert not Schedule.objects.filter(whose=ana()).exists()
