"""Settings > Modules and fields > a tab that is no module: removing it, putting it back, and who has it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.ids import ids_in
from kakehashi.crm.customise.module_pages import PERMISSION, show_modules
from kakehashi.crm.orgs.access import CrmAccess, crm_page
from kakehashi.crm.orgs.models import Profile
from kakehashi.ui.htmx import with_toast

from .actions import choose_profiles, put_back_tab, remove_tab
from .queries import find_tab


@require_POST
@crm_page
def removal(request: HttpRequest, access: CrmAccess, tab_key: str) -> HttpResponse:
    access.require(PERMISSION)
    tab = find_tab(access.org, tab_key).tab
    remove_tab(access.org, tab, actor=access.actor)
    undo = reverse("crm_tab_return", args=[access.org.pk, tab.key])
    return with_toast(show_modules(request, access), _("“%(name)s” was removed.") % {"name": tab.label}, undo=undo)


@require_POST
@crm_page
def giving_back(request: HttpRequest, access: CrmAccess, tab_key: str) -> HttpResponse:
    access.require(PERMISSION)
    put_back_tab(access.org, find_tab(access.org, tab_key).tab, actor=access.actor)
    return show_modules(request, access)


@require_http_methods(["GET", "POST"])
@crm_page
def profiles(request: HttpRequest, access: CrmAccess, tab_key: str) -> HttpResponse:
    """A dialog with a box for each profile."""
    access.require(PERMISSION)
    row = find_tab(access.org, tab_key)
    if request.method == "POST":
        chosen = set(ids_in(request.POST.getlist("profile")))
        choose_profiles(access.org, row.tab, chosen, actor=access.actor)
        return with_toast(show_modules(request, access), _("Saved."))
    boxes = [
        (profile, profile.pk not in row.choice.without_profiles)
        for profile in Profile.objects.filter(org=access.org).order_by("-is_administrator", "name", "pk")
    ]
    context = {"row": row, "boxes": boxes, "url": reverse("crm_tab_profiles", args=[access.org.pk, row.tab.key])}
    return render(request, "crm/tabs/templates/profiles.html", context)
