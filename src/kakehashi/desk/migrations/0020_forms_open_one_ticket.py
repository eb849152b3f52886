import django.db.models.deletion
import kakehashi.core.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0019_found_among_a_customers_tickets"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=kakehashi.core.clock.now)),
                (
                    "portal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="desk.portal",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("portal", "person_id", "key"), name="opening_key_once_per_person")
                ],
            },
        ),
    ]
