"""What customers may do, department by department, in a portal's settings; and taking a ticket's links back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.tickets.queries import find_ticket
from kakehashi.ui.htmx import with_event, with_toast
from kakehashi.ui.templatetags.ui_words import duration
from kakehashi.ui.toasts import add_toast

from .actions import revoke_links, set_customer_settings
from .forms import CustomerSettingsForm, values_of
from .models import CustomerSettings, RatingRequest
from .queries import settings_of

_HERE = "desk/customer_pages/templates"


@require_GET
@desk_page
def customer_settings(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    stored = {row.department_id: row for row in CustomerSettings.objects.filter(portal=access.portal)}
    rows = [
        (department, *_words(stored.get(department.pk) or CustomerSettings(portal=access.portal)))
        for department in access.portal.departments.all()
    ]
    return settings_page(request, access, "customer_pages", f"{_HERE}/settings.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@desk_page
def department_settings(request: HttpRequest, access: DeskAccess, department_id: int) -> HttpResponse:
    access.require("may_administer")
    department = access.portal.departments.filter(pk=department_id).first()
    if department is None:
        raise NotFound
    department.portal = access.portal
    form = CustomerSettingsForm(request.POST or None, initial=values_of(settings_of(department)))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_customer_settings(
                department,
                shows_page=given["shows_page"],
                ratings=given["ratings"],
                rating_delay_minutes=given["rating_delay"] or 0,
                actor=access.actor,
            )
        except InvalidValues as invalid:
            for name, sentence in invalid.by_field.items():
                form.add_error(name, str(sentence))
        else:
            add_toast(request, _("Saved"))
            return redirect("desk_customer_settings", access.portal.pk)
    context = {"form": form, "department": department}
    status = 422 if form.errors else 200
    return settings_page(request, access, "customer_pages", f"{_HERE}/department.html", context, status=status)


@require_POST
@desk_page
def links_revocation(request: HttpRequest, access: DeskAccess, ticket_id: int) -> HttpResponse:
    revoke_links(find_ticket(access, ticket_id), actor=access.actor)
    answer = with_event(HttpResponse(status=204), "ticket-changed")
    return with_toast(answer, _("Links that customers have open nothing any more. The next mail carries a new one."))


def _words(settings: CustomerSettings) -> tuple[bool, str]:
    words = str(RatingRequest(settings.ratings).label)
    if settings.ratings == RatingRequest.CLOSING and settings.rating_delay_minutes:
        words += f" ({duration(settings.rating_delay_minutes * 60)})"
    return settings.shows_page, words
