"""Indexes of the outbox, which may hold millions of rows: built while others go on writing.

Stopped half-way on PostgreSQL, an index is left that nobody uses: it is dropped and begun again.
"""

from django.db import migrations, models


class AddIndexBesideWriters(migrations.AddIndex):
    """On SQLite, where a migration is alone anyway, the usual one."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        # It waits for every transaction that is under way, however long that takes.
        schema_editor.execute("set lock_timeout = 0")
        schema_editor.remove_index(model, self.index, concurrently=True)
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("reset lock_timeout")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0004_prove_an_address"),
    ]

    operations = [
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["person", "channel", "attempt_at"],
                condition=models.Q(attempt_at__isnull=False, person__isnull=False),
                name="delivery_of_a_person",
            ),
        ),
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["bundle"],
                condition=models.Q(bundle__isnull=False),
                name="delivery_bundled",
            ),
        ),
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["provider_id"],
                condition=~models.Q(provider_id=""),
                name="delivery_at_provider",
            ),
        ),
    ]
