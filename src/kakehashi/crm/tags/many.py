"""Different tags on many records at once, as an import brings them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.core.normalise.text import fold
from kakehashi.crm.modules.schema import ModuleSchema

from .actions import find_or_make, put_tags, take_tags
from .models import Tag
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
    put_tags(module, {pk: [tags[folded_tag(name)].pk for name in wanted] for pk, wanted in fresh.items()}, actor=actor)


@transaction.atomic
def untag_each(module: ModuleSchema, names: Names, *, actor: Actor) -> None:
    """Take them off again, as far as they are still there."""
    tags = _known_tags(module, names)
    unwanted = {pk: [tag.pk for name in some if (tag := tags.get(folded_tag(name)))] for pk, some in names.items()}
    take_tags(module, unwanted, actor=actor)


def _known_tags(module: ModuleSchema, names: Names) -> dict[str, Tag]:
    wanted = {folded_tag(name) for some in names.values() for name in some}
    return {tag.folded: tag for tag in Tag.objects.filter(module_id=module.id, folded__in=wanted, deleted_at=None)}


def _tags(module: ModuleSchema, names: Names, actor: Actor) -> Iterable[tuple[str, Tag]]:
    there = _known_tags(module, names)
    for folded, name in {folded_tag(name): name for some in names.values() for name in some}.items():
        yield folded, there.get(folded) or find_or_make(module.org_id, module.id, name, actor)
