from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bridge", "0011_comparisons")]

    operations = [
        migrations.AddIndex(
            model_name="journalrow",
            index=models.Index(
                condition=models.Q(("undoes__isnull", False)), fields=["undoes"], name="journal_taken_back"
            ),
        ),
    ]
