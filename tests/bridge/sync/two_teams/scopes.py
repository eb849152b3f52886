"""Which contacts are synced is changed while they are: whoever is left out does not fit, and whoever fits is not left out."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.setting_models import SyncedModule
from kakehashi.bridge.sync_scope.actions import change_scope
from kakehashi.core.filters.definition import Condition, Filter, filter_of
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from tests.bridge.sync.two_teams.team import Team


class Scopes(Team):
    @rule(side=st.sampled_from(["crm", "desk"]), is_limited=st.booleans())
    def change_the_scope(self, side: str, is_limited: bool) -> None:
        """To contacts with a phone number, or to all."""
        with_phone = filter_of(Condition("Phone" if side == "crm" else "phone", "filled"))
        asked = with_phone if is_limited else Filter()
        change_scope(self.joined.connection, "contacts", side, asked, actor=self.joined.administrator.actor)  # type: ignore[arg-type]

    def check_who_is_left_out(self) -> None:
        synced = SyncedModule.objects.get(connection=self.joined.connection, module="contacts")
        links = Link.objects.filter(connection=self.joined.connection, module="contacts", state=Link.State.OUTSIDE)
        for side, ids in (("crm", self.live_crm()), ("desk", self.live_desk())):
            for record_id in links.filter(**{f"{side}_id__in": ids}).values_list(f"{side}_id", flat=True):
                assert synced.scope(side), f"{side} {record_id} is left out of everything\n{self.story()}"  # type: ignore[arg-type]
                assert not self.phone_of(side, record_id), f"{side} {record_id} fits\n{self.story()}"

    def phone_of(self, side: str, record_id: int) -> str:
        if side == "crm":
            return str(Record.objects.get(pk=record_id).values.get("Phone") or "")
        return Contact.objects.get(pk=record_id).phone
