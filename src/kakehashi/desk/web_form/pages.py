"""The form that strangers fill in: a page of its own, and the same inside a frame of another site."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kakehashi.core.errors import InvalidValues, NotFound, ProductError
from kakehashi.core.normalise.email import normal_email

from .actions import open_by_form
from .forms import RequestForm
from .models import WebForm

_HERE = "desk/web_form/templates"


@never_cache
@csrf_exempt  # nobody is signed in, nothing is at stake; in a frame of another site browsers send us no cookie to compare
@require_http_methods(["GET", "POST"])
def web_form(request: HttpRequest, key: str) -> HttpResponse:
    return _answer(request, _find(key), f"{_HERE}/page.html", is_embedded=False)


@never_cache
@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "POST"])
def embedded_form(request: HttpRequest, key: str) -> HttpResponse:
    """The one page of ours that others may frame: those sites alone that the form names."""
    form = _find(key)
    response = _answer(request, form, f"{_HERE}/embedded.html", is_embedded=True)
    response._csp_replace = {"frame-ancestors": form.origins or ["'none'"]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's way
    return response


def _find(key: str) -> WebForm:
    related = "portal", "department__answers_from"
    found = WebForm.objects.select_related(*related).filter(key=key, is_enabled=True, department__is_enabled=True)
    form = found.first()
    if form is None:
        raise NotFound(_("This form is no longer offered."))
    form.department.portal = form.portal
    return form


def _answer(request: HttpRequest, web_form: WebForm, template: str, *, is_embedded: bool) -> HttpResponse:
    language = web_form.language or translation.get_language() or web_form.portal.language
    with translation.override(language):
        form, status = RequestForm(web_form), 200
        if request.method == "POST":
            form = RequestForm(web_form, request.POST, request.FILES)
            status = _take(request, web_form, form, language)
        context = {"web_form": web_form, "form": form, "is_sent": status == 201, "is_embedded": is_embedded}
        response = render(request, template, context, status=200 if status == 201 else status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _take(request: HttpRequest, web_form: WebForm, form: RequestForm, language: str) -> int:
    """201 where a ticket was opened. A machine is told the same and opens none."""
    if not form.is_valid():
        return 422
    if form.is_of_a_machine:
        return 201
    email = normal_email(form.cleaned_data["email"])
    if not ratelimit.consume(request, action="web_form", key=f"{web_form.pk}:{email}"):
        form.add_error(None, _("That was a lot at once. Please try again in an hour."))
        return 429
    try:
        open_by_form(web_form, form.request(), language=language)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return 422
    except ProductError as problem:
        form.add_error("attachments" if "attachments" in form.fields else None, str(problem))
        return 422
    return 201
