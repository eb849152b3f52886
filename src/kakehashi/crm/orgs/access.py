"""Who may do what in an org."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from kakehashi.core.actors import Actor
from kakehashi.core.errors import NotAllowed, NotFound
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.modules.schema import ModuleSchema, Schema
from kakehashi.identity.people.actions import remember_workspace
from kakehashi.identity.people.models import Person
from kakehashi.identity.permissions import declared
from kakehashi.ui.htmx import is_fragment

from .models import Membership, Org

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class CrmAccess:
    """A person in an org, with the permissions of their profile."""

    org: Org
    membership: Membership
    person: Person
    permissions: frozenset[str]

    def may(self, permission: str, module: ModuleSchema | None = None) -> bool:
        """Whether the profile allows it, at all or with records of one module."""
        return permission in self.permissions

    def require(self, permission: str, module: ModuleSchema | None = None) -> None:
        """Raises `NotAllowed`, naming who can."""
        if not self.may(permission, module):
            raise NotAllowed(who_can=who_can(self.org, permission))

    @property
    def actor(self) -> Actor:
        return self.person.as_actor()

    @cached_property
    def schema(self) -> Schema:
        return schema_of(self.org)


def find_access(person: Person, org_id: int) -> CrmAccess:
    """Raises `NotFound` for who is no active member: a stranger learns nothing, not even that the org exists."""
    membership = (
        Membership.objects.select_related("org", "profile")
        .filter(org_id=org_id, person_id=person.pk, is_active=True, person__is_active=True)
        .first()
    )
    if membership is None:
        raise NotFound
    return CrmAccess(membership.org, membership, person, permissions_of(membership))


def permissions_of(membership: Membership) -> frozenset[str]:
    if membership.profile.is_administrator:
        return frozenset(permission.code for permission in declared())
    return frozenset(membership.profile.permissions)


def who_can(org: Org, permission: str) -> str:
    """A sentence that names the members who have a permission, the first five."""
    members = Membership.objects.select_related("profile", "person").filter(org=org, is_active=True).order_by("pk")
    names = [member.person.name for member in members[:200] if permission in permissions_of(member)]
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
