"""Rules of escalation in a portal's settings."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.core.errors import InvalidValues, NotFound
from kakehashi.desk.portals.access import DeskAccess, desk_page
from kakehashi.desk.portals.frame import settings_page
from kakehashi.ui.toasts import add_toast

from .actions import (
    MOST_LEVELS,
    add_level,
    change_level,
    create_rule,
    disable_rule,
    enable_rule,
    remove_level,
    remove_rule,
)
from .forms import LevelForm, RuleForm, values_of
from .models import EscalationLevel, EscalationRule
from .queries import in_order, rules_of
from .words import deeds_of, moment_of_level, scope_of

_HERE = "desk/escalation/templates"


@require_GET
@desk_page
def escalations(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    rules = [
        (
            rule,
            f"remove-rule-{rule.pk}",
            scope_of(rule),
            [(level, moment_of_level(level), deeds_of(level)) for level in in_order(rule)],
        )
        for rule in rules_of(access.portal)
    ]
    context = {"rules": rules, "most_levels": MOST_LEVELS}
    return settings_page(request, access, "escalations", f"{_HERE}/escalations.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def new_rule(request: HttpRequest, access: DeskAccess) -> HttpResponse:
    access.require("may_administer")
    form = RuleForm(access.portal, request.POST or None)

    def save() -> None:
        given = form.cleaned_data
        create_rule(
            access.portal,
            deadline=given["deadline"],
            department=given["department"],
            level=form.draft(),
            actor=access.actor,
        )

    if request.method == "POST" and form.is_valid() and _saved(form, save):
        add_toast(request, _("Saved. It counts for deadlines from now on."))
        return redirect("desk_escalations", access.portal.pk)
    return _form_page(request, access, form, {})


@require_http_methods(["GET", "POST"])
@desk_page
def new_level(request: HttpRequest, access: DeskAccess, rule_id: int) -> HttpResponse:
    access.require("may_administer")
    rule = _find_rule(access, rule_id)
    form = LevelForm(access.portal, request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(form, lambda: add_level(rule, form.draft(), actor=access.actor))
    ):
        add_toast(request, _("Saved. It counts for deadlines from now on."))
        return redirect("desk_escalations", access.portal.pk)
    return _form_page(request, access, form, {"rule": rule, "scope": scope_of(rule)})


@require_http_methods(["GET", "POST"])
@desk_page
def level(request: HttpRequest, access: DeskAccess, level_id: int) -> HttpResponse:
    access.require("may_administer")
    found = _find_level(access, level_id)
    form = LevelForm(access.portal, request.POST or None, initial=values_of(found))
    if (
        request.method == "POST"
        and form.is_valid()
        and _saved(form, lambda: change_level(found, form.draft(), actor=access.actor))
    ):
        add_toast(request, _("Saved"))
        return redirect("desk_escalations", access.portal.pk)
    context = {
        "rule": found.rule,
        "scope": scope_of(found.rule),
        "level": found,
        "is_last": found.rule.levels.count() == 1,
    }
    return _form_page(request, access, form, context)


@require_POST
@desk_page
def level_deletion(request: HttpRequest, access: DeskAccess, level_id: int) -> HttpResponse:
    access.require("may_administer")
    remove_level(_find_level(access, level_id), actor=access.actor)
    return redirect("desk_escalations", access.portal.pk)


@require_POST
@desk_page
def rule_activation(request: HttpRequest, access: DeskAccess, rule_id: int) -> HttpResponse:
    access.require("may_administer")
    enable_rule(_find_rule(access, rule_id), actor=access.actor)
    return redirect("desk_escalations", access.portal.pk)


@require_POST
@desk_page
def rule_deactivation(request: HttpRequest, access: DeskAccess, rule_id: int) -> HttpResponse:
    access.require("may_administer")
    disable_rule(_find_rule(access, rule_id), actor=access.actor)
    return redirect("desk_escalations", access.portal.pk)


@require_POST
@desk_page
def rule_deletion(request: HttpRequest, access: DeskAccess, rule_id: int) -> HttpResponse:
    access.require("may_administer")
    remove_rule(_find_rule(access, rule_id), actor=access.actor)
    return redirect("desk_escalations", access.portal.pk)


def _form_page(request: HttpRequest, access: DeskAccess, form: LevelForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return settings_page(
        request, access, "escalations", f"{_HERE}/level.html", {"form": form, **context}, status=status
    )


def _saved(form: LevelForm, save: Callable[[], object]) -> bool:
    try:
        save()
    except InvalidValues as invalid:
        for name, sentence in invalid.by_field.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return False
    return True


def _find_rule(access: DeskAccess, rule_id: int) -> EscalationRule:
    rules = EscalationRule.objects.select_related("portal", "department")
    found = rules.filter(portal=access.portal, pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


def _find_level(access: DeskAccess, level_id: int) -> EscalationLevel:
    levels = EscalationLevel.objects.select_related("rule__portal", "rule__department")
    found = levels.filter(rule__portal=access.portal, pk=level_id).first()
    if found is None:
        raise NotFound
    return found
