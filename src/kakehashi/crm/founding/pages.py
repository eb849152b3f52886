"""A further org, made by anybody who has a sign-in; they become its administrator."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.actions import create_org, update_org
from kakehashi.identity.people.models import Person

from .forms import NewOrganisationForm


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Name, currency and time zone; the language is the page's."""
    if not isinstance(request.user, Person):
        raise NotFound
    language = (translation.get_language() or request.user.language)[:2]
    form = NewOrganisationForm(request.user, language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        org = create_org(
            name=values["name"], administrator=request.user, currency=values["currency"], language=language
        )
        update_org(org, values={"time_zone": values["time_zone"]}, actor=request.user.as_actor())
        return redirect("crm_home", org.pk)
    return render(request, "crm/founding/templates/new.html", {"form": form}, status=422 if form.errors else 200)
