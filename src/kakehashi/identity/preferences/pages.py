from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.identity.people.models import Language, Person, Theme

from .actions import change_profile, leave_shortcuts, set_language, set_theme, use_shortcuts
from .forms import NameForm, PreferencesForm

_YEAR = 60 * 60 * 24 * 365


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """My name, as others see it."""
    person = _person_of(request)
    initial = {"family_name": person.family_name, "given_name": person.given_name}
    form = NameForm(request.POST or None, initial=initial)
    return _change(request, person, form, "profile")


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """My language, time zone, appearance and keyboard."""
    person = _person_of(request)
    names = ("language", "time_zone", "theme", "uses_shortcuts")
    form = PreferencesForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    return _change(request, person, form, "preferences")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, of the person or of this stranger's browser, and go back."""
    chosen = request.POST.get("language", "")
    if chosen not in Language.values:
        raise InvalidValues({"language": chosen})
    if request.user.is_authenticated:
        set_language(request.user, chosen)
    return _back_with_cookie(request, settings.LANGUAGE_COOKIE_NAME, chosen)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        raise InvalidValues({"theme": chosen})
    if request.user.is_authenticated:
        set_theme(request.user, chosen)
    return _back_with_cookie(request, "theme", chosen)


@require_POST
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The switch in the list of shortcuts: `on` is sent or not, as a check box does."""
    person = _person_of(request)
    if request.POST.get("on"):
        use_shortcuts(person)
    else:
        leave_shortcuts(person)
    return HttpResponse(status=204)


def _change(request: HttpRequest, person: Person, form: Form, page: str) -> HttpResponse:
    template = f"identity/preferences/templates/{page}.html"
    if request.method == "GET":
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    change_profile(person, values=form.cleaned_data)
    with translation.override(person.language):
        messages.success(request, _("Saved."))
    return redirect(page)


def _person_of(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise NotFound
    return request.user


def _back_with_cookie(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """The cookie lets the pages before the next sign-in look the same."""
    response = _back(request)
    response.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that was left, never to another site."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return HttpResponseRedirect(url)
    return redirect("home")
