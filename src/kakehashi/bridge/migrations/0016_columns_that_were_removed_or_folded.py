import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bridge", "0015_which_records_are_synced"),
    ]

    operations = [
        migrations.AddField(
            model_name="typecolumn",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="FoldedColumn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                (
                    "column",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="bridge.typecolumn",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("column", "person_id"), name="column_folded_once_per_person")
                ],
            },
        ),
    ]
