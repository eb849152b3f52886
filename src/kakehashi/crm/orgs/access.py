"""Who may do what in an org."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.core.fixed_reads import first_row, fixed_read
from kakehashi.core.once import asked_once, tell
from kakehashi.crm.modules.queries import AnyModule, schema_of
from kakehashi.crm.modules.schema import Schema
from kakehashi.identity.people.actions import remember_workspace
from kakehashi.identity.people.models import Person
from kakehashi.identity.permissions import declared
from kakehashi.ui.htmx import is_fragment

from .models import Membership, Org, Profile
from .rights import RECORD_PERMISSIONS, ProfileRights, Scope, read_rights
from .seen import schema_seen
from .team import RoleTree, team_of, tree_of

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class CrmAccess:
    """A person in an org, with the permissions of their profile. `permissions` are what it allows at all: those that are
    asked per module are among them when some module has them.
    """

    org: Org
    membership: Membership
    person: Person
    permissions: frozenset[str]
    rights: ProfileRights

    def may(self, permission: str, module: AnyModule | None = None) -> bool:
        """Whether the profile allows it, at all or with (some) records of one module."""
        if module is None or permission not in RECORD_PERMISSIONS:
            return permission in self.permissions
        return self.rights.of(module.id).allows(permission)

    def require(self, permission: str, module: AnyModule | None = None) -> None:
        """Raises `NotAllowed`, naming who can."""
        if not self.may(permission, module):
            raise NotAllowed(who_can=who_can(self.org, permission, module))

    def require_to_give(self, profile: Profile) -> None:
        """Nobody raises themselves or others above their own rights. Raises `NotAllowed`, naming the administrators."""
        if profile.is_administrator and not self.is_administrator:
            raise self.more_than_own()
        self.require_not_more(profile.permissions, rights_of(profile))

    def require_not_more(self, permissions: Iterable[str], rights: ProfileRights) -> None:
        """Raises `NotAllowed` for rights that this person does not have."""
        module_ids = schema_of(self.org).by_id
        if not (set(permissions) <= self.permissions and rights.is_within(self.rights, module_ids)):
            raise self.more_than_own()

    @property
    def is_administrator(self) -> bool:
        return self.membership.profile.is_administrator

    def more_than_own(self) -> NotAllowed:
        administrators = Membership.objects.select_related("person").filter(
            org=self.org, is_active=True, profile__is_administrator=True
        )
        names = [member.person.name for member in administrators.order_by("pk")[:5]]
        return NotAllowed(gettext("You can give only rights that you have yourself."), who_can=_said(names))

    def covers(self, scope: Scope, owner_id: int | None) -> bool:
        """Whether records of this owner are within a scope of this person."""
        if scope in (Scope.ALL, Scope.NONE):
            return scope == Scope.ALL
        return owner_id in (self.team if scope == Scope.TEAM else {self.person.pk})

    def reaches(self, permission: str, module_id: int, owner_id: int | None) -> bool:
        """Whether a permission holds for a record of this owner; `see_all_records` asks whether it is seen."""
        return self.covers(self.rights.of(module_id).scope_of(permission), owner_id)

    @property
    def actor(self) -> Actor:
        return self.person.as_actor()

    @cached_property
    def schema(self) -> Schema:
        """The modules and fields as this person may see them: what the profile hides is not there, what it locks is read-only."""
        return schema_seen(self.org.pk, self.org.schema_version, self.rights)

    @cached_property
    def team(self) -> frozenset[int]:
        """The people whose records are the team's: this person, everybody below, peers where the role shares."""
        return team_of(self.membership)


def find_access(person: Person, org_id: int) -> CrmAccess:
    """Raises `NotFound` for who is no active member: a stranger learns nothing, not even that the org exists."""
    return _access(_membership(person.pk, org_id), person)


def access_of(person_id: int, org_id: int) -> CrmAccess:
    """The same for somebody known by id only; one query. Raises `NotFound`."""
    membership = _membership(person_id, org_id)
    return _access(membership, membership.person if membership else None)


@asked_once
def _membership(person_id: int, org_id: int) -> Membership | None:
    membership = first_row(_active(person_id, org_id))
    if membership:
        tell(find_org, membership.org, org_id)
    return membership


@fixed_read
def _active(person_id: int, org_id: int) -> QuerySet[Membership]:
    active = Membership.objects.filter(org_id=org_id, person_id=person_id, is_active=True, person__is_active=True)
    return active.select_related("org", "profile", "person")


@asked_once
def find_org(org_id: int) -> Org | None:
    """Whoever asks."""
    return Org.objects.filter(pk=org_id).first()


def _access(membership: Membership | None, person: Person | None) -> CrmAccess:
    if membership is None or person is None:
        raise NotFound
    rights = rights_of(membership.profile)
    return CrmAccess(membership.org, membership, person, permissions_of(membership.profile, membership.org), rights)


def rights_of(profile: Profile) -> ProfileRights:
    """What the profile allows per module and field; an administrator's allows everything, also in modules made later."""
    return ProfileRights() if profile.is_administrator else read_rights(profile.module_rights, profile.field_rights)


def permissions_of(profile: Profile, org: Org) -> frozenset[str]:
    if profile.is_administrator:
        return frozenset(permission.code for permission in declared())
    return frozenset(profile.permissions) | rights_of(profile).permissions(module.id for module in schema_of(org))


def who_can(org: Org, permission: str, module: AnyModule | None = None) -> str:
    """A sentence that names the members who have a permission, the first five."""
    return _said([member.person.name for member in _members_who_may(org, permission, module)])


def who_can_with(org: Org, permission: str, module: AnyModule, owner_id: int | None) -> str:
    """A sentence that names the members whose permission reaches a record of this owner, the owner first."""
    tree = tree_of(org.pk)
    owner = Membership.objects.filter(org=org, person_id=owner_id).first() if owner_id else None
    able = [
        member
        for member in _members_who_may(org, permission, module)
        if is_within(rights_of(member.profile).of(module.id).scope_of(permission), member, owner, tree)
    ]
    able.sort(key=lambda member: member.person_id != owner_id)
    return _said([member.person.name for member in able])


def is_within(scope: Scope, member: Membership, owner: Membership | None, tree: RoleTree) -> bool:
    """Whether a scope of a member holds the records of an owner: what `CrmAccess.covers` answers, for anybody."""
    if scope in (Scope.ALL, Scope.NONE) or owner is None:
        return scope == Scope.ALL
    if owner.person_id == member.person_id:
        return True
    return bool(scope == Scope.TEAM and member.role_id and owner.role_id in tree.reach(member.role_id))


def _members_who_may(org: Org, permission: str, module: AnyModule | None) -> list[Membership]:
    members = Membership.objects.select_related("profile", "person").filter(
        org=org, is_active=True, person__is_active=True
    )
    return [member for member in members.order_by("pk")[:500] if _has(member.profile, org, permission, module)]


def _has(profile: Profile, org: Org, permission: str, module: AnyModule | None) -> bool:
    if module is None or permission not in RECORD_PERMISSIONS:
        return permission in permissions_of(profile, org)
    return rights_of(profile).of(module.id).allows(permission)


def _said(names: list[str]) -> str:
    if not names:
        return ""
    return gettext("%(names)s can do this.") % {"names": pgettext("between names", ", ").join(names[:5])}


def crm_page(
    page: Callable[Concatenate[HttpRequest, CrmAccess, Rest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page of an org: asks for a sign-in, answers strangers with 404, and hands the page what this person may do."""

    @wraps(page)
    @login_required
    def find_and_show(request: HttpRequest, org_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, Person):
            raise NotFound
        access = find_access(request.user, org_id)
        if request.method == "GET" and not is_fragment(request):
            remember_workspace(request.user, reverse("crm_home", args=[org_id]))
        return page(request, access, *args, **kwargs)

    return find_and_show
