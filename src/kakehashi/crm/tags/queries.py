"""Reading tags: of a module, of many records at once, and records by their tags."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kakehashi.core.errors import NotFound
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record

from .models import RecordTag, Tag

_MOST = 12


def tags_of(record_ids: Iterable[int]) -> dict[int, list[Tag]]:
    """The tags of many records in one query, by record, in order of name."""
    ids = list(record_ids)
    found: dict[int, list[Tag]] = {}
    if ids:
        marks = live_marks().select_related("tag").filter(record_id__in=ids).order_by("tag__folded")
        for mark in marks:
            found.setdefault(mark.record_id, []).append(mark.tag)
    return found


def tagged(records: QuerySet[Record], tag_ids: Sequence[int]) -> QuerySet[Record]:
    """Those of the records that carry one of the tags at least."""
    return records.filter(carries(tag_ids))


def carries(tag_ids: Sequence[int]) -> Q:
    """The condition on a record that it carries one of these tags; without any given, any tag at all."""
    marks = live_marks().filter(record=OuterRef("pk"))
    return Q(Exists(marks.filter(tag_id__in=tag_ids) if tag_ids else marks))


def live_marks() -> QuerySet[RecordTag]:
    """What stands on records, without the tags that somebody deleted."""
    return RecordTag.objects.filter(tag__deleted_at=None)


def tags_in(module: ModuleSchema) -> QuerySet[Tag]:
    """All tags of a module, in order of name."""
    return Tag.objects.filter(org_id=module.org_id, module_id=module.id, deleted_at=None).order_by("folded")


def counted_tags(module: ModuleSchema) -> QuerySet[Tag]:
    """With `uses`: how many live records carry each."""
    return tags_in(module).annotate(uses=Count("marks", filter=Q(marks__record__deleted_at=None)))


def suggest_tags(module: ModuleSchema, text: str, *, without: Iterable[int]) -> list[Tag]:
    """What begins with the text first, then what holds it."""
    wanted = fold(text)
    found = list(tags_in(module).filter(folded__contains=wanted).exclude(pk__in=without)[:200])
    return sorted(found, key=lambda tag: not tag.folded.startswith(wanted))[:_MOST]


def find_any_tag(module: ModuleSchema, tag_id: int) -> Tag:
    """Also a deleted one. Raises `NotFound`."""
    tag = Tag.objects.filter(org_id=module.org_id, module_id=module.id, pk=tag_id).first()
    if tag is None:
        raise NotFound
    return tag


def find_tag(module: ModuleSchema, tag_id: int) -> Tag:
    """Raises `NotFound`."""
    tag = tags_in(module).filter(pk=tag_id).first()
    if tag is None:
        raise NotFound
    return tag
