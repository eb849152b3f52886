"""Merges in the words of a history."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.events.models import Event


def told_merge(event: Event, who: str) -> SafeString:
    """Which records, and the way to the merge's page, where it can be taken back."""
    losers, link = event.data.get("losers"), SafeString()
    if merge_id := event.data.get("merge"):  # not where one of those who took part was erased
        url = reverse("desk_record_merge", args=[int(event.tenant.partition(":")[2]), merge_id])
        link = format_html(' <a href="{}">{}</a>', url, pgettext("a merge", "Show"))
    is_merged = event.topic.endswith(".merged")
    if losers is None:
        went = _("<b>{who}</b> merged this into another record")
        sentence = format_html(went if is_merged else _("<b>{who}</b> took this out of a merge again"), who=who)
    else:
        names = pgettext("between things", ", ").join(f"“{name}”" for _pk, name in losers)
        came = _("<b>{who}</b> merged {names} into this")
        sentence = format_html(came if is_merged else _("<b>{who}</b> took {names} out again"), who=who, names=names)
    return sentence + link
