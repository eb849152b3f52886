from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import NotFound
from kakehashi.identity.people.models import Person
from kakehashi.identity.preferences.time_zones import is_time_zone
from kakehashi.identity.sign_in.sessions import sign_in

from .actions import AlreadyStarted, Beginning, begin
from .forms import FirstRunForm


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first visit to an empty installation makes the first administrator."""
    if request.method == "POST":
        return _begin(request)
    if Person.objects.exists():
        raise NotFound
    return _show(request, FirstRunForm(), status=200)


def _begin(request: HttpRequest) -> HttpResponse:
    form = FirstRunForm(request.POST)
    if not form.is_valid():
        if Person.objects.exists():
            raise NotFound
        return _show(request, form, status=422)
    try:
        beginning = _make(form)
    except AlreadyStarted as told:
        return render(request, "identity/first_run/templates/taken.html", {"told": told}, status=told.status)
    sign_in(request, beginning.person, by="password")
    return redirect(beginning.url)


def _make(form: FirstRunForm) -> Beginning:
    values = form.cleaned_data
    zone = values["time_zone"]
    return begin(
        email=values["email"],
        password=values["password"],
        family_name=values["family_name"],
        given_name=values["given_name"],
        organisation_name=values["organisation_name"],
        language=translation.get_language() or settings.LANGUAGE_CODE,
        time_zone=zone if is_time_zone(zone) else settings.TIME_ZONE,
        product_keys=form.product_keys,
    )


def _show(request: HttpRequest, form: FirstRunForm, *, status: int) -> HttpResponse:
    return render(request, "identity/first_run/templates/start.html", {"form": form}, status=status)
