"""No update and no delete of an event, whatever door it is tried through."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRES = [
    """
    CREATE FUNCTION commitments_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'events are append only' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON commitments_event
    FOR EACH ROW EXECUTE FUNCTION commitments_event_is_append_only()
    """,
]
SQLITE = [
    """
    CREATE TRIGGER event_is_not_updated BEFORE UPDATE ON commitments_event
    BEGIN SELECT RAISE(ABORT, 'events are append only'); END
    """,
    """
    CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON commitments_event
    BEGIN SELECT RAISE(ABORT, 'events are append only'); END
    """,
]
UNDO = {
    "postgresql": [
        "DROP TRIGGER event_is_append_only ON commitments_event",
        "DROP FUNCTION commitments_event_is_append_only()",
    ],
    "sqlite": ["DROP TRIGGER event_is_not_updated", "DROP TRIGGER event_is_not_deleted"],
}


def make(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_tables")]

    operations = [migrations.RunPython(make, drop)]
