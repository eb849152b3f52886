"""Tags as something a filter can ask for."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kakehashi.core.errors import Text
from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject
from kakehashi.core.ids import ids_in
from kakehashi.crm.modules.schema import ModuleSchema

from .queries import carries, tags_in

NAME = "Tag"


def tag_subjects(module: ModuleSchema) -> Sequence[Subject]:
    """The values of a condition are the ids of tags, so that a renamed tag is still the one that was meant."""

    def offer() -> list[tuple[str, Text]]:
        return [(str(tag.pk), tag.name) for tag in tags_in(module)]

    return [Subject(NAME, _("Tags"), Family.TAGS, ask=_ask, offer=offer)]


def _ask(_org_id: int, values: Sequence[str]) -> Q:
    ids = ids_in(values)
    return carries(ids) if ids or not values else Q(pk__in=())
