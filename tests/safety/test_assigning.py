"""Nobody sets what is not theirs, A13: each column of each table, at each door that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.urls import get_resolver

from commitments.models import User
from tests.api.callers import a_program, ana_of_billing, errors_of, everything
from tests.api.conformance import known_fields, operations
from tests.makers import NOON, a_commitment, ana
from tests.web.pages import hidden, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WRITES = sorted(path for method, path in operations() if method == "post")
COLUMNS = sorted(
    {
        name
        for room in ("commitments", "notifications")
        for model in apps.get_app_config(room).get_models()
        for column in model._meta.concrete_fields
        for name in (column.name, column.attname)
    }
)
OF_ACCOUNTS = {
    *("is_superuser", "is_staff", "is_active", "is_service", "password", "groups"),
    *("user_permissions", "last_login", "date_joined"),
}


def test_the_api_names_each_column_that_is_not_asked_for_and_sets_none(settings: Any) -> None:
    settings.COMMITMENTS_LENGTHS = {"api_calls_a_minute": 10**6, "api_changes_a_minute": 10**6}
    with time_machine.travel(NOON, tick=False):
        ines = ana_of_billing()
        User.objects.filter(pk=ines.pk).update(is_superuser=True)
        program = a_program(User.objects.get(pk=ines.pk), scope="admin")
        kettle = a_commitment()
        before = everything()
        there = {"reference": kettle.reference, "id": 1, "code": "callback", "message": 1}

        taken = {}
        for path in WRITES:
            known = set(known_fields(operations()["post", path]))
            others = [name for name in COLUMNS if name not in known]
            answers = [
                program.post(dict.fromkeys(some, 1), path.format(**there)) for some in parts(others)
            ]
            if answers[0].status_code == 404:
                continue  # nothing is there to be written to
            named = {name for answer in answers for name in errors_of(answer)}
            taken[path] = sorted(set(others) - named)

    assert {path: names for path, names in taken.items() if names} == {}
    assert len(taken) > len(WRITES) / 2
    assert everything() == before


def parts(names: list[str]) -> Iterator[list[str]]:
    """So many at a time as a refusal names."""
    for start in range(0, len(names), 20):
        yield names[start : start + 20]


def every_form() -> list[type[forms.BaseForm]]:
    """Each of our own, as far as urls.py reaches."""
    get_resolver().url_patterns  # noqa: B018 - reading it imports every view
    return [each for each in _beneath(forms.BaseForm) if each.__module__.startswith(OURS)]


OURS = ("commitments.", "notifications.", "config.")


def _beneath(kind: type[Any]) -> list[type[Any]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _beneath(child))]


def test_no_form_of_a_page_is_made_of_a_table() -> None:
    """It takes what it names, so that a new column is never asked for by accident."""
    made_of = [
        each.__qualname__
        for each in every_form()
        if issubclass(each, forms.BaseModelForm) and "admin" not in each.__module__
    ]

    assert made_of == []
    assert len(every_form()) > 40


def test_no_form_asks_for_what_an_account_may_do() -> None:
    asks = {
        f"{each.__module__}.{each.__qualname__}: {name}"
        for each in every_form()
        for name in getattr(each, "base_fields", {})
        if name in OF_ACCOUNTS and "admin" not in each.__module__
    }

    assert asks == set()


def beside(form: Any) -> dict[str, str]:
    """What its hidden fields say, and each column that it does not ask for."""
    asked = set(re.findall(r'name="([\w-]+)"', form.content.decode()))
    return dict.fromkeys((name for name in COLUMNS if name not in asked), "1") | hidden(form)


@time_machine.travel(NOON, tick=False)
def test_what_is_sent_beside_a_form_is_not_looked_at() -> None:
    kettle = a_commitment()
    client = signed_in(ana())
    page, said = f"/promises/{kettle.reference}/update/", {"words": "Soon.", "seen": "team"}
    client.post(page, beside(client.get(page)) | said)
    client.post("/me/", beside(client.get("/me/")) | {"name": "Ana Moreno", "zone": "UTC"})

    kettle.refresh_from_db()
    found = ana()
    assert (kettle.owner_id, kettle.status, kettle.event_count) == (found.pk, "open", 2)
    assert (found.is_superuser, found.is_staff, found.check_password("1")) == (False, False, False)
