"""What is counted of tickets by product and day, and the latest ratings by indexes of their own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# Counted from the tickets that there are.
_PRODUCTS = """
INSERT INTO desk_producttally (portal_id, product_id, department_id, day, total, open, on_hold, closed, escalated, high_priority, spam, first_response_count, first_response_seconds,
    first_response_working_seconds, response_count, response_seconds, response_working_seconds, resolution_count,
    resolution_seconds, resolution_working_seconds, good, okay, bad, by_email, by_phone, by_web, by_chat, by_other)
SELECT t.portal_id, t.product_id, t.department_id, (t.created_at AT TIME ZONE p.time_zone)::date AS day,
    count(*) FILTER (WHERE t.deleted_at IS NULL),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.closed_at IS NULL),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.closed_at IS NULL AND s.type = 'On Hold'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.closed_at IS NOT NULL),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.is_escalated),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.priority = 'High'),
    count(*) FILTER (WHERE t.deleted_at IS NOT NULL AND t.is_spam),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.first_response_seconds IS NOT NULL),
    coalesce(sum(t.first_response_seconds) FILTER (WHERE t.deleted_at IS NULL), 0)::bigint,
    coalesce(sum(coalesce(t.first_response_working_seconds, t.first_response_seconds)) FILTER (WHERE t.deleted_at IS NULL AND t.first_response_seconds IS NOT NULL), 0)::bigint,
    coalesce(sum(t.response_count) FILTER (WHERE t.deleted_at IS NULL), 0)::bigint,
    coalesce(sum(t.response_seconds) FILTER (WHERE t.deleted_at IS NULL), 0)::bigint,
    coalesce(sum(t.response_working_seconds) FILTER (WHERE t.deleted_at IS NULL), 0)::bigint,
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.resolution_seconds IS NOT NULL),
    coalesce(sum(t.resolution_seconds) FILTER (WHERE t.deleted_at IS NULL), 0)::bigint,
    coalesce(sum(coalesce(t.resolution_working_seconds, t.resolution_seconds)) FILTER (WHERE t.deleted_at IS NULL AND t.resolution_seconds IS NOT NULL), 0)::bigint,
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.rating = 'good'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.rating = 'okay'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.rating = 'bad'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.channel = 'Email'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.channel = 'Phone'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.channel = 'Web'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.channel = 'Chat'),
    count(*) FILTER (WHERE t.deleted_at IS NULL AND t.channel NOT IN ('Email', 'Phone', 'Web', 'Chat'))
FROM desk_ticket t JOIN desk_status s ON s.id = t.status_id JOIN desk_portal p ON p.id = t.portal_id
WHERE (t.deleted_at IS NULL OR t.is_spam) AND t.product_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""
_IS_RATED = Q(("deleted_at__isnull", True), Q(("rating", ""), _negated=True))


class Migration(migrations.Migration):
    dependencies = [("desk", "0021_outside_ranks")]

    operations = [
        migrations.CreateModel(
            name="ProductTally",
            fields=[
                ("total", models.BigIntegerField(default=0)),
                ("open", models.BigIntegerField(default=0)),
                ("on_hold", models.BigIntegerField(default=0)),
                ("closed", models.BigIntegerField(default=0)),
                ("escalated", models.BigIntegerField(default=0)),
                ("high_priority", models.BigIntegerField(default=0)),
                ("spam", models.BigIntegerField(default=0)),
                ("first_response_count", models.BigIntegerField(default=0)),
                ("first_response_seconds", models.BigIntegerField(default=0)),
                ("first_response_working_seconds", models.BigIntegerField(default=0)),
                ("response_count", models.BigIntegerField(default=0)),
                ("response_seconds", models.BigIntegerField(default=0)),
                ("response_working_seconds", models.BigIntegerField(default=0)),
                ("resolution_count", models.BigIntegerField(default=0)),
                ("resolution_seconds", models.BigIntegerField(default=0)),
                ("resolution_working_seconds", models.BigIntegerField(default=0)),
                ("good", models.BigIntegerField(default=0)),
                ("okay", models.BigIntegerField(default=0)),
                ("bad", models.BigIntegerField(default=0)),
                ("by_email", models.BigIntegerField(default=0)),
                ("by_phone", models.BigIntegerField(default=0)),
                ("by_web", models.BigIntegerField(default=0)),
                ("by_chat", models.BigIntegerField(default=0)),
                ("by_other", models.BigIntegerField(default=0)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("product_id", models.BigIntegerField()),
                ("department_id", models.BigIntegerField()),
                ("day", models.DateField()),
                (
                    "portal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.portal",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["portal", "day"], name="product_tally_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("portal", "product_id", "day", "department_id"), name="one_tally_per_product_and_day"
                    )
                ],
            },
        ),
        migrations.RunSQL(_PRODUCTS, migrations.RunSQL.noop, elidable=True),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=_IS_RATED, fields=["portal", "-rated_at", "-id"], name="ticket_by_rating"),
        ),
        *(
            migrations.AddIndex(
                model_name="ticket",
                index=models.Index(
                    condition=_IS_RATED, fields=[whose, "-rated_at", "-id"], name=f"ticket_of_{whose}_by_rating"
                ),
            )
            for whose in ("account", "contact", "product")
        ),
    ]
