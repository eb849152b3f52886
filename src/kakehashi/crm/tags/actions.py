"""Changes of tags, and of which records carry them."""

from collections.abc import Sequence

from django.db import transaction
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
    """Put a tag on many records at once, as a mass action does. The caller has found that they may be changed."""
    tag = find_or_make(module.org_id, module.id, name, actor)
    known = set(RecordTag.objects.filter(tag=tag, record_id__in=record_ids).values_list("record_id", flat=True))
    fresh = [one for one in dict.fromkeys(record_ids) if one not in known]
    RecordTag.objects.bulk_create(
        [RecordTag(org_id=module.org_id, record_id=one, tag=tag, added_by_name=actor.name) for one in fresh],
        ignore_conflicts=True,
    )
    tell_of_many(module, fresh, "tagged", actor, tag=tag.name)
    return tag


def find_or_make(org_id: int, module_id: int, name: str, actor: Actor) -> Tag:
    """The tag of that name, however it is written; a new one takes the colours in turn."""
    name = _checked(name)
    count = Tag.objects.filter(module_id=module_id).count()
    colours = [
        colour for colour in TagColour.values if colour != TagColour.RED
    ]  # red asks for attention: chosen, never given
    tag, is_new = Tag.objects.get_or_create(
        module_id=module_id,
        folded=fold(name)[:120],
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
    if Tag.objects.filter(module_id=tag.module_id, folded=folded).exclude(pk=tag.pk).exists():
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
    carried = RecordTag.objects.filter(tag=into).values("record_id")
    RecordTag.objects.filter(tag=tag, record_id__in=carried).delete()
    moved = RecordTag.objects.filter(tag=tag).update(tag=into)
    _tell(tag, "merged", actor, into=into.name, records=moved)
    tag.delete()
    return into


@transaction.atomic
def delete_tag(tag: Tag, *, actor: Actor) -> None:
    """Gone from every record."""
    _tell(tag, "deleted", actor, records=RecordTag.objects.filter(tag=tag).count())
    tag.delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not fold(name):
        raise InvalidValues({"name": _("Please fill this in.")})
    if len(name) > _LONGEST:
        raise InvalidValues({"name": _("At most %(longest)s characters.") % {"longest": _LONGEST}})
    return name


def _tell(tag: Tag, deed: str, actor: Actor, **data: object) -> None:
    write_fact(Fact(f"org:{tag.org_id}", f"crm.tag.{deed}", "crm.tag", tag.pk, {"name": tag.name, **data}), actor)
