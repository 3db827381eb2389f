"""A new version comes while everybody works: no table is kept from its writers while it is read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.faults import upgrades
from tests.faults.upgrades import BASE, LARGE, Watch, go_to, newest, others_at_work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.faults,
    pytest.mark.timeout(300),
]


def say(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture(scope="module")
def template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database as an older version left it, with rows in every large table."""
    name = f"{connection.settings_dict['NAME']}_template"
    with django_db_blocker.unblock():
        say(f'drop database if exists "{name}" with (force)', f'create database "{name}"')
        with elsewhere(name):
            upgrades.fill(go_to(BASE))
    yield name
    with django_db_blocker.unblock():
        say(f'drop database "{name}" with (force)')


@pytest.fixture
def old_house(template: str) -> Iterator[None]:
    """Its copy, to which the connection leads."""
    name = template.removesuffix("_template") + "_old"
    say(
        f'drop database if exists "{name}" with (force)',
        f'create database "{name}" template "{template}"',
    )
    with elsewhere(name):
        yield
    say(f'drop database "{name}" with (force)')


@contextmanager
def elsewhere(name: str) -> Iterator[None]:
    kept = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept


def test_no_large_table_is_read_through_while_its_writers_are_kept_out(old_house: None) -> None:
    watch = Watch()

    with connection.execute_wrapper(watch):
        go_to(newest())

    assert watch.offences == []
    assert watch.statements > 100
    assert set(LARGE) <= set(connection.introspection.table_names())


def test_writers_go_on_while_an_upgrade_waits_for_an_old_snapshot(old_house: None) -> None:
    with others_at_work() as others:
        go_to(newest())

    assert others.failed == []
    assert others.waited_for > 3


@pytest.mark.parametrize(
    "statements",
    [
        ["create index slow on commitments_commitment (wording)"],
        ["alter table commitments_customer add constraint slow check (length(name) > 0)"],
        ["alter table commitments_event add column slow uuid default gen_random_uuid()"],
        ["alter table commitments_customer alter column zone type varchar(20)"],
        ["alter table commitments_conversation alter column agent_id set not null"],
        [
            "alter table commitments_commitment add column quick text null",
            "update commitments_checkinitem set counts_as = ''",
        ],
        ["update commitments_customer set zone = ''"],
        ["update commitments_customer set zone = '' where name = 'Wilma'"],
        ["delete from only commitments_oncekey where expires_at < now()"],
        ["do $$ begin update commitments_customer set zone = ''; end $$"],
        [
            "update commitments_customer set zone = '' where id in (select id from"
            f" commitments_customer order by id offset {place} limit 1)"
            for place in range(2)
        ],
    ],
)
def test_the_watch_sees_what_would_keep_writers_waiting(
    old_house: None, statements: list[str]
) -> None:
    watch = Watch()

    with connection.execute_wrapper(watch), transaction.atomic():
        say(*statements)

    assert len(watch.offences) == 1


def test_the_watch_lets_batches_pass_each_in_a_transaction_of_its_own(old_house: None) -> None:
    watch = Watch()
    batch = "(select id from commitments_customer where zone = 'UTC' order by id limit 2)"

    say("update commitments_customer set zone = 'UTC'")
    with connection.execute_wrapper(watch):
        for _ in range(2):
            say(f"update commitments_customer set zone = '' where id in {batch}")
        say("update commitments_customer set zone = '' where id between 1 and 1000")

    assert watch.offences == []
    assert watch.statements == 3


def test_an_upgrade_that_a_reader_holds_up_is_tried_again(old_house: None) -> None:
    go_to([("commitments", "0032_events_of_the_erased")])
    reader = upgrades.another_connection()
    upgrades.hold(reader, "commitments_customer")

    class Said(io.StringIO):
        def write(self, said: str) -> int:
            reader.close()  # the reader has done, once the upgrade has given way
            return super().write(said)

    told = Said()
    call_command("prepare", "--no-demo", stdout=told)

    assert "Somebody holds a table that is to be changed" in told.getvalue()
    assert "customer_merged" in indexes()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select indexname from pg_indexes")
        return {name for (name,) in cursor.fetchall()}
