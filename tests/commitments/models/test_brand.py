from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from commitments.models import Brand, MessageText
from tests.makers import HOUR, NOON, tom

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def a_text(number: int, **fields: object) -> MessageText:
    given = {"template": "done", "language": "en", "subject": f"Number {number}"} | fields
    return MessageText.objects.create(number=number, made_at=NOON, **given)


def test_until_somebody_saves_it_the_environment_says_who_we_are(settings):
    settings.COMPANY_NAME, settings.COMPANY_PHONE = "Larkfield Energy", "0800 555 0148"

    brand = Brand.current()

    assert (brand.name, brand.phone, brand.email) == ("Larkfield Energy", "0800 555 0148", "")
    assert (brand.shows_name, brand.shows_steps, brand.has_logo) == (True, True, False)
    assert not Brand.objects.exists()


def test_what_was_saved_is_in_force_and_its_logo_is_not_read_along(
    settings, django_assert_num_queries
):
    settings.COMPANY_NAME = "Somebody else"
    Brand.objects.create(pk=1, name="Larkfield", logo=b"x", logo_type="png", logo_mark="1a")

    with django_assert_num_queries(1):
        brand = Brand.current()
        assert (brand.name, brand.phone, brand.has_logo) == ("Larkfield", "", True)


def test_there_is_one_brand_only():
    with pytest.raises(IntegrityError, match="brand_is_one_row"), transaction.atomic():
        Brand.objects.create(pk=2, name="Another")


def test_a_logo_has_a_type_and_a_mark():
    with pytest.raises(IntegrityError, match="brand_logo"), transaction.atomic():
        Brand.objects.create(pk=1, name="Larkfield", logo=b"x")


def test_the_newest_text_of_each_message_and_language_is_in_force():
    a_text(1)
    newest, spanish, other = a_text(2), a_text(1, language="es"), a_text(1, template="slip")

    assert set(MessageText.objects.in_force()) == {newest, spanish, other}


def test_back_to_the_standard_leaves_no_text_in_force():
    a_text(1)
    a_text(2, is_standard=True, subject="")

    assert not MessageText.objects.in_force().exists()
    assert MessageText.objects.count() == 2


def test_who_asked_on_the_phone_after_stopping_wants_what_matters_until_they_stop_again():
    customer = tom(stopped_at=NOON, mails_wanted_at=NOON + HOUR)
    assert customer.wants_what_matters

    customer.stopped_at = NOON + 2 * HOUR

    assert not customer.wants_what_matters
