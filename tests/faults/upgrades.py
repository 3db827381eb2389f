"""A database as an older version left it, and what watches its upgrade."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import psycopg2
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

NOON: Final = datetime(2026, 5, 21, 12, tzinfo=UTC)
# The first version whose figures are kept by the day: what came before it was shown to nobody.
BASE: Final = [
    ("commitments", "0016_figures_of_each_day"),
    ("notifications", "0006_wake_what_was_put_off"),
]
# What may have ten million rows. The others have one for each colleague, team or rule.
LARGE: Final = (
    *("commitments_commitment", "commitments_event", "commitments_eventtext"),
    *("commitments_customer", "commitments_conversation", "commitments_checkin"),
    *("commitments_checkinitem", "commitments_oncekey", "commitments_search"),
    *("notifications_delivery", "notifications_attempt", "notifications_inboxitem"),
)
WRITES: Final = (
    "update commitments_commitment set revision = revision + 1",
    "update commitments_customer set link_version = link_version + 1",
    "update commitments_conversation set link_version = link_version + 1",
    "update notifications_delivery set attempts = attempts + 1",
    """insert into commitments_oncekey (principal, key, fingerprint, status, answer, expires_at)
    values ('user:1', gen_random_uuid()::text, '', 0, '{}', now())""",
)
_KEEP_WRITERS_OUT: Final = (
    *("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"),
)
_LOCKED = """
select class.relname from pg_locks join pg_class as class on class.oid = pg_locks.relation
where pid = pg_backend_pid() and granted and mode = any(%s) and class.relname = any(%s)
"""
# What changes rows of a large table, and what says that they are few: a limit, or their keys.
_CHANGES = re.compile(
    rf"""^\s*(?:with\b.*)?\b(?:update|delete\s+from)\s+(?:only\s+)?"?(?:{"|".join(LARGE)})\b""",
    re.IGNORECASE | re.DOTALL,
)
_FEW = re.compile(
    r'\blimit\b|"?\bid"?\s*(?:=\s*(?:%s|\d)|in\s*\((?!\s*select)|between\b)', re.IGNORECASE
)
# Shared before this was asked: mails to customers that had grown too old, found by an index.
_SHARED: Final = 'UPDATE "notifications_delivery" SET "attended_at" = "notifications_delivery"."'
_READ = """
select class.relname, class.relfilenode, coalesce(stat.seq_tup_read, 0),
    coalesce(stat.n_tup_upd + stat.n_tup_del, 0)
from pg_class as class left join pg_stat_xact_user_tables as stat on stat.relid = class.oid
where class.relname = any(%s)
"""


def go_to(targets: list[tuple[str, str]]) -> Any:
    """Migrate; answers the models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    executor.loader.build_graph()
    return executor.loader.project_state(targets).apps


def newest() -> list[tuple[str, str]]:
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes())


def fill(apps: Any) -> None:
    """Some rows in each table that may be large."""

    def make(model: str, **fields: Any) -> Any:
        room = "notifications" if model in {"Delivery", "Attempt", "InboxItem"} else "commitments"
        return apps.get_model(room, model).objects.create(**fields)

    ana = make("User", email="ana@larkfield.example", name="Ana Moreno")
    team = make("Team", name="Billing care", calendar=make("Calendar", name="Week", zone="UTC"))
    policy = make("Policy", name="Usual")
    version = make("PolicyVersion", policy=policy, number=1, made_at=NOON)
    kind = make(
        "Kind", code="followup", name="Follow-up", policy=policy, usual_length=1, check_in_after=3
    )
    for number in range(3):
        tom = make("Customer", name=f"Tom {number}", email=f"tom{number}@customers.example")
        talk = make("Conversation", team=team, customer=tom, agent=ana, at=NOON)
        promise = make(
            "Commitment", conversation=talk, customer=tom, team=team, owner=ana, kind=kind,
            policy_version=version, wording="Send the part", promised_at=NOON,
            first_due_at=NOON.replace(hour=18),
            due_at=NOON.replace(hour=18), due_zone="UTC", revised_at=NOON, next_action="breach",
            next_action_at=NOON.replace(hour=18),
        )  # fmt: skip
        event = make(
            "Event", commitment=promise, sequence=1, kind="made", at=NOON, recorded_at=NOON,
            revision=1, hash="0" * 64,
        )  # fmt: skip
        make("EventText", event=event, salt="0" * 32, words="Send the part")
        check_in = make("CheckIn", customer=tom, planned_at=NOON, sent_at=NOON, state="sent")
        make("CheckInItem", check_in=check_in, commitment=promise, revision=1)
        make(
            "OnceKey", principal="user:1", key=f"{number}", fingerprint="", expires_at=NOON
        )  # fmt: skip
        sent = make(
            "Delivery", key=f"made:{number}", about=f"commitment:{promise.pk}", audience="staff",
            person_id=ana.pk, channel="email", address=ana.email, language="en", template="made",
            context={}, urgent=False, state="sent", not_before=NOON, enqueued_at=NOON,
            settled_at=NOON,
        )  # fmt: skip
        make("Attempt", delivery=sent, token=1, started_at=NOON, ended_at=NOON, ending="accepted")
        make("InboxItem", user_id=ana.pk, delivery=sent, about="", title="Made", created_at=NOON)


@dataclass
class Watch:
    """What each statement of an upgrade read or rewrote while it kept writers out of a table, and
    which rows it kept from them: those of more than a batch, or of a batch beyond its statement.
    """

    offences: list[str] = field(default_factory=list)
    statements: int = 0
    batches: set[tuple[str, str]] = field(default_factory=set)  # a table, and the transaction

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        said = str(sql)
        if connection.in_atomic_block or "concurrently" in said.lower():
            return self._watched(execute, said, (sql, params, many, context))
        with transaction.atomic():  # or nothing of it could be seen afterwards
            return self._watched(execute, said, (sql, params, many, context))

    def _watched(self, execute: Any, said: str, rest: tuple[Any, ...]) -> Any:
        if not connection.in_atomic_block:
            return execute(*rest)
        before = _tables()
        answer = execute(*rest)
        after, locked = _tables(), _locked()
        self.statements += 1
        found = []
        for table, (file, read, changed) in after.items():
            known_file, known_read, known_changed = before.get(table, (file, 0, 0))
            if locked and (read > known_read or file != known_file):
                found.append(f"{table}, with {sorted(locked)} locked: {said}")
            elif changed > known_changed:
                batch = (table, _transaction())
                if batch in self.batches:
                    found.append(f"{table}, whose rows stay locked from the batch before: {said}")
                elif not _is_a_batch(said):
                    found.append(f"{table}, all rows at once: {said}")
                self.batches.add(batch)
        if not found and _CHANGES.search(said) and not _is_a_batch(said):
            found.append(f"as many rows as there are: {said}")
        self.offences += found
        return answer


def _is_a_batch(said: str) -> bool:
    return bool(_FEW.search(said)) or said.startswith(_SHARED)


def _tables() -> dict[str, tuple[int, int, int]]:
    """The file of each large table, and how many rows of it this transaction has read through,
    or one of this session's before it, has updated or deleted.
    """
    with connection.connection.cursor() as cursor:
        cursor.execute(_READ, [list(LARGE)])
        return {name: (file, read, changed) for name, file, read, changed in cursor.fetchall()}


def _transaction() -> str:
    """The number of the one that has written."""
    with connection.connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text")
        return str(cursor.fetchone()[0])


def _locked() -> set[str]:
    with connection.connection.cursor() as cursor:
        cursor.execute(_LOCKED, [list(_KEEP_WRITERS_OUT), list(LARGE)])
        return {name for (name,) in cursor.fetchall()}


@dataclass
class Beside:
    """Somebody who holds a snapshot, and others who write all the while."""

    waited_for: int = 0
    written: int = 0
    failed: list[str] = field(default_factory=list)


@contextmanager
def others_at_work() -> Iterator[Beside]:
    """The snapshot is renewed only once the upgrade waits for it and others could still write."""
    seen, over = Beside(), threading.Event()

    def work() -> None:
        holder, writer = (another_connection() for _ in range(2))
        hold(holder)
        while not over.is_set() and not seen.failed:
            _write(writer, seen)
            if _is_waited_for(writer):
                _write(writer, seen)
                seen.waited_for += 1
                holder.rollback()
                hold(holder)
            over.wait(0.01)
        holder.close()
        writer.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def another_connection() -> Any:
    known = connection.settings_dict
    return psycopg2.connect(
        dbname=known["NAME"], user=known["USER"], password=known["PASSWORD"],
        host=known["HOST"], port=known["PORT"] or None,
    )  # fmt: skip


def hold(other: Any, table: str = "pg_class") -> None:
    """A transaction that has read, and stays open."""
    with other.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(f"select count(*) from {table}")


def _write(writer: Any, seen: Beside) -> None:
    """Whoever cannot within this time is kept out by somebody who waits for the snapshot."""
    try:
        with writer, writer.cursor() as cursor:
            cursor.execute("set local lock_timeout = '20s'")
            for statement in WRITES:
                cursor.execute(statement)
                seen.written += 1
    except psycopg2.Error as error:
        seen.failed.append(str(error))


def _is_waited_for(writer: Any) -> bool:
    with writer, writer.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event = 'virtualxid'"
        )
        return bool(cursor.fetchone()[0])
