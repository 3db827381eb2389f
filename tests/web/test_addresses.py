"""Addresses of many rows, and links that open in place."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.urls import reverse, set_script_prefix

from commitments.models import User
from commitments.web import addresses

LINK = '{% load keys %}<a{% opens url "done/?back=mine" "D" %}>Done</a>'


@pytest.mark.parametrize(("name", "key"), [("web:promise", "T9EAY"), ("web:customer", 100)])
def test_each_row_has_the_address_that_django_would_say(name: str, key: object) -> None:
    assert addresses.of_each(name)(key) == reverse(name, args=[key])


def test_a_house_beneath_another_address_keeps_it() -> None:
    set_script_prefix("/v10/")
    try:
        assert addresses.of_each("web:customer")(7) == reverse("web:customer", args=[7])
        assert addresses.of_each("web:customer")(7) == "/v10/customers/7/"
    finally:
        set_script_prefix("/")


def drawn(template: str, *, keys_on: bool = True, url: str = "/promises/T9EAY/") -> str:
    return Template(template).render(Context({"url": url, "user": User(keys_on=keys_on)}))


def test_a_link_leads_where_a_script_looks_and_says_its_key() -> None:
    address = "/promises/T9EAY/done/?back=mine"

    assert drawn(LINK) == (f'<a href="{address}" hx-get="{address}" aria-keyshortcuts="D">Done</a>')


def test_a_link_without_a_key_says_none() -> None:
    assert "aria-keyshortcuts" not in drawn(LINK, keys_on=False)
    assert "aria-keyshortcuts" not in drawn('{% load keys %}<a{% opens url "help/" %}>Help</a>')


def test_an_address_is_only_an_address() -> None:
    assert 'href="/&quot;&lt;b&gt;/done/?back=mine"' in drawn(LINK, url='/"<b>/')


@pytest.mark.parametrize("template", ["{% key 'D' %}", "{% key name %}"])
def test_a_key_is_said_by_its_name_or_by_what_the_page_calls_it(template: str) -> None:
    context = Context({"name": "D", "user": User(keys_on=True)})

    assert Template("{% load keys %}" + template).render(context) == ' aria-keyshortcuts="D"'
