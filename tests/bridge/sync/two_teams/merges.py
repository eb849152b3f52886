"""What people do to who is who: merges and un-merges on both sides, leads that become contacts and the way back."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import ProductError
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.leads.undoing import revert
from kakehashi.crm.merging.actions import merge_records as merge_in_crm
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.undoing import unmerge as unmerge_in_crm
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.kinds import CONTACT
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.record_merging.actions import merge_records as merge_in_desk
from kakehashi.desk.record_merging.models import RecordMerge
from kakehashi.desk.record_merging.undoing import unmerge as unmerge_in_desk
from tests.bridge.sync.two_teams.people import PEOPLE, PLACES
from tests.bridge.sync.two_teams.team import Team
from tests.makers.crm import make_record
from tests.makers.desk import MAKER


class Merges(Team):
    @rule(kept=PLACES, gone=PLACES)
    def merge_in_crm(self, kept: int, gone: int) -> None:
        ids = self.live_crm()
        if kept == gone or max(kept, gone) >= len(ids):
            return
        schema = schema_of(self.joined.org)
        versions = {pk: Record.objects.get(pk=pk).version for pk in (ids[kept], ids[gone])}
        merge_in_crm(schema, schema["Contacts"], survivor_id=ids[kept], versions=versions, values={}, actor=SYSTEM)

    @rule()
    def unmerge_in_crm(self) -> None:
        merge = Merge.objects.filter(org_id=self.joined.org.pk, undone_at=None).order_by("-pk").first()
        if merge:
            with suppress(ProductError):  # the survivor is gone, or somebody has the address by now
                unmerge_in_crm(schema_of(self.joined.org), merge, actor=SYSTEM)

    @rule(kept=PLACES, gone=PLACES)
    def merge_in_desk(self, kept: int, gone: int) -> None:
        ids = self.live_desk()
        if kept == gone or max(kept, gone) >= len(ids):
            return
        versions = {pk: Contact.objects.get(pk=pk).version for pk in (ids[kept], ids[gone])}
        merge_in_desk(self.joined.portal, CONTACT, survivor_id=ids[kept], versions=versions, values={}, actor=MAKER)

    @rule()
    def unmerge_in_desk(self) -> None:
        merge = RecordMerge.objects.filter(portal=self.joined.portal, undone_at=None).order_by("-pk").first()
        if merge:
            with suppress(ProductError):  # the survivor is gone
                unmerge_in_desk(self.joined.portal, merge.pk, actor=MAKER)

    @rule(person=PEOPLE, fills=st.booleans())
    def convert_a_lead(self, person: int, fills: bool) -> None:
        if len(self.crm_ids()) >= 6:
            return
        with suppress(ProductError):  # somebody has the address
            lead = make_record(self.joined.org, "Leads", Last_Name=f"相沢{person}", Email=f"p{person}@x.example")
            into = Into(record_id=self.live_crm()[0]) if fills and self.live_crm() else Into()
            convert_lead(
                schema_of(self.joined.org), lead.pk, version=None, plan=ConversionPlan(contact=into), actor=SYSTEM
            )

    @rule()
    def take_a_conversion_back(self) -> None:
        done = Conversion.objects.filter(org_id=self.joined.org.pk, undone_at=None).order_by("-pk").first()
        if done:
            with suppress(ProductError):
                revert(schema_of(self.joined.org), done, actor=SYSTEM)
