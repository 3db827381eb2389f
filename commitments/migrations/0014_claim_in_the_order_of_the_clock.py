"""What a round takes, in its order: what is due by the clock, and what of it is past its due time.

From the clock alone a planner takes few promises to be past both, and sorts all that are for each
batch. Built while others go on writing, like the indexes before.
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
        ("commitments", "0013_find_customers_by_words"),
    ]

    operations = [
        AddIndexBesideWriters(
            "commitment",
            models.Index(
                fields=["next_action_at", "due_at"],
                condition=models.Q(next_action_at__isnull=False),
                name="commitment_due",
            ),
        ),
        migrations.RemoveIndex("commitment", "commitment_clock"),
    ]
