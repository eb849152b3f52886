"""Tags for what stands on rows and cards of work: deadline, whose turn, priority, rating; and for conversations."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.ui.conversation import EventLine, Message, Presence
from kakehashi.ui.conversation_html import conversation_html
from kakehashi.ui.properties import Property

from .ui import icon

register = template.Library()
PARTS = "ui/components/templates"
LEVELS = {"low": 1, "medium": 2, "high": 3}
_PRIORITIES: Mapping[str, Text] = {
    "low": gettext_lazy("Low"),
    "medium": gettext_lazy("Medium"),
    "high": gettext_lazy("High"),
}
_RATINGS: Mapping[str, Text] = {"good": gettext_lazy("Good"), "okay": gettext_lazy("Okay"), "bad": gettext_lazy("Bad")}
FACES = {"good": "mood-smile", "okay": "mood-empty", "bad": "mood-sad"}


@register.simple_tag
def deadline(words: Text, state: str = "") -> SafeString:
    """`state`: late (red), soon (amber), done (grey, no clock) or nothing. The words say it, too."""
    picture = {"late": "alert-circle", "done": ""}.get(state, "clock")
    clock = icon(picture, size="small") if picture else ""
    return format_html('<span class="k-deadline{}">{}{}</span>', f" is-{state}" if state else "", clock, words)


@register.simple_tag
def turn(is_ours: bool) -> SafeString:
    """Whose turn it is to write."""
    return _turn(bool(is_ours), get_language())


@lru_cache(maxsize=16)
def _turn(is_ours: bool, _language: str | None) -> SafeString:
    """A list shows it in every row."""
    if is_ours:
        mark = icon("arrow-back-up", size="small")
        return format_html('<span class="k-turn is-ours">{}{}</span>', mark, _("Our turn"))
    return format_html('<span class="k-turn">{}{}</span>', icon("hourglass", size="small"), _("Customer's turn"))


@register.simple_tag
def priority(level: str) -> SafeString:
    """Three bars and the word. `level`: low, medium, high (any case); anything else shows a dash."""
    key = str(level or "").lower()
    return _priority(key if key in LEVELS else "", get_language())


@lru_cache(maxsize=16)
def _priority(key: str, _language: str | None) -> SafeString:
    """A list shows it in every row."""
    if not key:
        return format_html('<span class="k-priority">{}</span>', "—")
    bars = '<span class="k-priority is-{}"><i aria-hidden="true"><b></b><b></b><b></b></i>{}</span>'
    return format_html(bars, LEVELS[key], _PRIORITIES[key])


@register.simple_tag
def rating(value: str) -> SafeString:
    """A face and the word. `value`: good, okay, bad; anything else shows a dash."""
    if value not in FACES:
        return format_html(
            '<span class="k-rating"><span aria-hidden="true">—</span><span class="k-sr">{}</span></span>',
            _("No rating"),
        )
    return format_html('<span class="k-rating is-{}">{}{}</span>', value, icon(FACES[value]), _RATINGS[value])


@register.simple_tag
def conversation(items: Iterable[Message | EventLine]) -> SafeString:
    """Messages, internal comments and events in the order given (oldest first)."""
    return conversation_html(items)


@register.inclusion_tag(f"{PARTS}/timeline.html")
def timeline(days: Sequence[Any]) -> dict[str, Any]:
    """`days`: ui.conversation.TimelineDay, newest first."""
    return {"days": days}


@register.inclusion_tag(f"{PARTS}/properties.html")
def property_rows(properties: Sequence[Property], url: str, target: str) -> dict[str, Any]:
    """Fields, each changed where it stands: a post to `url` is answered with what `target` (a CSS selector) then holds."""
    return {"properties": properties, "url": url, "target": target}


@register.inclusion_tag(f"{PARTS}/presence.html")
def presence(found: Presence, takeover_url: str = "") -> dict[str, Any]:
    """Colleagues who have the same thing open, inside an element with `data-presence`. `takeover_url` is for who may answer."""
    return {"presence": found, "takeover_url": takeover_url}


@register.inclusion_tag(f"{PARTS}/composer.html", takes_context=True)
def composer(context: template.Context, composer: Any) -> dict[str, Any]:
    """The place to write an answer or a comment: a ui.conversation.Composer."""
    return {"composer": composer, "uid": f"composer-{uuid4().hex[:8]}", "csrf_token": context.get("csrf_token")}
