from typing import Any

from django.db import migrations, models

_PER_MODULE = {
    "see_all_records",
    "create_records",
    "edit_records",
    "delete_records",
    "import_records",
    "export_records",
}


def split_permissions(apps: Any, schema_editor: Any) -> None:
    """What a profile allowed with all records becomes what it allows with those of every module."""
    for profile in apps.get_model("crm", "Profile").objects.filter(is_administrator=False):
        held = set(profile.permissions)
        view = "all" if "see_all_records" in held else "own"
        profile.module_rights = {
            "default": {
                "view": view,
                "edit": view if "edit_records" in held else "none",
                "delete": view if "delete_records" in held else "none",
                "create": "create_records" in held,
                "import": "import_records" in held,
                "export": "export_records" in held,
            }
        }
        profile.permissions = [code for code in profile.permissions if code not in _PER_MODULE]
        profile.save(update_fields=["module_rights", "permissions"])


def join_permissions(apps: Any, schema_editor: Any) -> None:
    for profile in apps.get_model("crm", "Profile").objects.filter(is_administrator=False):
        rights = profile.module_rights.get("default", {})
        held = [f"{name}_records" for name in ("create", "import", "export") if rights.get(name)]
        held += [f"{name}_records" for name in ("edit", "delete") if rights.get(name, "none") != "none"]
        profile.permissions += held + (["see_all_records"] if rights.get("view") == "all" else [])
        profile.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_signals")]

    operations = [
        migrations.AddField("profile", "module_rights", models.JSONField(default=dict)),
        migrations.AddField("profile", "field_rights", models.JSONField(default=dict)),
        migrations.AddField("role", "shares_with_peers", models.BooleanField(default=False)),
        migrations.RunPython(split_permissions, join_permissions),
    ]
