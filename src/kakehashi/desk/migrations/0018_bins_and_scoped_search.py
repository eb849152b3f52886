"""Recycle bins that empty themselves; what contacts, accounts, products and incoming mails are found by carries the portal."""

import django.db.models.deletion
from django.db import migrations, models

# A portal is its own tenant, so that the indexes over all portals' rows find those of one without reading the others'.
TABLES = ("desk_contact", "desk_account", "desk_product", "desk_incomingmail")
FORWARD = """
UPDATE {table} SET search = array_to_tsvector(ARRAY(SELECT {table}.portal_id || ':' || lexeme FROM unnest(search)))
WHERE search <> ''::tsvector
"""
BACKWARD = """
UPDATE {table} SET search = array_to_tsvector(ARRAY(SELECT substr(lexeme, strpos(lexeme, ':') + 1) FROM unnest(search)))
WHERE search <> ''::tsvector
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0017_teams_followers_and_profiles")]

    operations = [
        migrations.CreateModel(
            name="BinSetting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("keep_days", models.PositiveSmallIntegerField(default=60, null=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(blank=True, max_length=200)),
                (
                    "portal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bin_setting", to="desk.portal"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        *(migrations.RunSQL(FORWARD.format(table=table), BACKWARD.format(table=table)) for table in TABLES),
    ]
