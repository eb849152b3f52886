"""The pages of our own CRM as frames for the bridge's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString

from kakehashi.bridge.sides.front import DeskVisit, Visit
from kakehashi.bridge.sides.tickets import Choice
from kakehashi.core.errors import NotFound
from kakehashi.crm.orgs.access import find_access, permissions_of, who_can
from kakehashi.crm.orgs.models import Membership
from kakehashi.crm.orgs.workspace import workspace_of
from kakehashi.crm.record_page.pages import record
from kakehashi.crm.settings.pages import render_settings
from kakehashi.desk.portals.access import find_access as find_seat
from kakehashi.desk.portals.access import is_seated
from kakehashi.desk.portals.frame import settings_page
from kakehashi.desk.portals.workspace import workspace_of as desk_workspace_of
from kakehashi.identity.people.models import Person
from kakehashi.ui.shell.workspace import render_page


class EmbeddedFront:
    """Implements `CrmFront`."""

    def orgs_where(self, person_id: int, permission: str) -> Sequence[Choice]:
        members = Membership.objects.filter(person_id=person_id, is_active=True, person__is_active=True)
        members = members.select_related("org", "profile").order_by("org__name", "org_id")
        return [
            Choice(str(one.org_id), one.org.name)
            for one in members
            if permission in permissions_of(one.profile, one.org)
        ]

    def visit(self, request: HttpRequest, org_id: int) -> Visit:
        if not isinstance(request.user, Person):
            raise NotFound
        access = find_access(request.user, org_id)
        return Visit(
            org_id=org_id,
            org_name=access.org.name,
            actor=access.actor,
            permissions=access.permissions,
            workspace=lambda: workspace_of(access),
            who_can=lambda permission: who_can(access.org, permission),
        )

    def settings_page(
        self, request: HttpRequest, visit: Visit, template: str, context: Mapping[str, Any], *, key: str, status: int
    ) -> HttpResponse:
        if not isinstance(request.user, Person):
            raise NotFound
        access = find_access(request.user, visit.org_id)
        return render_settings(request, access, template, key, dict(context), status=status)

    def record_page(
        self, request: HttpRequest, visit: Visit, module: str, record_id: int, *, sheet: SafeString
    ) -> HttpResponseBase:
        request.sheet = sheet  # type: ignore[attr-defined]  # the shell opens it over the page
        return record(request, visit.org_id, module_name=module, record_id=record_id)


class EmbeddedDeskFront:
    """Implements `DeskFront`."""

    def has_seat(self, portal_id: int, person_id: int) -> bool:
        return is_seated(person_id, portal_id)

    def home_url(self, portal_id: int) -> str:
        return reverse("desk_tickets", args=[portal_id])

    def visit(self, request: HttpRequest, portal_id: int) -> DeskVisit:
        if not isinstance(request.user, Person):
            raise NotFound
        seat = find_seat(request.user, portal_id)
        return DeskVisit(portal_id, seat.portal.name, seat.actor, seat.rights.may_administer)

    def page(
        self, request: HttpRequest, visit: DeskVisit, template: str, context: Mapping[str, Any], *, active: str
    ) -> HttpResponse:
        if not isinstance(request.user, Person):
            raise NotFound
        workspace = desk_workspace_of(find_seat(request.user, visit.portal_id))
        return render_page(request, template, dict(context), workspace=workspace, active=active)

    def settings_page(
        self,
        request: HttpRequest,
        visit: DeskVisit,
        template: str,
        context: Mapping[str, Any],
        *,
        key: str,
        status: int,
    ) -> HttpResponse:
        if not isinstance(request.user, Person):
            raise NotFound
        seat = find_seat(request.user, visit.portal_id)
        return settings_page(request, seat, key, template, dict(context), status=status)
