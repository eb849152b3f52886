"""Settings: the templates of a portal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page

from .actions import change_template, create_template, remove_template
from .forms import TemplateForm
from .models import ReplyTemplate
from .placeholders import PLACEHOLDERS
from .queries import templates_of

_HERE = "desk/reply_templates/templates"


@require_GET
@desk_page
def reply_templates(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    context = {"templates": templates_of(access.portal)}
    return settings_page(request, access, "templates", f"{_HERE}/reply_templates.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def reply_template(request: HttpRequest, access: DeskAccess, template_id: int | None = None) -> HttpResponse:
    """The form of a template, a new one without an id."""
    access.require("may_administer")
    found = _find(access, template_id) if template_id else None
    form = TemplateForm(access.portal, found, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(access, found, form):
        messages.success(request, _("Saved"))
        return redirect("desk_reply_templates", access.portal.pk)
    context = {"form": form, "template": found, "placeholders": PLACEHOLDERS.items()}
    status = 422 if form.errors else 200
    return settings_page(request, access, "templates", f"{_HERE}/reply_template.html", context, status=status)


@require_POST
@desk_page
def reply_template_deletion(request: HttpRequest, access: DeskAccess, template_id: int) -> HttpResponse:
    access.require("may_administer")
    remove_template(_find(access, template_id), actor=access.actor)
    messages.success(request, _("The template was removed."))
    return redirect("desk_reply_templates", access.portal.pk)


def _save(access: DeskAccess, found: ReplyTemplate | None, form: TemplateForm) -> bool:
    try:
        if found is None:
            create_template(access.portal, form.values, actor=access.actor)
        else:
            change_template(found, form.values, actor=access.actor)
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name, str(sentence))
        return False
    return True


def _find(access: DeskAccess, template_id: int) -> ReplyTemplate:
    found = templates_of(access.portal).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found
