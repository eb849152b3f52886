"""Who may do what with one record, everybody judged by the same rules as the queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.crm.modules.queries import module_schema
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess, rights_of
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.orgs.rights import FieldRight
from kakehashi.crm.orgs.team import RoleTree, tree_of
from kakehashi.crm.records.models import Record

from .reasons import Answer, answer
from .words import sentence

MOST = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """One member and one record."""

    member: Membership
    view: Answer
    edit: Answer
    view_words: str
    edit_words: str
    hidden_fields: Sequence[str]


def verdicts_on(access: CrmAccess, record: Record) -> list[Verdict]:
    """The first members of the org, everyone judged. Two queries more than reading them."""
    tree, owner = tree_of(access.org.pk), owner_of(record)
    members = Membership.objects.select_related("person", "profile", "role").filter(org=access.org, is_active=True)
    module = access.schema.by_id[record.module_id]
    found = [_judge(member, owner, module, tree) for member in members.order_by("pk")[:MOST]]
    return sorted(found, key=lambda one: (not one.view.is_yes, not one.edit.is_yes, one.member.pk))


def verdict_on(access: CrmAccess, record: Record, member: Membership) -> Verdict:
    module = access.schema.by_id[record.module_id]
    return _judge(member, owner_of(record), module, tree_of(access.org.pk))


def owner_of(record: Record) -> Membership | None:
    """Where the owner stands; also a former member's place counts."""
    members = Membership.objects.select_related("person", "role").filter(org_id=record.org_id)
    return members.filter(person_id=record.owner_id).first() if record.owner_id else None


def _judge(member: Membership, owner: Membership | None, module: ModuleSchema, tree: RoleTree) -> Verdict:
    rights = rights_of(member.profile)
    held = rights.of(module.id)
    view, edit = answer(member, owner, held.view, tree), answer(member, owner, held.edit, tree)
    hidden = {field for field, right in rights.fields if right == FieldRight.HIDDEN}
    return Verdict(
        member,
        view,
        edit,
        sentence(view, member, owner, module),
        sentence(edit, member, owner, module),
        [str(field.label) for field in module_schema(module).fields.values() if field.id in hidden],
    )
