"""The index by which customers are found: which words it holds, and how it is built."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from commitments.models import Customer
from commitments.reports import search
from commitments.web import customers
from tests import makers

pytestmark = pytest.mark.postgresql
MIGRATION = import_module("commitments.migrations.0013_find_customers_by_words")
BY_WORDS = """
    select pg_index.indisvalid from pg_index
    where indexrelid = to_regclass('customer_by_words')
"""


def words(name: str = "", email: str = "", phone: str = "") -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tsvector_to_array(commitments_customer_words(%s, %s, %s))", [name, email, phone]
        )
        return set(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Tom Okafor", ""),
        ("  Anne-Marie  O'Neil ", "anne.marie+shop@example.org"),
        ("Zoë Ångström", "ZOË@example.org"),
        ("山田\u3000太郎", ""),
        ("a\u00a0b\u2009c_d", ""),
        ("<b>Tom</b> & 'co'", ""),
        ("x" * 150, ""),
        ("", ""),
    ],
)
def test_the_words_are_those_that_are_looked_for(name: str, email: str) -> None:
    assert words(name, email) == set(search.words_of(f"{name} {email}"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "ends"),
    [
        ("0755 51", {"075551", "75551", "5551"}),
        ("+44 (755) 5", {"447555", "47555", "7555"}),
        ("112", set()),
        ("", set()),
        ("ask for Jo", set()),
    ],
)
def test_of_a_phone_number_every_end_of_four_digits_is_a_word(phone: str, ends: set[str]) -> None:
    assert words(phone=phone) == ends


@pytest.mark.django_db
def test_who_is_given_another_name_is_found_by_that() -> None:
    tom = makers.a_commitment().customer

    Customer.objects.filter(pk=tom.pk).update(name="Thomasin Okeke", phone="+44 755 500 1234")

    teams = [makers.a_team()]
    assert customers.matching("thomasin", teams=teams) == [tom]
    assert customers.matching("5001234", teams=teams) == [tom]
    assert customers.matching("okafor", teams=teams) == []


@pytest.mark.django_db
def test_a_name_is_looked_up_and_not_read_through() -> None:
    looked_up = customers._BEGINS % "'''thomasin'':*'"
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain select id from commitments_customer where {looked_up}")
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert "customer_by_words" in plan


@pytest.fixture
def built_again(transactional_db: None) -> Iterator[None]:
    """Whatever a test does to the index, it stands in the end."""
    yield
    with connection.schema_editor(atomic=False) as editor:
        MIGRATION.find(apps, editor)


def is_valid() -> bool | None:
    """Whether the index may be used; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(BY_WORDS)
        found = cursor.fetchone()
    return found and bool(found[0])


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"show {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("built_again")
def test_what_was_stopped_half_way_is_begun_again() -> None:
    with connection.cursor() as cursor:  # as it stands after a build that was stopped
        cursor.execute(
            "update pg_index set indisvalid = false"
            " where indexrelid = to_regclass('customer_by_words')"
        )
    assert is_valid() is False
    patience = setting("lock_timeout")

    with connection.schema_editor(atomic=False) as editor:
        MIGRATION.find(apps, editor)

    assert is_valid() is True
    assert setting("lock_timeout") == patience


@pytest.mark.usefixtures("built_again")
def test_it_can_be_taken_back_and_made_anew() -> None:
    for _ in range(2):  # the second finds nothing to take away
        with connection.schema_editor(atomic=False) as editor:
            MIGRATION.forget(apps, editor)
    assert is_valid() is None

    with connection.schema_editor(atomic=False) as editor:
        MIGRATION.find(apps, editor)

    assert is_valid() is True
