"""Saving views, sharing them, and what people think of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.errors import InvalidValues
from kakehashi.core.events.log import Fact, write_fact
from kakehashi.core.filters.definition import Filter, as_json
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Membership, Org, Role
from kakehashi.identity.people.models import Person

from .models import ListView, Sharing, ViewMark

MOST_VIEWS = 500


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may choose a view beside its owner."""

    sharing: str = Sharing.PRIVATE
    role_ids: Sequence[int] = ()
    person_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ShownList:
    """What a view keeps."""

    filter: Filter
    columns: Sequence[str]
    sort: str


@transaction.atomic
def save_view(
    org: Org, *, module: ModuleSchema, name: str, shown: ShownList, audience: Audience, owner: Person, actor: Actor
) -> ListView:
    """A new view. Raises `InvalidValues`."""
    if ListView.objects.filter(org=org, module_id=module.id, owner=owner, deleted_at=None).count() >= MOST_VIEWS:
        raise InvalidValues({"name": _("You have very many views of this list already. Delete one first.")})
    row = ListView.objects.create(
        org=org,
        module_id=module.id,
        owner=owner,
        name=_checked_name(name),
        filter=as_json(shown.filter),
        columns=list(shown.columns),
        sort=shown.sort,
        sharing=Sharing(audience.sharing),
    )
    _share(row, audience)
    _tell(row, "created", actor)
    return row


@transaction.atomic
def change_view(row: ListView, *, shown: ShownList, actor: Actor) -> ListView:
    """Keep another filter, other columns, another order under the same name."""
    row.filter, row.columns, row.sort = as_json(shown.filter), list(shown.columns), shown.sort
    row.modified_at = clock.now()
    row.save(update_fields=["filter", "columns", "sort", "modified_at"])
    _tell(row, "updated", actor)
    return row


@transaction.atomic
def share_view(row: ListView, *, name: str, audience: Audience, actor: Actor) -> ListView:
    """Rename it, and say who else may choose it. Raises `InvalidValues`."""
    row.name, row.sharing, row.modified_at = _checked_name(name), Sharing(audience.sharing), clock.now()
    row.save(update_fields=["name", "sharing", "modified_at"])
    _share(row, audience)
    _tell(row, "updated", actor)
    return row


@transaction.atomic
def delete_view(row: ListView, *, actor: Actor) -> ListView:
    """Gone from every menu; who had it as default gets the first standard one."""
    row.deleted_at = clock.now()
    row.save(update_fields=["deleted_at"])
    _tell(row, "deleted", actor)
    return row


@transaction.atomic
def restore_view(row: ListView, *, actor: Actor) -> ListView:
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    _tell(row, "restored", actor)
    return row


@transaction.atomic
def pin_view(person: Person, *, module: ModuleSchema, key: str) -> None:
    """Show it above the list; pinned already, take it away."""
    mark, _is_new = ViewMark.objects.get_or_create(person=person, module_id=module.id, key=key)
    mark.is_pinned = not mark.is_pinned
    mark.save(update_fields=["is_pinned"])


@transaction.atomic
def make_default(person: Person, *, module: ModuleSchema, key: str) -> None:
    """The view that the person's list begins with."""
    marks = ViewMark.objects.select_for_update().filter(person=person, module_id=module.id)
    list(marks)
    marks.exclude(key=key).update(is_default=False)
    ViewMark.objects.update_or_create(person=person, module_id=module.id, key=key, defaults={"is_default": True})


def _checked_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise InvalidValues({"name": _("Please fill this in.")})
    if len(tidy) > 80:
        raise InvalidValues({"name": _("At most 80 characters.")})
    return tidy


def _share(row: ListView, audience: Audience) -> None:
    """Only roles and members of the org; nobody where it is not shared with chosen ones."""
    is_chosen = audience.sharing == Sharing.CHOSEN
    roles = Role.objects.filter(org_id=row.org_id, pk__in=audience.role_ids if is_chosen else ())
    people = Membership.objects.filter(org_id=row.org_id, person_id__in=audience.person_ids if is_chosen else ())
    _check_anybody(is_chosen, roles, people)
    row.roles.set(roles)
    row.people.set(people.values_list("person_id", flat=True))


def _check_anybody(is_chosen: object, *chosen: Iterable[object]) -> None:
    if is_chosen and not any(list(part) for part in chosen):
        raise InvalidValues({"sharing": _("Choose a role or a person, or keep the view to yourself.")})


def _tell(row: ListView, deed: str, actor: Actor) -> None:
    data = {"name": row.name, "sharing": row.sharing}
    write_fact(Fact(row.org.tenant, f"crm.list_view.{deed}", "crm.list_view", row.pk, data), actor)
