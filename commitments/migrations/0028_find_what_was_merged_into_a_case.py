"""What was merged into a case is found by an index.

Built while others go on writing, like the indexes before.
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
        ("commitments", "0027_cases_of_help_desks"),
    ]

    operations = [
        AddIndexBesideWriters(
            "conversation",
            models.Index(
                fields=["team", "continued_in"],
                condition=~models.Q(continued_in=""),
                name="conversation_continued",
            ),
        ),
    ]
