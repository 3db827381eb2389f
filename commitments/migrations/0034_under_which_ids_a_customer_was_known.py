"""Under which other ids was a customer known? Built and checked while others go on writing."""

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


class AddConstraintBesideWriters(migrations.AddConstraint):
    """Holds for what is written from now on at once, and for what stands once that was read."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        table, name = model._meta.db_table, self.constraint.name
        schema_editor.execute(f"alter table {table} drop constraint if exists {name}")
        held = str(self.constraint.create_sql(model, schema_editor))
        schema_editor.execute(f"{held} not valid")
        schema_editor.execute(f"alter table {table} validate constraint {name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("commitments", "0033_customers_entered_twice"),
    ]

    operations = [
        AddIndexBesideWriters(
            "customer",
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="customer_merged",
            ),
        ),
        AddConstraintBesideWriters(
            "customer",
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
                name="customer_is_merged_into_another",
            ),
        ),
    ]
