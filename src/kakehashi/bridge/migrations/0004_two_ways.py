import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bridge", "0003_owners_deeds_and_ticket_modules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "module",
                    models.CharField(
                        choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")],
                        max_length=12,
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("crm_value", models.JSONField(null=True)),
                ("desk_value", models.JSONField(null=True)),
                ("choice", models.CharField(blank=True, choices=[("crm", "CRM"), ("desk", "Desk")], max_length=4)),
                ("decided_by_name", models.CharField(blank=True, max_length=200)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FieldMapping",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("crm", models.CharField(max_length=60)),
                ("desk", models.CharField(max_length=60)),
                (
                    "direction",
                    models.CharField(
                        choices=[("to_desk", "CRM to Desk"), ("to_crm", "Desk to CRM"), ("both", "Both ways")],
                        default="both",
                        max_length=8,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("crm_wins", "CRM wins"),
                            ("desk_wins", "Desk wins"),
                            ("newest_wins", "The newer change wins"),
                            ("ask", "Ask a person"),
                        ],
                        default="crm_wins",
                        max_length=12,
                    ),
                ),
                ("choices", models.JSONField(default=list)),
                ("place", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["place", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "module",
                    models.CharField(
                        choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Create"),
                            ("link", "Link"),
                            ("update", "Link and update"),
                            ("conflict", "Conflict"),
                            ("hold", "Needs a decision"),
                            ("refuse", "Would be refused"),
                            ("skip", "Nothing to do"),
                        ],
                        max_length=8,
                    ),
                ),
                ("side", models.CharField(choices=[("crm", "CRM"), ("desk", "Desk")], max_length=4)),
                ("crm_id", models.BigIntegerField(null=True)),
                ("desk_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=200)),
                ("partner_name", models.CharField(blank=True, max_length=200)),
                ("changes", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("is_approved", models.BooleanField(default=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="link",
            name="only_held_links_lack_a_partner",
        ),
        migrations.AddField(
            model_name="journalrow",
            name="undoes",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="journalrow",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="link",
            name="waits_for_desk",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="side",
            field=models.CharField(choices=[("crm", "CRM"), ("desk", "Desk")], default="crm", max_length=4),
        ),
        migrations.AddField(
            model_name="syncedmodule",
            name="delete_rule",
            field=models.CharField(
                choices=[("follow", "Goes to the recycle bin there, too"), ("keep", "Is kept there and unlinked")],
                default="follow",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="syncedmodule",
            name="department_ids",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="syncedmodule",
            name="match_secondary",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="syncedmodule",
            name="owner_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="syncedmodule",
            name="secondary_overwrites",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="connection",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Waiting for approval"),
                    ("connected", "Connected"),
                    ("paused", "Paused"),
                    ("disabled", "Disabled"),
                ],
                default="connected",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="dirty",
            name="module",
            field=models.CharField(
                choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")], max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="journalrow",
            name="crm_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="journalrow",
            name="kind",
            field=models.CharField(
                choices=[
                    ("linked", "Matched"),
                    ("created", "Created"),
                    ("updated", "Updated"),
                    ("lost", "Overwritten"),
                    ("removed", "Moved to the recycle bin"),
                    ("restored", "Restored"),
                    ("parted", "Unlinked"),
                    ("merged", "Followed a merge"),
                    ("decided", "Decided by a person"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="journalrow",
            name="module",
            field=models.CharField(
                choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")], max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="crm_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="link",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("removed", "Deleted in CRM, moved to the recycle bin in Desk"),
                    ("kept", "Deleted in CRM, kept in Desk because it has tickets"),
                    ("gone", "Deleted in Desk"),
                    ("rem_crm", "Deleted in Desk, moved to the recycle bin in CRM"),
                    ("kept_crm", "Deleted in Desk, kept in CRM because other records name it"),
                    ("merged", "Merged in CRM, kept in Desk"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="module",
            field=models.CharField(
                choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")], max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="link",
            name="state",
            field=models.CharField(
                choices=[("live", "Live"), ("dead", "Dead"), ("held", "Held"), ("apart", "Apart")],
                default="live",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[("plan", "Plan"), ("first", "First sync"), ("compare", "Comparison")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="module",
            field=models.CharField(
                blank=True,
                choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="syncedmodule",
            name="direction",
            field=models.CharField(
                choices=[("to_desk", "CRM to Desk"), ("both", "Both ways")], default="to_desk", max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="syncedmodule",
            name="module",
            field=models.CharField(
                choices=[("accounts", "Accounts"), ("contacts", "Contacts"), ("products", "Products")], max_length=12
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="deed",
            field=models.CharField(
                choices=[
                    ("set_up", "Connection set up"),
                    ("approved", "Plan approved"),
                    ("braked", "Paused by itself: many records would be deleted"),
                    ("reconnected", "Connected again, with the former links"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("owner_added", "Owner added"),
                    ("owner_removed", "Owner removed"),
                    ("taken_over", "Taken over"),
                    ("disabled", "Disabled in CRM"),
                    ("deleted", "Deleted in Desk"),
                    ("moved", "Disabled for another portal"),
                ],
                default="set_up",
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Waiting for approval"),
                    ("connected", "Connected"),
                    ("paused", "Paused"),
                    ("disabled", "Disabled"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="journalrow",
            index=models.Index(fields=["connection", "-id"], name="journal_of_connection"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("waits_for_desk__isnull", False)),
                fields=["connection", "waits_for_desk"],
                name="link_that_waits_for_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                condition=models.Q(("crm_id", None)),
                fields=("connection", "module", "desk_id"),
                name="lonely_desk_record_has_one_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("crm_id__isnull", False), ("desk_id__isnull", False)),
                    models.Q(
                        ("state__in", ["held", "apart"]),
                        models.Q(("crm_id__isnull", False), ("desk_id__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="a_link_has_both_its_ends_or_waits",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="connection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="conflicts", to="bridge.connection"
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="conflicts", to="bridge.link"
            ),
        ),
        migrations.AddField(
            model_name="fieldmapping",
            name="synced",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fields", to="bridge.syncedmodule"
            ),
        ),
        migrations.AddField(
            model_name="planrow",
            name="run",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="bridge.run"),
        ),
        migrations.AddIndex(
            model_name="conflict",
            index=models.Index(fields=["connection", "module", "id"], name="conflict_of_connection"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(fields=("link", "field"), name="conflict_once_per_field"),
        ),
        migrations.AddConstraint(
            model_name="fieldmapping",
            constraint=models.UniqueConstraint(fields=("synced", "crm"), name="crm_field_is_mapped_once"),
        ),
        migrations.AddConstraint(
            model_name="fieldmapping",
            constraint=models.UniqueConstraint(fields=("synced", "desk"), name="desk_field_is_mapped_once"),
        ),
        migrations.AddIndex(
            model_name="planrow",
            index=models.Index(fields=["run", "module", "kind", "id"], name="plan_row_by_kind"),
        ),
        migrations.AddIndex(
            model_name="planrow",
            index=models.Index(fields=["run", "desk_id"], name="plan_row_by_desk_record"),
        ),
    ]
