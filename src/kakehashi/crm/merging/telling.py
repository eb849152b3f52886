"""Merges in the words of a timeline."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kakehashi.core.errors import Text
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.schema import ModuleSchema

from .models import Merge


def merge_name(origin: str) -> Text | None:
    """The words for an actor's origin "merge:7"."""
    return _("by a merge") if origin.startswith("merge:") else None


def undone_merges(events: Iterable[Event]) -> frozenset[int]:
    """Which of the merges that these events tell of were taken back. No query where they tell of none."""
    ids = [merge_id for event in events if isinstance(merge_id := event.data.get("merge"), int)]
    rows = Merge.objects.filter(pk__in=ids, undone_at__isnull=False) if ids else Merge.objects.none()
    return frozenset(rows.values_list("pk", flat=True))


def told_merge(event: Event, module: ModuleSchema, undone: Collection[int] = ()) -> SafeString | None:
    """Which records, and the way to the merge's page, where it can be taken back unless it was."""
    merge_id = event.data.get("merge")
    if not isinstance(merge_id, int):
        return None
    names = pgettext("between things", ", ").join(f"“{name}”" for _pk, name in event.data.get("losers") or [])
    url = reverse("crm_merge", args=[module.org_id, merge_id])
    words = (
        _("Show or take back")
        if event.topic.endswith(".merged") and merge_id not in undone
        else pgettext("a merge", "Show")
    )
    return format_html('<span>{}</span> <a href="{}">{}</a>', names, url, words)
