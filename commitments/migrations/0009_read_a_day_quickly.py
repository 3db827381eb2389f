"""What My promises asks of a million promises: what I closed this week, whose name begins like this.

Built while others go on writing. Stopped half-way on PostgreSQL, an index is left that nobody uses:
it is dropped and begun again.
"""

from django.db import migrations, models
from django.db.models.functions import Lower

# The beginning of a name is looked for whatever the language by which the database sorts.
_BY_NAME = (
    "create index concurrently customer_by_name"
    " on commitments_customer (lower(name) text_pattern_ops)"
)


class AddIndexBesideWriters(migrations.AddIndex):
    """On SQLite, where a migration is alone anyway, the usual one."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        # It waits for every transaction that is under way, however long that takes.
        schema_editor.execute("set lock_timeout = 0")
        schema_editor.remove_index(model, self.index, concurrently=True)
        self.build(model, schema_editor)
        schema_editor.execute("reset lock_timeout")

    def build(self, model, schema_editor):
        schema_editor.add_index(model, self.index, concurrently=True)


class AddNameIndex(AddIndexBesideWriters):
    def build(self, model, schema_editor):
        schema_editor.execute(_BY_NAME)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("commitments", "0008_find_and_list_promises"),
    ]

    operations = [
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["owner", "closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="commitment_closed_lately",
            ),
        ),
        AddNameIndex("customer", models.Index(Lower("name"), name="customer_by_name")),
    ]
