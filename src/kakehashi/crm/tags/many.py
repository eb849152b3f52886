"""Different tags on many records at once, as an import brings them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.records.telling import tell_of_many

from .actions import find_or_make
from .models import RecordTag, Tag
from .queries import live_marks

Names = Mapping[int, Sequence[str]]  # record -> names of tags


def folded_tag(name: str) -> str:
    """As names of tags are compared."""
    return fold(name)[:120]


def missing_tags(names: Names) -> dict[int, list[str]]:
    """Those that the records do not carry yet, each once, however it is written. Two queries at most."""
    carried = set(live_marks().filter(record_id__in=[*names]).values_list("record_id", "tag__folded") if names else ())
    fresh: dict[int, list[str]] = {}
    for record_id, wanted in names.items():
        for folded, name in {folded_tag(name): name for name in reversed(wanted)}.items():
            if (record_id, folded) not in carried:
                fresh.setdefault(record_id, []).insert(0, name)
    return fresh


@transaction.atomic
def tag_each(module: ModuleSchema, names: Names, *, actor: Actor) -> None:
    """Put each record's tags on it; new ones come into being. The caller has found that the records may be changed."""
    fresh = missing_tags(names)
    tags = dict(_tags(module, fresh, actor))
    RecordTag.objects.bulk_create(
        [
            RecordTag(org_id=module.org_id, record_id=record_id, tag=tags[folded_tag(name)], added_by_name=actor.name)
            for record_id, wanted in fresh.items()
            for name in wanted
        ],
        ignore_conflicts=True,
    )
    for name, records in _by_tag(fresh).items():
        tell_of_many(module, records, "tagged", actor, tag=tags[name].name)


@transaction.atomic
def untag_each(module: ModuleSchema, names: Names, *, actor: Actor) -> None:
    """Take them off again, as far as they are still there."""
    for folded, records in _by_tag(names).items():
        marks = live_marks().filter(tag__module_id=module.id, tag__folded=folded, record_id__in=records)
        there = list(marks.select_related("tag").order_by("record_id"))
        if there:
            RecordTag.objects.filter(pk__in=[mark.pk for mark in there]).delete()
            tell_of_many(module, [mark.record_id for mark in there], "untagged", actor, tag=there[0].tag.name)


def _tags(module: ModuleSchema, names: Names, actor: Actor) -> Iterable[tuple[str, Tag]]:
    wanted = {folded_tag(name): name for some in names.values() for name in some}
    there = {tag.folded: tag for tag in Tag.objects.filter(module_id=module.id, folded__in=wanted, deleted_at=None)}
    for folded, name in wanted.items():
        yield folded, there.get(folded) or find_or_make(module.org_id, module.id, name, actor)


def _by_tag(names: Names) -> dict[str, list[int]]:
    records: dict[str, list[int]] = {}
    for record_id, wanted in names.items():
        for name in wanted:
            records.setdefault(folded_tag(name), []).append(record_id)
    return records
