"""The bookmark that logs from any page."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest
from django.test import Client

from commitments.web import bookmarklet
from tests.makers import a_team, ana
from tests.web.pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_page_offers_it_to_drag_and_to_copy() -> None:
    a_team()

    page = signed_in(ana()).get("/promises/bookmarklet/")

    shown = page.content.decode()
    hrefs = [html.unescape(each) for each in re.findall(r'href="(javascript:[^"]*)"', shown)]
    assert hrefs == [bookmarklet.bookmark()]
    assert bookmarklet.bookmark() in text(page)


def test_it_only_opens_our_form() -> None:
    code = unquote(bookmarklet.bookmark())

    assert '"http://testserver/promises/new/"' in code
    assert "?customer=&case=&q=" in code
    assert not re.search(
        r"fetch|XMLHttp|cookie|localStorage|document|import|eval|http://(?!t)", code
    )


def test_it_is_for_those_who_sign_in() -> None:
    assert Client().get("/promises/bookmarklet/").status_code == 302
    a_team()
    assert signed_in(ana()).post("/promises/bookmarklet/").status_code == 405


def test_the_ways_to_log_lead_to_it() -> None:
    a_team()

    assert "From any page" in text(signed_in(ana()).get("/promises/new/"))
