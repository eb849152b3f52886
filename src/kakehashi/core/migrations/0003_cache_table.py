"""The table of Django's DatabaseCache (settings.CACHES): rate limits must hold across processes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0002_attachments")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE core_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL
            );
            CREATE INDEX core_cache_expires ON core_cache (expires);
            """,
            "DROP TABLE core_cache",
        ),
    ]
