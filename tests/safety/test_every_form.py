"""What changes something comes from a page of ours: every address that there is, asked without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api.conformance import operations
from tests.makers import NOON, a_commitment, ana, events_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Whoever asks there proves themselves in another way.
EXCUSED = {
    "c/": "a customer, by the link and by a proof in the form",
    "api/": "a program, by its token; with a session it is asked for all the same",
    "hooks/": "a provider or a help desk, by a signature",
}


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each address of the house, as urls.py spells it, with what answers there."""
    for each in (resolver or get_resolver()).url_patterns:
        spelled = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, spelled)
        elif isinstance(each, URLPattern):
            yield spelled, each.callback


ADDRESSES = dict(patterns())


def test_only_those_who_prove_themselves_otherwise_need_no_proof_of_a_page() -> None:
    free = {each for each, view in ADDRESSES.items() if getattr(view, "csrf_exempt", False)}

    assert {each for each in free if not each.startswith(tuple(EXCUSED))} == set()
    assert {each.partition("/")[0] + "/" for each in free} == EXCUSED.keys()


def concrete() -> list[str]:
    """Something at each address that a form could be sent to; which promise it is does not matter,
    for nobody gets as far.
    """
    pages = [name for name in ADDRESSES if not name.startswith(tuple(EXCUSED))]
    return sorted({f"/{_filled(name)}" for name in pages})


def _filled(spelled: str) -> str:
    for converter, value in (("int:", "1"), ("slug:", "done"), ("str:", "abc"), ("path:", "x")):
        while f"<{converter}" in spelled:
            start = spelled.index(f"<{converter}")
            spelled = spelled[:start] + value + spelled[spelled.index(">", start) + 1 :]
    if spelled.startswith(("^", "accounts/^")) or "(?P" in spelled:
        spelled = "accounts/password/reset/key/1-abc/"
    return spelled.replace("\\Z", "").replace("$", "").replace("^", "")


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_a_form_without_its_proof_or_from_elsewhere_is_refused(origin: str | None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana())
    headers = {"Origin": origin} if origin else {}
    if origin:  # with a good token, which no other site can have
        client.get("/me/")
        headers["X-CSRFToken"] = client.cookies[settings.CSRF_COOKIE_NAME].value

    answers = {each: client.post(each, headers=headers).status_code for each in concrete()}

    assert {each: status for each, status in answers.items() if status not in {403, 404}} == {}
    assert sum(status == 403 for status in answers.values()) > 100


def test_the_same_form_with_its_proof_is_taken() -> None:
    """Or the test above would prove nothing."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana())
    client.get("/me/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value

    assert client.post("/me/", headers={"X-CSRFToken": token}).status_code == 422


WRITES = sorted(path for method, path in operations() if method == "post")


def test_the_api_wants_a_proof_from_whoever_is_signed_in_to_the_pages() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana())
    kettle = a_commitment(now=NOON)
    there = {"reference": kettle.reference, "id": 1, "code": "callback", "message": 1}

    answers = {
        path: client.post(path.format(**there), "{}", content_type="application/json").status_code
        for path in WRITES
    }

    assert answers == dict.fromkeys(WRITES, 403)
    assert events_of(kettle) == ["made"]


# A look changes nothing: what does is not to be had by one.
def test_what_only_changes_something_does_not_answer_a_look() -> None:
    client = Client()
    client.force_login(ana())

    for address in ("/reminders/read/", "/me/tokens/1/revoke/", "/promises/drafts/1/dismiss/"):
        assert client.get(address).status_code in {404, 405}, address
