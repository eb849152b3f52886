"""Writing, changing and removing templates. Administrators look after them, everybody who writes uses them."""

from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.desk.conversations.html import clean_html, has_content
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require

from .models import ReplyTemplate
from .placeholders import unknown_in


class TemplateValues(TypedDict):
    name: str
    html: str
    language: str
    department: Department | None


@transaction.atomic
def create_template(portal: Portal, values: TemplateValues, *, actor: Actor) -> ReplyTemplate:
    """Raises `InvalidValues` with name, html or department."""
    require(portal, actor, "may_administer")
    return _write(ReplyTemplate(portal=portal), values, actor)


@transaction.atomic
def change_template(template: ReplyTemplate, values: TemplateValues, *, actor: Actor) -> ReplyTemplate:
    """Raises `InvalidValues` with name, html or department."""
    require(template.portal, actor, "may_administer")
    return _write(template, values, actor)


@transaction.atomic
def remove_template(template: ReplyTemplate, *, actor: Actor) -> None:
    """Mails that were written with it keep their text."""
    require(template.portal, actor, "may_administer")
    _tell(template, "removed", actor)
    template.delete()


def _write(template: ReplyTemplate, values: TemplateValues, actor: Actor) -> ReplyTemplate:
    topic = "changed" if template.pk else "created"
    template.name, template.language = values["name"].strip(), values["language"]
    template.department, template.html = values["department"], clean_html(values["html"])
    if problems := _problems_of(template):
        raise InvalidValues(problems)
    template.modified_at, template.modified_by = clock.now(), actor.name
    template.save()
    _tell(template, topic, actor)
    return template


def _problems_of(template: ReplyTemplate) -> dict[str, Text]:
    if template.department and template.department.portal_id != template.portal_id:
        return {"department": _("There is no such choice.")}
    problems: dict[str, Text] = {}
    same = ReplyTemplate.objects.filter(
        portal_id=template.portal_id, department=template.department, name__iexact=template.name
    )
    if same.exclude(pk=template.pk).exists():
        problems["name"] = _("There is a template of this name already.")
    if not has_content(template.html):
        problems["html"] = _("Write something first.")
    elif unknown := unknown_in(template.html):
        problems["html"] = _("There is no placeholder %(name)s.") % {"name": unknown[0]}
    return problems


def _tell(template: ReplyTemplate, what: str, actor: Actor) -> None:
    fact = Fact(template.portal.tenant, f"desk.template.{what}", "desk.template", template.pk, {"name": template.name})
    write_fact(fact, actor)
