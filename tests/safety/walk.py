"""Somebody at a door: what they ask, what they are answered, and whether anything was changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import time_machine
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from commitments.models import Session, User
from tests.api.callers import Program
from tests.makers import MINUTE, NOON
from tests.safety import world
from tests.safety.doors import Door
from tests.safety.ways import Way
from tests.web.settings import forms

OUTSIDER: Final = "auditor of another team"  # for whom the tables have no column
# Written whenever somebody comes by: who is signed in, and when a key was used last.
_PASSING: Final = frozenset({"last_login", "last_used_at"})
_WRITES: Final = re.compile(r'\b(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.I)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody was answered; `location` is where they were sent."""

    status: int
    location: str
    text: str
    changed: frozenset[str]  # tables
    queries: int  # and what else was said to the database: savepoints


@dataclass(kw_only=True)
class Company:
    """Everybody, signed in, and everything; `visit` leaves it as it was."""

    facts: world.Facts
    people: Mapping[str, User]
    clients: dict[str, Client] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    @classmethod
    def founded(cls) -> Company:
        people = world.cast()
        company = cls(facts=world.facts(people), people=people)
        for role, person in people.items():
            company._sign_in(role, person)
        service = User.objects.get(pk=company.facts["service"])
        company.keys["service"] = world.a_token(service, "write")
        company.keys["reader"] = world.a_token(people["manager"], "read")
        company._sign_in(OUTSIDER, world.an_outsider())
        company.keys["customer"] = company.facts["her link of the customer"]
        company.clients["customer"] = Client()
        company.before = digests()
        return company

    def _sign_in(self, role: str, person: User) -> None:
        self.clients[role] = Client()
        self.clients[role].force_login(person)
        scope = "admin" if role == "administrator" else "write"
        self.keys[role] = world.a_token(person, scope)

    def address(self, door: Door, way: Way, role: str) -> str:
        if door.is_of_the_api:
            path = door.name.format_map({**self.facts, **self._given(way, role)})
        else:
            name, _, verb = door.name.partition("/")
            given = self._given(way, role) | ({"verb": verb} if verb else {})
            path = reverse(name, kwargs=given)
        return path + way.query.format_map(self.facts)

    def _given(self, way: Way, role: str) -> dict[str, Any]:  # Any: what facts are
        """What is somebody's own, others do not have."""
        said = {name: fact.format(role=role) for name, fact in way.given.items()}
        return {name: self.facts.get(fact, _else(fact)) for name, fact in said.items()}

    def visit(self, role: str, door: Door, address: str, sent: Any) -> Said:
        """As if nobody else had ever come."""
        cache.clear()
        with transaction.atomic():
            with noticing() as noticed:
                answer = self._ask(role, door, address, sent)
                text = _text(answer)
            changed = frozenset(self._changed(noticed.touched))
            transaction.set_rollback(True)
        return Said(
            status=answer.status_code,
            location=answer.headers.get("Location", ""),
            text=text,
            changed=changed,
            queries=noticed.queries,
        )

    def _changed(self, touched: set[str]) -> Iterator[str]:
        return (table for table, now in digests(touched).items() if now != self.before[table])

    def _ask(self, role: str, door: Door, address: str, sent: Any) -> Any:
        if door.is_of_the_api and role in self.keys:
            key = Program(self.keys[role])
            if door.method == "POST":
                return key.post(sent, address)
            return key.call(door.method, address)
        if door.is_of_the_api and door.method == "POST":
            return Client().post(address, json.dumps(sent), content_type="application/json")
        client = self._browser(role)
        kept = dict(client.cookies)
        try:
            if door.method == "GET":
                return client.get(address)
            return client.post(address, {name: _file(each) for name, each in sent.items()})
        finally:
            client.cookies.clear()
            client.cookies.update(kept)

    def _browser(self, role: str) -> Client:
        if role in self.clients:
            return self.clients[role]
        key = self.keys.get(role, "")
        return Client(headers={"Authorization": f"Bearer {key}"} if key else None)

    def sent(self, door: Door, way: Way) -> Any:
        """What is sent there: as the form stands on its page, and filled in; or JSON."""
        said = filled(way.said, self.facts)
        if way.form is None or door.is_of_the_api:
            return said
        client = self._browser(way.by)
        page = way.on.format_map(self.facts) or self.address(door, way, way.by)
        with time_machine.travel(NOON - MINUTE, tick=False), transaction.atomic():
            data = forms.fields(client.get(page), form=way.form) | said
            if way.then is not None:
                data = forms.fields(client.post(page, data)) | filled(way.then, self.facts)
            transaction.set_rollback(True)
        return data


def filled(said: Any, facts: world.Facts) -> Any:
    """With facts for what stands in braces; a number by itself is one."""
    if isinstance(said, Mapping):
        return {name: filled(each, facts) for name, each in said.items()}
    if isinstance(said, list):
        return [filled(each, facts) for each in said]
    if not isinstance(said, str):
        return said
    alone = re.fullmatch(r"\{([\w -]+)\}", said)
    return facts[alone[1]] if alone else said.format_map(facts)


def _file(said: Any) -> Any:
    """A file is a name and what it holds."""
    return SimpleUploadedFile(*said) if isinstance(said, tuple) else said


def _else(fact: str) -> str:
    return "no-such-link" if " of the " in fact else fact


def _text(answer: Any) -> str:  # Any: Django's test response
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode("utf-8", "replace")


@dataclass(kw_only=True)
class Noticed:
    """The tables that were to be written in, whatever became of it; and how much was sent."""

    touched: set[str] = field(default_factory=set)
    queries: int = 0


@contextmanager
def noticing() -> Iterator[Noticed]:
    noticed = Noticed()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        noticed.touched.update(_WRITES.findall(sql))
        noticed.queries += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield noticed


def digests(tables: Collection[str] | None = None) -> dict[str, str]:
    """What stands in these tables, or in all; not what is written whenever somebody comes by."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model is Session or (tables is not None and table not in tables):
            continue
        columns = [each.column for each in model._meta.concrete_fields]
        listed = ", ".join(f'"{each}"' for each in columns if each not in _PASSING)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {listed} FROM "{table}" ORDER BY 1')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found
