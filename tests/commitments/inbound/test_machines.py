"""What no person wrote is dropped, our own mails before all; what came back goes to its reader."""

from __future__ import annotations

import pytest

from commitments.models import Commitment, MailTally, QuarantinedMail
from notifications.channels import answering, mime, verp
from notifications.models import Delivery
from tests.makers import HOUR, NOON, a_commitment, events_of
from tests.notifications.returned import a_bounce
from tests.notifications.test_mime import LETTER

from .mails import a_mail, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def kettle() -> Commitment:
    return a_commitment(due_at=NOON + 6 * HOUR)


@pytest.mark.parametrize(
    ("headers", "counts_as"),
    [
        ({"Auto_Submitted": "auto-replied; owner-email=x"}, "an automatic answer"),
        ({"Auto_Submitted": "auto-generated"}, "an automatic answer"),
        ({"X_Auto_Response_Suppress": "All"}, "an automatic answer"),
        ({"X_Autoreply": "yes"}, "an automatic answer"),
        ({"X_Autorespond": "holidays"}, "an automatic answer"),
        ({"Subject": "Automatic reply: Your promise"}, "an automatic answer"),
        ({"Subject": "Out of office: back on Monday"}, "an automatic answer"),
        ({"Subject": "Respuesta automática: Re: su cita"}, "an automatic answer"),
        ({"Subject": "=?utf-8?q?Abwesenheitsnotiz?="}, "an automatic answer"),
        ({"Precedence": "bulk"}, "a mailing list"),
        ({"Precedence": "List"}, "a mailing list"),
        ({"List_Id": "<all.customers.example>"}, "a mailing list"),
        ({"X_Loop": "replies@larkfield.example"}, "a mailing list"),
        ({"Return_Path": "<>"}, "a report of a mail server"),
        ({"From": "Mail Delivery <MAILER-DAEMON@customers.example>"}, "a report of a mail server"),
        ({"From": "replies+commitment-1.abc@larkfield.example"}, "a loop"),
        ({"From": "promises@LARKFIELD.example"}, "a loop"),
        ({"From": "promise+fri10am@larkfield.example"}, "a loop"),
        ({"From": "bounces@larkfield.example"}, "a loop"),
        ({"Message_ID": f"<{'0a' * 20}@larkfield.example>"}, "a loop"),
    ],
)
def test_what_a_machine_wrote_is_dropped(
    kettle: Commitment, headers: dict[str, str], counts_as: str
) -> None:
    before = events_of(kettle)
    ours = {"To": answering.address_about(kettle.about)}

    end = take(a_mail(**ours | headers))

    assert (end.outcome, end.reason) == ("dropped", counts_as)
    assert events_of(kettle) == before
    assert not Delivery.objects.filter(template="customer_wrote").exists()
    assert not QuarantinedMail.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "first-class"},
        {"Return_Path": "<tom@customers.example>"},
        {"Subject": "Re: Out of office furniture"},
        {"Message_ID": f"<{'0a' * 20}@customers.example>"},
        {"From": "promises@larkfield.example.customers.example"},
        {"Reply_To": "replies@larkfield.example"},
    ],
)
def test_what_a_person_wrote_is_not(kettle: Commitment, headers: dict[str, str]) -> None:
    end = take(a_mail(**{"To": answering.address_about(kettle.about)} | headers))

    assert end.reason == "an answer"


def test_our_own_mail_back_is_no_answer(kettle: Commitment) -> None:
    raw = mime.compose(
        LETTER,
        recipient=answering.address_about(kettle.about),
        from_address="promises@larkfield.example",
        from_name="Larkfield",
    )

    assert take(raw).reason == "a loop"
    assert "customer_wrote" not in events_of(kettle)


def sent(kettle: Commitment) -> Delivery:
    Delivery.objects.update(state="sent", attempt_at=None, settled_at=NOON)
    return Delivery.objects.filter(audience="customer").latest("pk")


def test_a_bounce_goes_to_whoever_reads_bounces_and_counts_once(kettle: Commitment) -> None:
    mail = sent(kettle)
    raw = a_bounce(verp.return_path(mail.pk))

    first, again = take(raw), take(raw)

    assert first.said == f"Delivery {mail.pk}, hard: recorded."
    assert again.said == f"Delivery {mail.pk}, hard: changes nothing."
    mail.refresh_from_db()
    assert mail.state == "failed"


@pytest.mark.parametrize("status", ["5.1.1", "4.2.2", "9.9.9", ""])
def test_a_forged_bounce_is_ignored(kettle: Commitment, status: str) -> None:
    mail = sent(kettle)
    raw = a_bounce(f"bounces+{mail.pk}.{'0' * 20}@larkfield.example", status=status)

    end = take(raw)

    assert (end.outcome, end.reason) == ("dropped", "a report of a mail server")
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_a_bounce_to_the_address_for_answers_is_no_answer(kettle: Commitment) -> None:
    mail = sent(kettle)

    end = take(a_bounce(verp.return_path(mail.pk)), recipient=answering.address_about(kettle.about))

    assert end.reason == "a returned mail"
    assert "customer_wrote" not in events_of(kettle)


def test_all_that_came_is_counted_by_the_day(kettle: Commitment) -> None:
    ours = {"To": answering.address_about(kettle.about)}
    take(a_mail(**ours))
    take(a_mail("More", **ours))
    take(a_mail(**ours, Precedence="bulk"))
    take(b"")

    counts = MailTally.objects.order_by("outcome").values_list("on", "outcome", "reason", "mails")
    assert list(counts) == [
        (NOON.date(), "dropped", "a mailing list", 1),
        (NOON.date(), "quarantined", "unreadable", 1),
        (NOON.date(), "taken", "an answer", 2),
    ]
