"""Words that are filled in for staff are those of the customer, who reads them in the end."""

from __future__ import annotations

import pytest
from django.test import Client

from commitments import services
from commitments.models import Commitment, Customer
from tests import makers
from tests.makers import NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(kettle: Commitment) -> Client:
    """Ana's, whose customer reads Spanish."""
    Customer.objects.filter(pk=kettle.customer_id).update(language="es-MX")
    return pages.signed_in(makers.ana())


def test_a_text_is_filled_in_in_the_language_that_the_customer_reads(
    client: Client, kettle: Commitment
) -> None:
    path = f"/promises/{kettle.reference}/update/"
    page = client.get(path)

    data = pages.hidden(page) | {"seen": "customer", "words": "", "text": "on-track", "fill": "on"}
    filled = client.post(path, data)

    assert "It is filled in in Spanish, as Tom reads." in pages.text(page)
    assert "Still on track" in pages.text(page)
    said = "Unas palabras sobre cómo va: …. Mantenemos el jueves 21 de mayo, 16:00."
    assert f"{said}</textarea>" in filled.content.decode()


def test_words_about_a_call_are_begun_in_that_language_too(
    client: Client, kettle: Commitment
) -> None:
    services.attempt(kettle.pk, by=makers.ana(), came_of_it="no_answer", note="", now=NOON)

    form = client.get(f"/promises/{kettle.reference}/update/?after=call")

    said = "Le llamé el jueves 21 de mayo, 12:00 y no conseguí hablar con usted."
    assert said in pages.text(form)
    assert "Volveré a intentarlo antes del jueves 21 de mayo, 16:00." in pages.text(form)


def test_in_english_nothing_is_said_of_a_language(kettle: Commitment) -> None:
    page = pages.signed_in(makers.ana()).get(f"/promises/{kettle.reference}/update/")

    assert "Start from a text" in pages.text(page)
    assert "It is filled in in" not in pages.text(page)
