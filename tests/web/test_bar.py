"""Where the bar on top leads, for everybody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from commitments.models import Membership, Role
from tests import makers
from tests.makers import HOUR, MINUTE, NOON
from tests.web import pages

pytestmark = pytest.mark.django_db


def ways(client: Client, address: str = "/me/") -> list[str]:
    page = client.get(address).content.decode()
    nav = re.search(r'<nav aria-label="Main">(.*?)</nav>', page, flags=re.DOTALL)
    assert nav
    return [pages.text_of(each) for each in re.findall(r"<a .*?</a>", nav[1], flags=re.DOTALL)]


def noor() -> makers.User:
    user = makers.a_user("Noor Aziz")
    Membership.objects.create(user=user, team=makers.a_team(), role=Role.AUDITOR)
    return user


def sam() -> makers.User:
    return makers.User.objects.create_superuser("sam@larkfield.example", name="Sam Whitlock")


def test_everybody_finds_what_is_theirs() -> None:
    makers.a_team()

    assert ways(pages.signed_in(makers.ana())) == ["My promises", "Team", "Calls", "Reports"]
    assert ways(pages.signed_in(makers.dev())) == [
        *("My promises", "Team board", "Reports", "Promises")
    ]
    assert ways(pages.signed_in(makers.ines())) == ["Team board", "Reports", "Promises"]
    assert ways(pages.signed_in(noor())) == ["Team board", "Reports", "Promises"]
    assert ways(pages.signed_in(sam())) == ["Team board", "Reports", "Promises", "Settings"]


@pytest.mark.parametrize(
    "address",
    [
        *("/promises/mine/", "/promises/", "/promises/new/", "/team/", "/reports/overdue/", "/me/"),
        *("/me/tokens/", "/settings/", "/settings/people/", "/outbox/", "/no-such-page/"),
    ],
)
def test_every_page_leads_to_signing_out(address: str) -> None:
    makers.a_team()

    page = pages.signed_in(sam()).get(address).content.decode()

    form = re.search(r'<form method="post" action="/accounts/logout/">.*?</form>', page, re.DOTALL)
    assert form
    assert "Sign out</button>" in form[0]


def test_the_way_one_is_on_is_marked() -> None:
    makers.a_team()
    client = pages.signed_in(makers.ines())

    def marked(address: str) -> list[str]:
        page = client.get(address).content.decode()
        return re.findall(r'aria-current="(\w+)"[^>]*>(Team board|Reports|Promises)', page)

    assert marked("/reports/overdue/") == [("page", "Reports")]
    assert marked("/promises/") == [("page", "Promises")]
    assert marked("/promises/new/") == []


def test_the_tab_says_how_much_of_mine_is_overdue() -> None:
    makers.a_commitment(due_at=NOON - MINUTE, now=NOON - HOUR)
    client = pages.signed_in(makers.ana())

    assert pages.title(client.get("/me/")) == "(1) Your settings · Followthrough"
    assert pages.title(client.get("/promises/mine/")) == "(1) My promises · Followthrough"
    assert pages.title(pages.signed_in(makers.ines()).get("/me/")) == (
        "Your settings · Followthrough"
    )


def test_only_those_who_act_are_offered_to_log() -> None:
    makers.a_team()

    for user, may in ((makers.ana(), True), (makers.ines(), True), (noor(), False)):
        page = pages.signed_in(user).get("/me/").content.decode()
        assert ("Log a promise</span>" in page) is may
