"""Setting up a form, and what becomes of what strangers send by it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues, Text
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.normalise.html import html_of_text
from kakehashi.desk.conversations.addresses import Address
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customers.matching import find_sender
from kakehashi.desk.notices.actions import notify_customer
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.models import Department
from kakehashi.desk.portals.rights import require
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.desk.tickets.models import Ticket

from .fields import fields_of
from .models import FieldUse, WebForm

_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?")
_FIRST_WORDS = 60
_ACKNOWLEDGED_A_DAY = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What an administrator sets. `fields` may name the portal's own; `order` holds names of fields, e-mail and description too."""

    is_enabled: bool
    title: str
    introduction: str
    thanks: str
    fields: Mapping[str, str]
    language: str
    sends_acknowledgement: bool
    origins: Sequence[str]
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What a stranger typed, checked. `own` are canonical values of the portal's own fields, by API name."""

    email: str
    description: str
    name: str = ""
    subject: str = ""
    phone: str = ""
    category: str = ""
    files: Sequence[NewFile] = ()
    own: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def set_web_form(department: Department, draft: FormDraft, *, actor: Actor) -> WebForm:
    """Raises `InvalidValues`."""
    require(department.portal, actor, "may_administer")
    form = WebForm.objects.filter(department=department).first() or WebForm()
    known = {one.name for one in fields_of(form, department)}
    if problems := _problems_of(draft, known):
        raise InvalidValues(problems)
    values = {
        "portal_id": department.portal_id,
        "is_enabled": draft.is_enabled,
        "title": draft.title.strip(),
        "introduction": draft.introduction.strip(),
        "thanks": draft.thanks.strip(),
        "fields": dict(draft.fields),
        "order": [name for name in dict.fromkeys(draft.order) if name in known],
        "language": draft.language,
        "sends_acknowledgement": draft.sends_acknowledgement,
        "origins": [origin.lower().rstrip("/") for origin in draft.origins],
    }
    form, _is_new = WebForm.objects.update_or_create(department=department, defaults=values)
    write_fact(Fact(department.portal.tenant, "desk.department.updated", "desk.department", department.pk), actor)
    return form


@transaction.atomic
def open_by_form(form: WebForm, request: Request, *, language: str) -> Ticket:
    """A ticket as a mail of the same person would open it, and the acknowledgement, in one transaction.

    Nobody has shown that the address is theirs: the contact who has it is named on the ticket and not changed.
    """
    actor = Actor(person_id=None, name=(request.name or request.email)[:200], origin="web form")
    contact = find_sender(form.portal, Address(request.name, request.email), actor=actor)
    ticket = open_ticket(
        form.portal,
        department=form.department,
        subject=request.subject or _first_words(request.description),
        description_html=html_of_text(request.description),
        contact=contact,
        values={
            "channel": "Web",
            "email": request.email,
            "phone": request.phone,
            "category": request.category,
            **request.own,
        },
        uploads=request.files,
        actor=actor,
    )
    if form.sends_acknowledgement and not _has_enough(form, request.email):
        notify_customer(ticket, language=language, kind="acknowledgement", data={})
    return ticket


def _has_enough(form: WebForm, email: str) -> bool:
    """Whoever types a stranger's address again and again must not fill their inbox through us."""
    day_ago = clock.now() - _A_DAY
    sent = Notice.objects.filter(portal=form.portal, kind="acknowledgement", address__iexact=email, at__gt=day_ago)
    return sent.count() >= _ACKNOWLEDGED_A_DAY


def _first_words(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _FIRST_WORDS else f"{line[:_FIRST_WORDS]}…"


def _problems_of(draft: FormDraft, known: Collection[str]) -> dict[str, Text]:
    problems: dict[str, Text] = {}
    if any(name not in known or use not in FieldUse.values for name, use in draft.fields.items()):
        problems["fields"] = gettext_lazy("There is no such choice.")
    if wrong := next((one for one in draft.origins if not _ORIGIN.fullmatch(one.lower().rstrip("/"))), ""):
        problems["origins"] = _("This is no address of a site, such as https://www.example.com: %(text)s") % {
            "text": wrong
        }
    return problems
