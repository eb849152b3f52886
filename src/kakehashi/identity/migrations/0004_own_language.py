from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_mails")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="has_own_language",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
