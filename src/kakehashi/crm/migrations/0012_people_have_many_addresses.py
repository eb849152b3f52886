from django.conf import settings
import uuid

from django.db import migrations, models

_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
# What derived.sort_name_of says, near enough for what is there; the next change of a record writes it exactly.
SORT_NAMES = f"""
UPDATE crm_record SET sort_name = left(lower(translate(normalize(coalesce(nullif(concat_ws(
    ' ', "values"->>'Last_Name_Kana', "values"->>'First_Name_Kana'), ''), name), NFKC), '{_KATAKANA}', '{_HIRAGANA}')), 300)
"""  # noqa: S608 - letters of ours
_NEW_FIELDS = {
    "Leads": (("Other_Emails", "emails", "Secondary_Email", {}), ("Other_Phones", "phones", "Mobile", {})),
    "Contacts": (
        ("Other_Emails", "emails", "Secondary_Email", {}),
        ("Other_Phones", "phones", "Other_Phone", {}),
        ("Other_Accounts", "multilookup", "Account_Name", {"lookup": "Accounts"}),
    ),
}


def add_fields(apps, schema_editor):
    """The new standard fields for orgs that are there already, each behind the one it goes with."""
    modules, fields, orgs = (apps.get_model("crm", name).objects for name in ("Module", "Field", "Org"))
    for module in modules.filter(kind="standard", api_name__in=_NEW_FIELDS):
        for name, kind, neighbour, options in _NEW_FIELDS[module.api_name]:
            beside = fields.filter(module=module, api_name=neighbour).first()
            if fields.filter(module=module, api_name=name).exists():
                continue
            fields.create(
                org_id=module.org_id,
                module=module,
                api_name=name,
                type=kind,
                is_custom=False,
                options=options,
                section=beside.section if beside else "main",
                position=beside.position if beside else 0,
            )
        orgs.filter(pk=module.org_id).update(schema_version=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0011_imports_in_four_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="org",
            name="name_order",
            field=models.CharField(
                blank=True,
                choices=[("family", "Always last name first"), ("given", "Always first name first")],
                max_length=10,
                verbose_name="Order of names",
            ),
        ),
        migrations.AddField(
            model_name="record",
            name="sort_name",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="field",
            name="type",
            field=models.CharField(
                choices=[
                    ("text", "Single line"),
                    ("textarea", "Multiple lines"),
                    ("richtext", "Rich text"),
                    ("email", "E-mail"),
                    ("phone", "Phone"),
                    ("emails", "Several e-mail addresses"),
                    ("phones", "Several phone numbers"),
                    ("url", "URL"),
                    ("integer", "Whole number"),
                    ("decimal", "Decimal number"),
                    ("currency", "Currency"),
                    ("percent", "Percent"),
                    ("date", "Date"),
                    ("datetime", "Date and time"),
                    ("boolean", "Check box"),
                    ("picklist", "Pick list"),
                    ("multipicklist", "Multi-select pick list"),
                    ("lookup", "Lookup"),
                    ("multilookup", "Multi-select lookup"),
                    ("owner", "User"),
                    ("autonumber", "Auto-number"),
                    ("file", "File"),
                    ("image", "Image"),
                    ("formula", "Formula"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunSQL(SORT_NAMES, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["org", "module", "sort_name", "id"],
                name="record_by_sort_name",
            ),
        ),
        migrations.RunPython(add_fields, migrations.RunPython.noop),
    ]
