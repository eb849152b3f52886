import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="org", name="schema_version"),
        migrations.AddField(model_name="org", name="schema_version", field=models.UUIDField(default=uuid.uuid4)),
    ]
