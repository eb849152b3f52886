"""Settings > Developer > Keys for connecting a CRM: made, seen once, listed with their last use, revoked (spec S4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page

from .actions import make_key, revoke_key
from .forms import KeyForm
from .models import ConnectionKey
from .queries import attempts_at, keys_of

_HERE = "desk/developer/templates"


@never_cache
@require_http_methods(["GET", "POST"])
@desk_page
def keys(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    """The answer to making a key holds it; no later page does."""
    access.require("may_administer")
    form = KeyForm(request.POST or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        context["made"], context["text"] = make_key(
            access.portal, days=int(form.cleaned_data["days"]), actor=access.actor
        )
        context["email"] = access.person.email
        form = KeyForm()
    context |= {"form": form, "keys": keys_of(access.portal), "attempts": attempts_at(access.portal)}
    return settings_page(
        request, access, "developer", f"{_HERE}/keys.html", context, status=422 if form.errors else 200
    )


@require_POST
@desk_page
def key_revocation(request: HttpRequest, access: DeskAccess, key_id: int) -> HttpResponse:
    found = ConnectionKey.objects.select_related("portal").filter(portal=access.portal, pk=key_id).first()
    if found is None:
        raise NotFound
    revoke_key(found, actor=access.actor)
    messages.success(request, _("The key was revoked. Nobody can connect with it any more."))
    return redirect("desk_keys", access.portal.pk)
