"""Events as sentences: what the history of a ticket, a contact or an account says."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.desk.customers.fields import ACCOUNT_FIELDS, CONTACT_FIELDS
from kakehashi.desk.escalation.words import sentence_of_firing
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.products.kinds import PRODUCT_FIELDS
from kakehashi.desk.record_merging.telling import told_merge
from kakehashi.desk.ticket_fields.cleaning import shown_in_history
from kakehashi.desk.tickets.fields import CHANNELS, CLASSIFICATIONS, PRIORITIES, TICKET_FIELDS
from kakehashi.desk.tickets.models import STANDARD_STATUSES
from kakehashi.ui.slots import Slot
from kakehashi.ui.templatetags.ui_words import moment, number

_LABELS: dict[str, dict[str, Text]] = {
    "desk.ticket": {info.api_name: info.label for info in TICKET_FIELDS} | {"tags": _lazy("Tags")},
    "desk.contact": {field.api_name: field.label for field in CONTACT_FIELDS},
    "desk.account": {field.api_name: field.label for field in ACCOUNT_FIELDS},
    "desk.product": {field.api_name: field.label for field in PRODUCT_FIELDS},
    "desk.agent": {
        "role": _lazy("Role or profile"),
        "departments": _lazy("Departments"),
        "teams": _lazy("Teams"),
    },
}
_CHOICES: Mapping[str, Callable[[str], Text]] = {
    "status": lambda name: STANDARD_STATUSES[name][1] if name in STANDARD_STATUSES else name,
    "priority": lambda name: PRIORITIES.get(name, name),
    "channel": lambda name: CHANNELS.get(name, name),
    "classification": lambda name: CLASSIFICATIONS.get(name, name),
    "role": lambda name: AgentRole(name).label if name in AgentRole.values else name,
}
_LONGEST = 80
ICONS = {
    "assigneeId": "user-check",
    "teamId": "users-group",
    "status": "circle-dashed",
    "priority": "flag",
    "dueDate": "clock",
}


def sentences_of(event: Event, accounts: Mapping[int, str] | None = None) -> Iterable[tuple[str, SafeString]]:
    """(icon, sentence) for each thing that this event says; none for what the conversation itself shows. `accounts` are names by id."""
    who = who_did(event)
    topic = event.topic.rpartition(".")[2]
    if event.kind != "desk.ticket" and topic in {"merged", "unmerged"}:
        yield "git-merge" if topic == "merged" else "arrows-split-2", told_merge(event, who)
    elif known := _SENTENCES.get(topic) or dict(MORE_SENTENCES).get(topic):
        icon, sentence = known
        yield icon, format_html(sentence(), who=who, number=event.data.get("number", ""))
    if topic in ("follower_added", "follower_removed"):
        yield "bell", _following(topic, who, event.data)
    if topic == "escalation_fired":
        yield "alert-circle", escape(sentence_of_firing(event.data))
    changes: dict[str, Any] = event.data.get("changes", {})
    for name, pair in changes.items():
        if not (topic in {"closed", "reopened"} and name == "status"):
            yield ICONS.get(name, "pencil"), _change(event, who, name, _named(name, pair, accounts or {}))


def _following(topic: str, who: str, data: Mapping[str, Any]) -> SafeString:
    is_added = topic == "follower_added"
    if data.get("is_own"):
        return format_html(
            _("<b>{who}</b> follows the ticket") if is_added else _("<b>{who}</b> stopped following the ticket"),
            who=who,
        )
    sentence = (
        _("<b>{who}</b> added {name} as a follower") if is_added else _("<b>{who}</b> removed {name} as a follower")
    )
    return format_html(sentence, who=who, name=data.get("name", ""))


def who_did(event: Event) -> str:
    """A name, and behind it how it came when nobody typed it on a page of the Desk: over the connection, from the customer, by a merge."""
    name, origin = event.person_name, event.origin.partition(":")[0]
    if origin == "connection":
        return _("%(name)s (CRM)") % {"name": name} if event.person_id else _("CRM")
    if origin in _ORIGINS and name:
        return _ORIGINS[origin]() % {"name": name}
    return name


_ORIGINS: Mapping[str, Callable[[], str]] = {
    "mail": lambda: _("%(name)s (customer)"),
    "web form": lambda: _("%(name)s (customer)"),
    "customer": lambda: _("%(name)s (customer)"),
    "merge": lambda: _("%(name)s (merge)"),
    "import": lambda: _("%(name)s (import)"),
    "bulk": lambda: _("%(name)s (mass change)"),
}


def _named(name: str, pair: list[Any], accounts: Mapping[int, str]) -> list[Any]:
    """Names instead of ids."""
    if name != "accountId":
        return pair
    return [accounts.get(value, f"#{value}") if isinstance(value, int) else value for value in pair]


def _change(event: Event, who: str, name: str, pair: list[Any]) -> SafeString:
    own = event.data.get("labels", {}).get(name)
    label = own[0] if own else _LABELS.get(event.kind, {}).get(name, name)
    if name == "description":
        return format_html(_("<b>{who}</b> changed {field}"), who=who, field=label)
    old, new = (shown_in_history(own[0], own[1], value) if own else _value(name, value) for value in pair)
    if not new:
        return format_html(_("<b>{who}</b> cleared {field} ({old})"), who=who, field=label, old=old)
    if not old:
        return format_html(_("<b>{who}</b> set {field} to <b>{new}</b>"), who=who, field=label, new=new)
    return format_html(
        _("<b>{who}</b> changed {field} from {old} to <b>{new}</b>"), who=who, field=label, old=old, new=new
    )


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items())
    text = str(value or "")
    if name in _CHOICES:
        return str(_CHOICES[name](text))
    if name in {"dueDate", "responseDueDate"} and (at := parse_datetime(text) if text else None):
        return moment(at)
    if name == "unitPrice" and text:
        return number(Decimal(text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_Sentence = tuple[str, Callable[[], str]]  # an icon, and words with gaps for {who} and {number}

# What floors above write into the history, by the last word of the topic.
MORE_SENTENCES: Slot[tuple[str, _Sentence]] = Slot("more sentences")

_SENTENCES: Mapping[str, _Sentence] = {
    "added": ("user-plus", lambda: _("<b>{who}</b> gave a seat")),
    "invited": ("mail", lambda: _("<b>{who}</b> sent an invitation")),
    "withdrawn": ("x", lambda: _("<b>{who}</b> withdrew the invitation")),
    "activated": ("player-play", lambda: _("<b>{who}</b> activated the seat")),
    "deactivated": ("player-pause", lambda: _("<b>{who}</b> deactivated the seat")),
    "created": ("plus", lambda: _("<b>{who}</b> created this")),
    "opened": ("plus", lambda: _("<b>{who}</b> opened the ticket")),
    "closed": ("circle-check", lambda: _("<b>{who}</b> closed the ticket")),
    "reopened": ("refresh", lambda: _("<b>{who}</b> reopened the ticket")),
    "deleted": ("trash", lambda: _("<b>{who}</b> moved this to the recycle bin")),
    "marked_as_spam": ("trash", lambda: _("<b>{who}</b> moved this to the recycle bin as spam")),
    "restored": ("restore", lambda: _("<b>{who}</b> restored this from the recycle bin")),
    "joined": ("arrow-merge", lambda: _("<b>{who}</b> moved the mails of #{number} here")),
    "rated": ("mood-smile", lambda: _("<b>{who}</b> rated our help")),
    "links_revoked": ("unlink", lambda: _("<b>{who}</b> took back the customer's links")),
    "merged": ("arrow-merge", lambda: _("<b>{who}</b> merged #{number} into this")),
    "merged_away": ("arrow-merge", lambda: _("<b>{who}</b> merged this into #{number}")),
    "unmerged": ("arrows-split-2", lambda: _("<b>{who}</b> took #{number} out again")),
    "unmerged_away": ("arrows-split-2", lambda: _("<b>{who}</b> took this out of #{number} again")),
    "split": ("arrows-split-2", lambda: _("<b>{who}</b> split off #{number}")),
    "split_off": ("arrows-split-2", lambda: _("<b>{who}</b> split this off #{number}")),
    "unsplit": ("arrow-merge", lambda: _("<b>{who}</b> put the messages of #{number} back here")),
    "unsplit_away": ("arrow-merge", lambda: _("<b>{who}</b> put the messages of this back into #{number}")),
    "reply_bounced": ("alert-circle", lambda: _("A mail to the customer came back")),
    "reply_withdrawn": ("arrow-back-up", lambda: _("<b>{who}</b> took a reply back before it was sent")),
}
