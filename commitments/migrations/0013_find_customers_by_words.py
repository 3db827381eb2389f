"""Who is meant by a part of what we know, among a hundred thousand customers.

On PostgreSQL an index holds the beginnings of the words of a customer's name and e-mail, and of the
phone number every end of four digits or more, as migration 0008 does for promises. It is built
while others go on writing; stopped half-way, it is dropped and begun again.
"""

from django.db import migrations

# As in migration 0008.
_BETWEEN = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\u3000]+"

FUNCTION = f"""
    create or replace function commitments_customer_words(name text, email text, phone text)
    returns tsvector language sql immutable parallel safe as $$
        select array_to_tsvector(array(
            select left(word, 100) from regexp_split_to_table(
                lower(name || ' ' || email), '{_BETWEEN}'
            ) as word where word <> ''
            union
            select substr(digits, place)
            from (select regexp_replace(phone, '[^0-9]', '', 'g') as digits) as number,
                generate_series(1, length(digits) - 3) as place
        ))
    $$
"""
NO_INDEX = "drop index concurrently if exists customer_by_words"
INDEX = (
    "create index concurrently customer_by_words on commitments_customer"
    " using gin (commitments_customer_words(name, email, phone))"
)


def find(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION)
    # It waits for every transaction that is under way, however long that takes.
    schema_editor.execute("set lock_timeout = 0")
    schema_editor.execute(NO_INDEX)
    schema_editor.execute(INDEX)
    schema_editor.execute("analyze commitments_customer")
    schema_editor.execute("reset lock_timeout")


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NO_INDEX)
        schema_editor.execute("drop function if exists commitments_customer_words")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("commitments", "0012_find_who_waits_for_an_answer"),
    ]

    operations = [
        migrations.RunPython(find, forget),
    ]
