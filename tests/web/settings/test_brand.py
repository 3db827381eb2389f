"""Settings, Customer page: who we are, a logo that is a picture, what their page shows."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commitments import messages
from commitments.models import Brand
from notifications.models import Delivery
from tests.commitments.public.makers import Browser
from tests.makers import HOUR, NOON, a_commitment
from tests.web.pages import text, title

from .forms import fields, press

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAGE = "/settings/customer-page/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_picture(*, width: int = 2) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(b"\0" + b"\x80" * width)),
            chunk(b"IEND", b""),
        ]
    )


def sent(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def their_page() -> str:
    promise = a_commitment(summary=False)
    link = messages.status_path(promise.conversation, now=NOON)
    return Browser().get(link, now=NOON + HOUR).content.decode()


def test_until_it_is_saved_the_form_holds_what_the_environment_says(ada: Client, settings) -> None:
    settings.COMPANY_NAME, settings.COMPANY_PHONE = "Larkfield Energy", "0800 555 0148"

    held = fields(ada.get(PAGE))

    assert (held["name"], held["phone"]) == (["Larkfield Energy"], ["0800 555 0148"])
    assert (held["shows_name"], held["shows_steps"]) == (["on"], ["on"])


def test_saved_it_stands_on_their_page_and_in_their_mails(ada: Client) -> None:
    press(
        ada,
        ada.get(PAGE),
        name="Larkfield & Sons",
        phone="0800 555 0148",
        address="4 Mill Lane, Harwell",
    )
    a_commitment()

    mail = Delivery.objects.get(template="agreement")
    assert mail.sender == "Ana at Larkfield & Sons"
    assert "Please call us on 0800 555 0148." in mail.text
    assert mail.text.endswith("Larkfield & Sons · 4 Mill Lane, Harwell · 0800 555 0148\n")
    assert "Larkfield &amp; Sons" in their_page()


def test_a_logo_is_shown_on_their_page_from_our_own_host_and_in_no_mail(ada: Client) -> None:
    press(ada, ada.get(PAGE), logo=sent(a_picture(), "x.svg"))
    a_commitment()

    mark = Brand.current().logo_mark
    picture = Client().get(f"/c/logo/{mark}.png")

    assert f'<img src="/c/logo/{mark}.png" alt="">' in their_page()
    assert (picture.content, picture["Content-Type"]) == (a_picture(), "image/png")
    assert picture["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "<img" not in Delivery.objects.get(template="agreement").html


def test_a_logo_that_is_not_in_use_looks_like_a_dead_link(ada: Client) -> None:
    press(ada, ada.get(PAGE), logo=sent(a_picture()))
    mark = Brand.current().logo_mark

    for address in ("0123456789abcdef.png", f"{mark}.jpg", f"{mark}.svg"):
        assert Client().get(f"/c/logo/{address}").status_code == 404, address


def test_a_logo_stays_when_something_else_is_saved_and_goes_when_it_is_dropped(
    ada: Client,
) -> None:
    press(ada, ada.get(PAGE), logo=sent(a_picture()))

    press(ada, ada.get(PAGE), name="Larkfield")
    assert Brand.current().has_logo

    press(ada, ada.get(PAGE), drops_logo="on")
    assert not Brand.current().has_logo
    assert "drops_logo" not in fields(ada.get(PAGE))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SVG, "is no picture that we can show"),
        (b"\xff\xd8", "is no picture that we can show"),
        (b"%PDF-1.4 x", "is no picture that we can show"),
        (b"GIF89a" + b"x" * 40, "is no picture that we can show"),
        (a_picture() + b"x" * 31_000, "is larger than 30 KB"),
    ],
)
def test_what_is_no_small_picture_is_refused_and_the_rest_kept(
    ada: Client, content: bytes, why: str
) -> None:
    refused = press(ada, ada.get(PAGE), name="Larkfield", logo=sent(content))

    assert refused.status_code == 422
    assert title(refused).startswith("Error: ")
    assert why in text(refused)
    assert fields(refused)["name"] == ["Larkfield"]
    assert not Brand.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": ""}, "The name is empty"),
        ({"name": "x" * 81}, "keep it to 80"),
        ({"email": "a@b.example, c@d.example"}, "Give one e-mail address"),
        ({"phone": "1\n2"}, "must be on one line"),
    ],
)
def test_what_cannot_be_is_refused_in_words(ada: Client, said: dict[str, str], why: str) -> None:
    refused = press(ada, ada.get(PAGE), **said)

    assert refused.status_code == 422
    assert why in text(refused)
    assert not Brand.objects.exists()


def test_without_names_and_steps_the_team_speaks(ada: Client) -> None:
    page = ada.get(PAGE)
    data = fields(page) | {"press": ["save"]}
    del data["shows_name"], data["shows_steps"]
    ada.post(PAGE, data)
    a_commitment()

    mail = Delivery.objects.get(template="agreement")
    seen = their_page()
    assert mail.sender.startswith("Billing care at ")
    assert "Ana" not in mail.text + mail.html
    assert "Billing care will write here." in seen
    assert "Ana" not in seen
    assert 'class="steps"' not in seen


def test_a_preview_shows_what_is_typed_and_saves_nothing(ada: Client) -> None:
    seen = press(ada, ada.get(PAGE), "preview", name="Larkfield <b>")

    assert seen.status_code == 200
    assert "<bdi>Larkfield &lt;b&gt;</bdi>" in seen.content.decode()
    assert not Brand.objects.exists()


def test_a_preview_is_shown_in_the_language_that_was_chosen(ada: Client) -> None:
    english = ada.get(PAGE).content.decode()

    spanish = press(ada, ada.get(PAGE), "preview", seen_in="es").content.decode()

    assert '<div class="pub shop" lang="en" dir="ltr">' in english
    assert "Hello Tom, here is what we promised" in english
    assert "Friday 22 May, 10:00 am" in english
    assert '<div class="pub shop" lang="es" dir="ltr">' in spanish
    assert "Hola, Tom: esto es lo que le prometimos" in spanish
    assert "viernes 22 de mayo, 10:00" in spanish
    assert "Customer page" in spanish
    assert '<option value="es" selected>Español</option>' in spanish


def test_a_preview_in_no_language_of_ours_is_refused(ada: Client) -> None:
    refused = press(ada, ada.get(PAGE), "preview", seen_in="xx")

    assert refused.status_code == 422
    assert "Hello Tom, here is what we promised" in text(refused)


def test_the_second_of_two_editors_is_told_and_keeps_the_text(ada: Client) -> None:
    page = ada.get(PAGE)
    press(ada, ada.get(PAGE), name="One")

    second = press(ada, page, name="Two")

    assert second.status_code == 422
    assert "Somebody else changed who we are while you were at it." in text(second)
    assert fields(second)["name"] == ["Two"]
    assert Brand.objects.get().name == "One"
