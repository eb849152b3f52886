"""The address of a record that is not among the others any more: where it went, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kakehashi.core.errors import NotFound
from kakehashi.crm.leads.queries import conversion_of
from kakehashi.crm.merging.queries import survivor_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.workspace import render_module_page
from kakehashi.crm.records.queries import deleted_records, visible_records


def show_absent(request: HttpRequest, access: CrmAccess, module_name: str, record_id: int) -> HttpResponse:
    """A merged record's address leads to the one it is now, a converted lead's to what it became; a deleted one says since when. Raises `NotFound`."""
    module = access.schema[module_name]
    survivor = survivor_of(access.org.pk, record_id)
    if survivor and visible_records(access, module).filter(pk=survivor).exists():
        return redirect("crm_record", access.org.pk, module.api_name, survivor)
    if conversion_id := conversion_of(access.org, record_id):
        return redirect("crm_conversion", access.org.pk, conversion_id)
    return _show_deleted(request, access, module, record_id)


def _show_deleted(request: HttpRequest, access: CrmAccess, module: ModuleSchema, record_id: int) -> HttpResponse:
    record = deleted_records(access, module).filter(pk=record_id).first()
    if record is None:
        raise NotFound
    address = [access.org.pk, module.api_name]
    context = {
        "record": record,
        "module": module,
        "list_url": reverse("crm_list", args=address),
        "restoration_url": reverse("crm_restoration", args=address) if access.may("delete_records", module) else "",
    }
    template = "crm/record_page/templates/deleted.html"
    return render_module_page(request, access, module, template, context, status=410)
