"""What was set aside is looked into by an operator, and goes after a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commitments import inbound, schedules
from commitments.models import (
    OnceKey,
    QuarantinedMail,
    Schedule,
    Suggestion,
    SuggestionText,
)
from commitments.privacy import erasing
from tests.makers import DAY, HOUR, MINUTE, NOON, a_team, a_user, ana, tom
from tests.web import pages

from .mails import a_mail, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODYS = "replies+commitment-1.00000000000000000000@larkfield.example"


def test_the_operator_reads_how_a_mail_begins_as_text() -> None:
    take(a_mail("<script>alert(1)</script>", To=NOBODYS))
    kept = QuarantinedMail.objects.get()
    boss = pages.signed_in(a_user("Root Admin", is_superuser=True, is_staff=True))

    page = boss.get(reverse("admin:commitments_quarantinedmail_change", args=[kept.pk]))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    listed = boss.get(reverse("admin:commitments_quarantinedmail_changelist"))
    assert "It names no promise, or cannot prove it." in pages.text(listed)
    counted = boss.get(reverse("admin:commitments_mailtally_changelist"))
    assert "unproven address" in pages.text(counted)


def test_nobody_else_does() -> None:
    a_team()
    address = reverse("admin:commitments_quarantinedmail_changelist")

    assert pages.signed_in(ana()).get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_it_goes_after_two_weeks_and_its_count_after_a_year() -> None:
    take(a_mail(To=NOBODYS))

    assert inbound.old_mails(NOON + 14 * DAY - MINUTE).count() == 0
    assert inbound.old_mails(NOON + 14 * DAY).count() == 1
    assert not inbound.old_counts(NOON + timedelta(days=400)).exists()
    assert inbound.old_counts(NOON + timedelta(days=401)).exists()


@pytest.mark.django_db(transaction=True)
def test_the_house_is_kept_once_a_day(settings: object) -> None:
    team = a_team()
    take(a_mail(To=NOBODYS))
    take(
        a_mail("I will call you tomorrow.", From=ana().email, To="tom@customers.example"),
        recipient="promise@larkfield.example",
    )
    assert Suggestion.objects.get().team == team
    late = NOON + 31 * DAY
    Schedule.objects.filter(what="housekeeping").update(next_at=late - HOUR)

    schedules.run(late)

    assert not QuarantinedMail.objects.exists()
    assert not SuggestionText.objects.exists()
    assert not OnceKey.objects.filter(principal="mail").exists()


def test_those_of_a_customer_who_is_erased_go_with_them() -> None:
    customer = tom()
    take(a_mail("My number is 7.", To=NOBODYS, From="Tom <TOM@customers.example>"))
    take(a_mail("And mine is 8.", To=NOBODYS, From="rosa@customers.example"))

    erasing.erase(customer.pk, by=None, now=NOON)

    assert [b"mine is 8" in bytes(mail.content) for mail in QuarantinedMail.objects.all()] == [True]
