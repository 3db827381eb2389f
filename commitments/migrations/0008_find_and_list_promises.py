"""What finds a promise by words, and what lists a million of them in order of time.

On PostgreSQL the words by which a promise is found (its wording, its customer's name, e-mail and
phone, its case) lie in a table of their own. The database keeps it itself, so that no door can
forget it, and the sweep, which writes promises all day, never touches it. It is filled in batches,
and the indexes are built while others go on writing.
"""

from django.db import migrations, models

_BATCH = 20_000

# All of ASCII that is neither letter nor digit, no-break spaces, and Unicode's dashes and quotes.
# commitments/reports/search.py cuts what is looked for with the same.
_BETWEEN = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\u3000]+"

TABLE = [
    "create table commitments_search (commitment_id bigint primary key, words tsvector not null)",
    # Every word, and of a phone number every end of four digits or more, so that any run of its
    # digits is the beginning of one of them.
    f"""
    create function commitments_found_by(
        wording text, name text, email text, phone text, reference text
    ) returns tsvector language sql stable as $$
        select array_to_tsvector(array(
            select left(word, 100) from regexp_split_to_table(
                lower(concat_ws(' ', wording, name, email, reference)), '{_BETWEEN}'
            ) as word where word <> ''
            union
            select substr(digits, place)
            from (select regexp_replace(phone, '[^0-9]', '', 'g') as digits) as number,
                generate_series(1, length(digits) - 3) as place
        ))
    $$
    """,
]
# No view: PostgreSQL would let nobody change a column that one reads.
_FINDABLE = """
        select promise.id, commitments_found_by(
            promise.wording, customer.name, customer.email, customer.phone,
            conversation.outside_reference
        )
        from commitments_commitment as promise
        join commitments_customer as customer on customer.id = promise.customer_id
        join commitments_conversation as conversation on conversation.id = promise.conversation_id
"""
_REFRESH = f"""
    create function {{name}}() returns trigger language plpgsql as $$
    begin
        insert into commitments_search (commitment_id, words)
        {_FINDABLE} where {{which}}
        on conflict (commitment_id) do update set words = excluded.words;
        return null;
    end
    $$
"""
TRIGGERS = [
    _REFRESH.format(name="commitments_find_new", which="promise.id in (select id from newly_made)"),
    _REFRESH.format(name="commitments_find_promise", which="promise.id = new.id"),
    _REFRESH.format(name="commitments_find_customer", which="customer.id = new.id"),
    _REFRESH.format(name="commitments_find_case", which="conversation.id = new.id"),
    """
    create function commitments_find_no_more() returns trigger language plpgsql as $$
    begin
        delete from commitments_search where commitment_id = old.id;
        return null;
    end
    $$
    """,
    """
    create trigger promise_is_found after insert on commitments_commitment
    referencing new table as newly_made
    for each statement execute function commitments_find_new()
    """,
    """
    create trigger promise_is_found_by_new_words
    after update of wording, customer_id, conversation_id on commitments_commitment
    for each row when (
        (old.wording, old.customer_id, old.conversation_id)
        is distinct from (new.wording, new.customer_id, new.conversation_id)
    ) execute function commitments_find_promise()
    """,
    """
    create trigger promise_is_found_no_more after delete on commitments_commitment
    for each row execute function commitments_find_no_more()
    """,
    """
    create trigger promises_are_found_by_customer
    after update of name, email, phone on commitments_customer
    for each row when (
        (old.name, old.email, old.phone) is distinct from (new.name, new.email, new.phone)
    ) execute function commitments_find_customer()
    """,
    """
    create trigger promises_are_found_by_case
    after update of outside_reference on commitments_conversation
    for each row when (old.outside_reference is distinct from new.outside_reference)
    execute function commitments_find_case()
    """,
]
FILL = f"""
    with batch as (
        select id from commitments_commitment where id > %s order by id limit %s
    ), filled as (
        insert into commitments_search (commitment_id, words)
        {_FINDABLE} where promise.id in (select id from batch)
        on conflict (commitment_id) do nothing
    )
    select max(id) from batch
"""
INDEX = "create index concurrently commitments_search_words on commitments_search using gin (words)"
UNDO = [
    "drop trigger if exists promise_is_found on commitments_commitment",
    "drop trigger if exists promise_is_found_by_new_words on commitments_commitment",
    "drop trigger if exists promise_is_found_no_more on commitments_commitment",
    "drop trigger if exists promises_are_found_by_customer on commitments_customer",
    "drop trigger if exists promises_are_found_by_case on commitments_conversation",
    "drop function if exists commitments_find_new, commitments_find_promise,"
    " commitments_find_customer, commitments_find_case, commitments_find_no_more",
    "drop function if exists commitments_found_by",
    "drop table if exists commitments_search",
]


def find(apps, schema_editor):
    """Begun again from the start where an earlier try was stopped half-way."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in [*UNDO, *TABLE, *TRIGGERS]:
        schema_editor.execute(statement)
    filled_upto = 0
    while filled_upto is not None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FILL, [filled_upto, _BATCH])
            (filled_upto,) = cursor.fetchone()
    # It waits for every transaction that is under way, however long that takes.
    schema_editor.execute("set lock_timeout = 0")
    schema_editor.execute(INDEX)
    schema_editor.execute("reset lock_timeout")


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in UNDO:
            schema_editor.execute(statement)


class AddIndexBesideWriters(migrations.AddIndex):
    """On SQLite, where a migration is alone anyway, the usual one."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute("set lock_timeout = 0")
        schema_editor.remove_index(model, self.index, concurrently=True)
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("reset lock_timeout")


_LIVE = models.Q(status__in=["open", "waiting"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("commitments", "0007_look_again_in_batches"),
    ]

    operations = [
        AddIndexBesideWriters(
            "commitment",
            models.Index(fields=["due_at", "id"], condition=_LIVE, name="commitment_live_by_due"),
        ),
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["due_at", "id"], condition=~_LIVE, name="commitment_closed_by_due"
            ),
        ),
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["owner", "due_at"], condition=~_LIVE, name="commitment_closed_of_owner"
            ),
        ),
        migrations.RunPython(find, forget),
    ]
