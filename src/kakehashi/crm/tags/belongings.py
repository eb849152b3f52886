"""Tags go where their record goes; into another module (a converted lead's) as tags of the same name and colour there."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from kakehashi.crm.records.models import Record
from kakehashi.crm.records.slots import RecordBelongings

from .models import RecordTag, Tag
from .queries import live_marks


def _move(from_id: int, to_id: int) -> dict[str, list[int]]:
    """`taken`: the tags that left the one; `given`: those that the other did not carry before."""
    target = Record.objects.only("org_id", "module_id").get(pk=to_id)
    marks = RecordTag.objects.filter(record=from_id)
    if Record.objects.filter(pk=from_id).exclude(module_id=target.module_id).exists():
        marks = marks.filter(tag__deleted_at=None)  # a deleted tag gets no twin; it waits where it is
    taken = [mark.tag for mark in marks.select_related("tag")]
    wanted = [_twin(tag, target.module_id) for tag in taken]
    carried = set(RecordTag.objects.filter(record=to_id).values_list("tag_id", flat=True))
    given = [tag.pk for tag in wanted if tag.pk not in carried]
    _put(target.org_id, to_id, given)
    marks.delete()
    return {"taken": [tag.pk for tag in taken], "given": given} if taken else {}


def _give_back(moved: Mapping[str, Sequence[int]], from_id: int, to_id: int) -> None:
    RecordTag.objects.filter(record=to_id, tag__in=moved["given"]).delete()
    left = Tag.objects.filter(pk__in=moved["taken"]).values_list("pk", flat=True)
    source = Record.objects.only("org_id").get(pk=from_id)
    _put(source.org_id, from_id, list(left))


def _put(org_id: int, record_id: int, tag_ids: Sequence[int]) -> None:
    RecordTag.objects.bulk_create(
        [RecordTag(org_id=org_id, record_id=record_id, tag_id=tag_id) for tag_id in dict.fromkeys(tag_ids)],
        ignore_conflicts=True,
    )


def _twin(tag: Tag, module_id: int) -> Tag:
    if tag.module_id == module_id:
        return tag
    values = {"org_id": tag.org_id, "name": tag.name, "colour": tag.colour, "created_by_name": tag.created_by_name}
    return Tag.objects.get_or_create(module_id=module_id, folded=tag.folded, deleted_at=None, defaults=values)[0]


def _erase(record_ids: Sequence[int]) -> None:
    RecordTag.objects.filter(record__in=record_ids).delete()


TAGS_GO_ALONG = RecordBelongings(
    key="tags",
    label=_("Tags"),
    move=_move,
    give_back=_give_back,
    count=lambda record_ids: live_marks().filter(record__in=record_ids).count(),
    erase=_erase,
)
