"""What is live of one team in the order of time, and which promises of one kind it has closed.

Built while others go on writing, like the indexes before; the one it takes the place of goes last.
"""

from django.db import migrations, models


class AddIndexBesideWriters(migrations.AddIndex):
    """On SQLite, where a migration is alone anyway, the usual one."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        # It waits for every transaction that is under way, however long that takes.
        schema_editor.execute("set lock_timeout = 0")
        schema_editor.remove_index(model, self.index, concurrently=True)
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("reset lock_timeout")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("commitments", "0035_sessions_and_second_steps"),
    ]

    operations = [
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["team", "kind", "due_at"],
                condition=~models.Q(status__in=["open", "waiting"]),
                name="commitment_closed_of_kind",
            ),
        ),
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["due_at", "id"],
                include=["team"],
                condition=models.Q(status__in=["open", "waiting"]),
                name="commitment_live_in_order",
            ),
        ),
        migrations.RemoveIndex("commitment", "commitment_live_by_due"),
    ]
