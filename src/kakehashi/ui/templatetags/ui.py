"""Tags of the component kit, available in every template without loading. `/ui/gallery` shows each of them."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text

register = template.Library()
PARTS = "ui/components/templates"


@register.simple_tag
def icon(name: str, label: Text = "", size: str = "") -> SafeString:
    """A Tabler outline icon from our sprite. With `label` it has a name for screen readers, without it is decoration.

    `size`: "" (16 px), "small" (14) or "large" (20).
    """
    return _icon(name, str(label), size)


@lru_cache(maxsize=4_096)
def _icon(name: str, label: str, size: str) -> SafeString:
    """A list shows hundreds of them, mostly the same few."""
    extra = f" is-{size}" if size else ""
    address = static("ui/icons.svg")
    if label:
        picture = '<svg class="k-icon{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(picture, extra, label, address, name)
    return format_html('<svg class="k-icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, address, name)


@register.simple_tag
def pill(label: Text, tone: str = "grey", hollow: bool = False) -> SafeString:
    """A state. Tones: blue open, amber waiting for someone, plum escalated, green closed, grey at rest, red failed."""
    return format_html('<span class="k-pill is-{}{}">{}</span>', tone, " is-hollow" if hollow else "", label)


@register.simple_tag
def type_badge(label: Text) -> SafeString:
    """The type of a field, a person's role."""
    return format_html('<span class="k-type">{}</span>', label)


@register.inclusion_tag(f"{PARTS}/chip.html")
def chip(label: Text, url: str = "", picture: str = "", low: bool = False) -> dict[str, Any]:
    """A way to another record, or a recipient."""
    return {"label": label, "url": url, "picture": picture, "low": low}


@register.simple_tag
def avatar(name: str = "", size: str = "") -> SafeString:
    """A person's face: the first letter on one of four grounds. Without a name: nobody. `size`: small, medium, large."""
    extra = f" is-{size}" if size else ""
    if not name:
        return format_html('<span class="k-avatar is-nobody{}" aria-hidden="true">{}</span>', extra, icon("user-plus"))
    ground = (zlib.crc32(str(name).encode()) >> 16) % 4  # the low bits favour short kanji names
    letter = str(name).strip()[:1].upper()
    return format_html('<span class="k-avatar is-{}{}" aria-hidden="true">{}</span>', ground, extra, letter)


@register.inclusion_tag(f"{PARTS}/button.html")
def button(
    label: Text,
    picture: str = "",
    *,
    url: str = "",
    style: str = "",
    name: str = "",
    value: str = "",
    kind: str = "submit",
) -> dict[str, Any]:
    """A button, or with `url` a link that looks like one. `style`: words of main, quiet, danger, low, wide, tall, square.

    A square one shows its icon only and is named by its label. For htmx attributes write the element out:
    <button class="k-button is-main" hx-post="…">{% icon "plus" %}…</button>
    """
    words = style.split()
    return {
        "label": label,
        "picture": picture,
        "url": url,
        "classes": " ".join(f"is-{word}" for word in words),
        "bare": "square" in words,
        "name": name,
        "value": value,
        "kind": kind,
    }


@register.inclusion_tag(f"{PARTS}/empty_state.html")
def empty_state(
    sentence: Text, action: Text = "", url: str = "", picture: str = "plus", page: bool = False
) -> dict[str, Any]:
    """Nothing here: one sentence why, one action."""
    return {"sentence": sentence, "action": action, "url": url, "picture": picture, "page": page}


@register.inclusion_tag(f"{PARTS}/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, Any]:
    """Stands in while something loads."""
    return {"lines": range(lines)}


@register.inclusion_tag(f"{PARTS}/meter.html")
def meter(value: float | None, maximum: float = 100, label: Text = "") -> dict[str, Any]:
    """A progress bar; `value` None means running, no one knows how long."""
    if value is None:
        return {"label": label, "open": True}
    percent = min(100, round(100 * value / maximum)) if maximum else 100
    return {"label": label, "percent": percent}


@register.inclusion_tag(f"{PARTS}/steps.html")
def steps(labels: Sequence[Text], current: int) -> dict[str, Any]:
    """A wizard's steps; `current` counts from 1."""
    return {"labels": labels, "current": current, "total": len(labels)}


@register.inclusion_tag(f"{PARTS}/field_row.html")
def field_row(
    label: Text, value: Any = "", url: str = "", *, mark: str = "", wide: bool = False, key: bool = False
) -> dict[str, Any]:
    """A row of <dl class="k-fields">. `mark`: synced, waiting or conflict; `key` rows stay visible on a folded phone card."""
    return {"label": label, "value": value, "url": url, "mark": mark, "wide": wide, "key": key}


@register.inclusion_tag(f"{PARTS}/sync_mark.html")
def sync_mark(state: str, url: str = "", detail: Text = "") -> dict[str, Any]:
    """After a value that travels between the products: synced, waiting or conflict (then with a link to settle it)."""
    pictures = {"synced": "bridge", "waiting": "clock", "conflict": "alert-triangle"}
    words = {"synced": _("In sync"), "waiting": _("Waiting to be synced"), "conflict": _("In conflict")}
    return {"state": state, "picture": pictures[state], "words": detail or words[state], "url": url}


@register.simple_block_tag
def callout(content: str, tone: str = "blue") -> SafeString:
    """{% callout "amber" %}…{% endcallout %}: amber = read before going on, blue = information, red = it failed."""
    pictures = {"blue": "info-circle", "amber": "alert-triangle", "red": "alert-circle"}
    return format_html('<div class="k-callout is-{}">{}<div>{}</div></div>', tone, icon(pictures[tone]), content)


@register.simple_block_tag
def menu(content: str, label: Text, icon: str = "dots", style: str = "square", shortcut: str = "") -> str:
    """{% menu _("More") %}<a …>…</a><button …>…</button>{% endmenu %}: a button that opens a list, arrow keys included.

    `style`: "square" and "bare" show the icon only; other words (low, quiet, main, "") show label, icon and a chevron.
    """
    words = style.split()
    frame = {
        "content": content,
        "label": label,
        "picture": icon,
        "shortcut": shortcut,
        "bare": "bare" in words,
        "square": "square" in words,
        "classes": " ".join(f"is-{word}" for word in words),
        "id": f"menu-{uuid4().hex[:8]}",
    }
    return render_to_string(f"{PARTS}/menu.html", frame)


@register.simple_block_tag
def dialog(content: str, key: str, title: Text, wide: bool = False) -> str:
    """{% dialog "merge" _("Merge") %}<form>…<div class="k-dialog-body">…</div><footer>…</footer></form>{% enddialog %}

    Opened by any <button type="button" data-dialog="merge">; closed by Esc, its ×, or anything with `data-close`.
    """
    return render_to_string(f"{PARTS}/dialog.html", {"content": content, "id": key, "title": title, "wide": wide})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context, content: str, key: str, title: Text, url: str, action: Text, typed: Text = ""
) -> str:
    """A dialog that posts to `url`. With `typed`, its button works only after that text was typed."""
    frame = {"content": content, "id": key, "title": title, "url": url, "action": action, "typed": typed}
    if request := context.get("request"):
        frame["csrf_token"] = get_token(request)
    return render_to_string(f"{PARTS}/confirm.html", frame)
