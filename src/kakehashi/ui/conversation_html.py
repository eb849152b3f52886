"""What was said and what happened as HTML. A long ticket has hundreds of these: a template for each would take a third of its page's time."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text

from .conversation import AttachmentLink, EventLine, Message
from .templatetags.ui import avatar, callout, icon
from .templatetags.ui_words import file_size, moment, moment_full


def conversation_html(items: Iterable[Message | EventLine]) -> SafeString:
    """In the order given."""
    parts = (_event(item) if isinstance(item, EventLine) else "".join(_message(item)) for item in items)
    return mark_safe("".join(parts))  # noqa: S308 - of what is escaped, and of bodies that were cleaned on the way in


def _event(event: EventLine) -> str:
    tone = " is-red" if event.is_bad else ""
    said = _text(event.html)
    return f'<div class="k-event{tone}">{icon(event.icon, size="small")}<span>{said}</span>{_time(event.at)}</div>'


def _message(message: Message) -> Iterator[str]:
    tones = f"{' is-internal' if message.is_internal else ''}{' is-failed' if message.failure else ''}"
    place = f' id="{_text(message.id)}"' if message.id else ""
    yield f'<article class="k-message{tones}"{place}><header>{avatar(message.author, size="medium")}{_names(message)}'
    if message.is_internal:
        yield f'<span class="k-internal">{icon("lock")}{_text(_("Internal comment"))}</span>'
    if message.state:
        picture = icon(message.state_icon, size="small")
        yield f'<span class="k-line k-sm k-muted">{picture}{_text(message.state)}</span>'
    yield f'<span class="k-end">{_original(message)}{_time(message.at)}</span></header>'
    if message.recipients:
        yield f'<p class="k-sm k-muted">{_text(message.recipients)}</p>'
    yield from _warnings(message)
    yield f'<div class="k-prose">{_text(message.html)}</div>'
    for note in message.notes:
        yield f'<p class="k-sm k-muted">{icon("info-circle", size="small")} {_text(note)}</p>'
    if message.quoted_html:
        yield _quote(message)
    if message.attachments:
        yield f'<div class="k-attachments">{"".join(map(_file, message.attachments))}</div>'
    yield "</article>"


def _names(message: Message) -> str:
    verb = f' <span class="k-muted k-sm">{_text(message.verb)}</span>' if message.verb else ""
    address = f' <span class="k-muted k-sm k-only-wide">{_text(message.address)}</span>' if message.address else ""
    return f"<span><strong>{_text(message.author)}</strong>{verb}{address}</span>"


def _original(message: Message) -> str:
    if not message.original_url:
        return ""
    label = _text(_("Headers and original"))
    picture = icon("mail-opened", size="small")
    return (
        f'<a class="k-icon-button is-low" href="{_text(message.original_url)}" aria-label="{label}" title="{label}">'
        f"{picture}</a>"
    )


def _warnings(message: Message) -> Iterator[str]:
    """Why it was not sent, and what is not shown of it."""
    if message.failure:
        where = 'hx-target="closest .k-conversation" hx-swap="outerHTML"'
        again = _button(message.retry_url, where, "refresh", _("Send again"))
        yield callout(_text(message.failure) + again, "red")
    if message.images_url:
        words = _("Remote images are not shown: they would tell the sender that this was read.")
        show = _button(message.images_url, 'hx-swap="none"', "photo", _("Show images"))
        yield callout(_text(words) + show)


def _button(url: str, attributes: str, picture: str, label: str) -> SafeString:
    if not url:
        return SafeString()
    drawn = f"{icon(picture)}{_text(label)}"
    button = f' <button class="k-button is-low" type="button" hx-post="{_text(url)}" {attributes}>{drawn}</button>'
    return mark_safe(button)  # noqa: S308 - of what is escaped


def _quote(message: Message) -> str:
    summary = f'<summary aria-label="{_text(_("Show the quoted text"))}">…</summary>'
    quoted = _text(message.quoted_html)
    return f'<details class="k-quote">{summary}<blockquote class="k-prose">{quoted}</blockquote></details>'


def _file(file: AttachmentLink) -> str:
    picture = icon("photo" if file.is_image else "paperclip")
    name, size = _text(file.name), file_size(file.size_bytes)
    return (
        f'<a class="k-attachment" href="{_text(file.url)}">{picture}<span class="k-cut">{name}</span>'
        f"<small>{size}</small></a>"
    )


def _time(at: datetime) -> str:
    local = localtime(at).isoformat()
    return f'<time datetime="{local}" title="{_text(moment_full(at))}">{_text(moment(at))}</time>'


def _text(words: Text | SafeString) -> SafeString:
    """As templates do: what is marked as safe stays as it is."""
    return conditional_escape(words)  # type: ignore[arg-type]  # the stubs know no lazy text as ours
