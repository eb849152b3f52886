import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0022_figures_of_products_and_latest_ratings"),
    ]

    operations = [
        migrations.RenameModel(old_name="OpeningKey", new_name="SentForm"),
        migrations.RemoveConstraint(model_name="sentform", name="opening_key_once_per_person"),
        migrations.AddConstraint(
            model_name="sentform",
            constraint=models.UniqueConstraint(fields=("portal", "person_id", "key"), name="form_sent_once_per_person"),
        ),
        migrations.AddField(
            model_name="sentform",
            name="message",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.message"
            ),
        ),
        migrations.AddField(
            model_name="sentform",
            name="comment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="desk.comment"
            ),
        ),
    ]
