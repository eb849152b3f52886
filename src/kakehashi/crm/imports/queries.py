"""Imports that a person may look at: their own, all of them for administrators."""

from django.db.models import QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess

from .models import Import


def visible_imports(access: CrmAccess) -> QuerySet[Import]:
    imports = Import.objects.select_related("org", "file").filter(org=access.org)
    imports = imports.filter(module_id__in=[module.id for module in access.schema])
    if not access.membership.profile.is_administrator:
        imports = imports.filter(started_by_id=access.person.pk)
    return imports.order_by("-pk")


def find_import(access: CrmAccess, import_id: int) -> tuple[Import, ModuleSchema]:
    """An import and its module as this person may see it. Raises `NotFound`, `NotAllowed`."""
    access.require("import_records")
    source = visible_imports(access).filter(pk=import_id).first()
    if source is None:
        raise NotFound
    module = access.schema.by_id[source.module_id]
    access.require("import_records", module)
    return source, module
