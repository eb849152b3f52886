"""`/ui/gallery`: every part of the kit in every state. `?lang=` and `?theme=` show it as another person sees it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from kakehashi.ui.htmx import with_event, with_toast
from kakehashi.ui.shell.context import THEMES
from kakehashi.ui.shell.workspace import Bell, Tab, Workspace, render_page

from . import samples
from .forms import SampleForm

FOLDER = "ui/gallery/templates"


def gallery(request: HttpRequest) -> HttpResponse:
    if not _may_look(request):
        return redirect_to_login(request.get_full_path())
    with translation.override(_language(request)):
        return render_page(
            request, f"{FOLDER}/gallery.html", _frame(request), workspace=_workspace(), active="contacts"
        )


def sheet(request: HttpRequest) -> HttpResponse:
    """The address of the sample sheet: a fragment over the page, or the page with the sheet open."""
    if not _may_look(request):
        return redirect_to_login(request.get_full_path())
    with translation.override(_language(request)):
        if request.headers.get("HX-Target") == "sheet":
            return render(request, f"{FOLDER}/sheet.html", _frame(request))
        return render_page(request, f"{FOLDER}/gallery_sheet.html", _frame(request), workspace=_workspace())


@require_POST
def submission(request: HttpRequest) -> HttpResponse:
    """Checks the sample form and stores nothing."""
    form = _form(request.POST)
    if not form.is_valid():
        return render(request, f"{FOLDER}/form.html", {"form": form}, status=422)
    return with_toast(render(request, f"{FOLDER}/form.html", {"form": form}), _words()["saved"])


@require_POST
def removal(request: HttpRequest) -> HttpResponse:
    """Pretends to delete something that can be undone."""
    return with_toast(HttpResponse(status=204), _words()["deleted"], undo=reverse("ui_gallery_restoration"))


@require_POST
def restoration(request: HttpRequest) -> HttpResponse:
    return with_event(HttpResponse(status=204), "gallery-restored")


def _may_look(request: HttpRequest) -> bool:
    return request.user.is_authenticated or settings.DEBUG or getattr(settings, "DEMO", False)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def _frame(request: HttpRequest) -> dict[str, Any]:
    words = _words()
    asked = request.GET.get("theme", "")
    frame = {
        "s": words,
        "form": _form(),
        "wrong_form": _form({"name": "", "email": "aizawa@", "stage": "9", "channel": ""}),
        "page_of_rows": Paginator(range(271), 7).get_page(request.GET.get("page", 2)),
        "messages_shown": samples.messages(words),
        "presences": samples.presences(words),
        "properties_shown": samples.properties(words),
        "composer_shown": samples.composer(words, reverse("ui_gallery_submission")),
        "days": samples.days(words),
        "filters": samples.filters(words),
        "plots": samples.plots(words),
        "chosen_language": translation.get_language(),
        "icon_names": samples.icon_names(),
        "live_token": "",
    }
    return {**frame, "theme": asked} if asked in THEMES else frame


def _form(data: Any = None) -> SampleForm:
    return SampleForm(data, words=_words())


def _workspace() -> Workspace:
    words = _words()
    here = reverse("ui_gallery")
    names = ("leads", "contacts", "accounts", "deals", "products")
    tabs = [Tab(name, words[name], here, picture) for name, picture in zip(names, samples.TAB_ICONS, strict=True)]
    return Workspace(
        kind="crm",
        id=0,
        name=words["org"],
        home_url=here,
        tabs=(*tabs, Tab("desk", words["desk"], here, "lifebuoy", is_set_off=True)),
        create=(Tab("contact", words["contacts"], here, "user-plus"), Tab("ticket", words["ticket"], here, "lifebuoy")),
        search_url=here,
        settings_url=here,
        bell=Bell(words["signals"], here, 3),
    )


def _words() -> dict[str, Any]:
    return samples.words(translation.get_language() or "en")
