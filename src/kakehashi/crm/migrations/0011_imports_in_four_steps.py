import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_choices(apps, schema_editor):
    for source in apps.get_model("crm", "Import").objects.all():
        missing = "create" if source.creates_missing else "refuse"
        source.columns = [{"header": "", "field": name, "missing": missing} for name in source.mapping]
        source.match_fields = [source.match_field] if source.match_field else []
        source.save(update_fields=["columns", "match_fields"])


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0010_transfers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="ambiguous_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="import",
            name="began_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="began_rows",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="import",
            name="columns",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="import",
            name="expected",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="import",
            name="fills_only",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="import",
            name="has_heading",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="import",
            name="match_fields",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="import",
            name="named_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="import",
            name="undo_includes_changed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="undone_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="importrow",
            name="changes",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="importrow",
            name="undo",
            field=models.CharField(
                blank=True,
                choices=[("binned", "Binned"), ("restored", "Restored"), ("kept", "Kept"), ("gone", "Gone")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("mapping", "Mapping"),
                    ("checking", "Checking"),
                    ("checked", "Checked"),
                    ("running", "Running"),
                    ("stopped", "Stopped"),
                    ("finished", "Finished"),
                    ("failed", "Failed"),
                    ("undoing", "Undoing"),
                    ("undone", "Undone"),
                ],
                default="mapping",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("updated", "Updated"),
                    ("skipped", "Skipped"),
                    ("ambiguous", "Ambiguous"),
                    ("failed", "Failed"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="NamedRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=300)),
                (
                    "undo",
                    models.CharField(
                        blank=True,
                        choices=[("binned", "Binned"), ("restored", "Restored"), ("kept", "Kept"), ("gone", "Gone")],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.module"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="named", to="crm.import"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RowKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="row_keys",
                        to="crm.import",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source", "digest"], name="row_by_key")],
            },
        ),
        migrations.RunPython(keep_choices, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="import",
            name="creates_missing",
        ),
        migrations.RemoveField(
            model_name="import",
            name="mapping",
        ),
        migrations.RemoveField(
            model_name="import",
            name="match_field",
        ),
    ]
