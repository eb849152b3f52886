"""Changes of tags, and of which records carry them."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.telling import tell_of, tell_of_many

from .models import RecordTag, Tag, TagColour

_LONGEST = 60

Wanted = Mapping[int, Collection[int]]  # record id -> tag ids


@transaction.atomic
def tag_record(record: Record, *, name: str, actor: Actor) -> Tag:
    """Put a tag on a record; one of a new name comes into being. Raises `InvalidValues`."""
    tag = find_or_make(record.org_id, record.module_id, name, actor)
    _mark, is_new = RecordTag.objects.get_or_create(
        record=record, tag=tag, defaults={"org_id": record.org_id, "added_by_name": actor.name}
    )
    if is_new:
        tell_of(record, "tagged", actor, tag=tag.name)
    return tag


@transaction.atomic
def untag_record(record: Record, *, tag: Tag, actor: Actor) -> None:
    """Take a tag off a record."""
    gone, _rows = RecordTag.objects.filter(record=record, tag=tag).delete()
    if gone:
        tell_of(record, "untagged", actor, tag=tag.name)


@transaction.atomic
def tag_records(module: ModuleSchema, *, record_ids: Sequence[int], name: str, actor: Actor) -> Tag:
    """Put a tag on many records at once. The caller has found that they may be changed."""
    tag = find_or_make(module.org_id, module.id, name, actor)
    put_tags(module, {one: [tag.pk] for one in record_ids}, actor=actor)
    return tag


@transaction.atomic
def put_tags(module: ModuleSchema, wanted: Wanted, *, actor: Actor) -> dict[int, list[int]]:
    """Put tags (by id) on many records. Answers which of them each record did not carry before. A tag that is gone is left out.
    The caller has found that the records may be changed.
    """
    tags = Tag.objects.filter(module_id=module.id, deleted_at=None).in_bulk(_ids(wanted))
    carried = set(_marks(wanted, tags).values_list("record_id", "tag_id"))
    fresh = {pk: [one for one in ids if one in tags and (pk, one) not in carried] for pk, ids in wanted.items()}
    RecordTag.objects.bulk_create(
        [
            RecordTag(org_id=module.org_id, record_id=pk, tag_id=one, added_by_name=actor.name)
            for pk, ids in fresh.items()
            for one in ids
        ],
        ignore_conflicts=True,
    )
    return _told(module, "tagged", fresh, tags, actor)


@transaction.atomic
def take_tags(module: ModuleSchema, unwanted: Wanted, *, actor: Actor) -> dict[int, list[int]]:
    """Take tags (by id) off many records. Answers which of them each record carried."""
    tags = Tag.objects.filter(module_id=module.id).in_bulk(_ids(unwanted))
    gone: dict[int, list[int]] = {}
    marks = [mark for mark in _marks(unwanted, tags).order_by("pk") if mark.tag_id in unwanted[mark.record_id]]
    for mark in marks:
        gone.setdefault(mark.record_id, []).append(mark.tag_id)
    RecordTag.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    return _told(module, "untagged", gone, tags, actor)


def _ids(wanted: Wanted) -> set[int]:
    return {one for ids in wanted.values() for one in ids}


def _marks(wanted: Wanted, tags: Mapping[int, Tag]) -> QuerySet[RecordTag]:
    return RecordTag.objects.filter(record_id__in=list(wanted), tag_id__in=list(tags))


def _told(
    module: ModuleSchema, deed: str, changed: Mapping[int, list[int]], tags: Mapping[int, Tag], actor: Actor
) -> dict[int, list[int]]:
    for one, tag in tags.items():
        tell_of_many(module, [pk for pk, ids in changed.items() if one in ids], deed, actor, tag=tag.name)
    return {pk: ids for pk, ids in changed.items() if ids}


def find_or_make(org_id: int, module_id: int, name: str, actor: Actor) -> Tag:
    """The tag of that name, however it is written; a new one takes the colours in turn."""
    name = _checked(name)
    count = Tag.objects.filter(module_id=module_id, deleted_at=None).count()
    colours = [
        colour for colour in TagColour.values if colour != TagColour.RED
    ]  # red asks for attention: chosen, never given
    tag, is_new = Tag.objects.get_or_create(
        module_id=module_id,
        folded=fold(name)[:120],
        deleted_at=None,
        defaults={
            "org_id": org_id,
            "name": name,
            "colour": colours[count % len(colours)],
            "created_at": clock.now(),
            "created_by_name": actor.name,
        },
    )
    if is_new:
        _tell(tag, "added", actor)
    return tag


@transaction.atomic
def change_tag(tag: Tag, *, name: str, colour: str, actor: Actor) -> Tag:
    """Another name, another colour. Raises `InvalidValues` when a different tag has the name."""
    name = _checked(name)
    folded = fold(name)[:120]
    if _namesake(tag, folded):
        raise InvalidValues({"name": _("There is a tag of this name already. Merge the two instead.")})
    if colour not in TagColour.values:
        raise InvalidValues({"colour": _("Choose an entry from the list.")})
    changes = {
        key: [old, new] for key, old, new in (("name", tag.name, name), ("colour", tag.colour, colour)) if old != new
    }
    if changes:
        tag.name, tag.folded, tag.colour = name, folded, colour
        tag.save(update_fields=["name", "folded", "colour"])
        _tell(tag, "updated", actor, changes=changes)
    return tag


@transaction.atomic
def merge_tags(tag: Tag, *, into: Tag, actor: Actor) -> Tag:
    """Every record of the one carries the other from now on; the one is gone."""
    if tag.pk == into.pk or tag.module_id != into.module_id:
        raise InvalidValues({"into": _("Choose another tag.")})
    _tell(tag, "merged", actor, into=into.name, records=_hand_marks_over(tag, into))
    tag.delete()
    return into


@transaction.atomic
def delete_tag(tag: Tag, *, actor: Actor) -> None:
    """Gone from every record, at once however many they are, until `restore_tag`."""
    tag.deleted_at = clock.now()
    tag.save(update_fields=["deleted_at"])
    _tell(tag, "deleted", actor, records=RecordTag.objects.filter(tag=tag).count())


@transaction.atomic
def restore_tag(tag: Tag, *, actor: Actor) -> Tag:
    """Back on the records that carried it. Where a new tag took its name meanwhile, they carry that one."""
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    if tag.deleted_at is None:
        return tag
    _tell(tag, "restored", actor, records=RecordTag.objects.filter(tag=tag).count())
    if other := _namesake(tag, tag.folded):
        _hand_marks_over(tag, other)
        tag.delete()
        return other
    tag.deleted_at = None
    tag.save(update_fields=["deleted_at"])
    return tag


def _namesake(tag: Tag, folded: str) -> Tag | None:
    others = Tag.objects.filter(module_id=tag.module_id, folded=folded, deleted_at=None)
    return others.exclude(pk=tag.pk).first()


def _hand_marks_over(tag: Tag, into: Tag) -> int:
    """Answers on how many records the one became the other."""
    carried = RecordTag.objects.filter(tag=into).values("record_id")
    RecordTag.objects.filter(tag=tag, record_id__in=carried).delete()
    return RecordTag.objects.filter(tag=tag).update(tag=into)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not fold(name):
        raise InvalidValues({"name": _("Please fill this in.")})
    if len(name) > _LONGEST:
        raise InvalidValues({"name": _("At most %(longest)s characters.") % {"longest": _LONGEST}})
    return name


def _tell(tag: Tag, deed: str, actor: Actor, **data: object) -> None:
    write_fact(Fact(f"org:{tag.org_id}", f"crm.tag.{deed}", "crm.tag", tag.pk, {"name": tag.name, **data}), actor)
