"""The world of a history: an org and a portal, what was typed in it, and who was deleted by people."""

from hypothesis.stateful import RuleBasedStateMachine

from kakehashi.bridge.sync.models import Dirty, Link
from kakehashi.bridge.sync.outcome_models import JournalRow
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.products.models import Product
from tests.makers.bridge import Joined


class Team(RuleBasedStateMachine):
    """Values are numbers that nobody types twice, so that each can be followed."""

    joined: Joined
    numbers: int
    typed: dict[tuple[str, int], str]  # (side, record) -> the phone that a person typed there last
    deleted: set[tuple[str, int]]

    def next_number(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def crm_ids(self) -> list[int]:
        rows = Record.objects.filter(org=self.joined.org, module__api_name="Contacts")
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def live_crm(self) -> list[int]:
        rows = Record.objects.filter(org=self.joined.org, module__api_name="Contacts", deleted_at=None)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def accounts_of_crm(self) -> list[int]:
        rows = Record.objects.filter(org=self.joined.org, module__api_name="Accounts", deleted_at=None)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def desk_ids(self) -> list[int]:
        return list(Contact.objects.filter(portal=self.joined.portal).order_by("pk").values_list("pk", flat=True))

    def live_desk(self) -> list[int]:
        rows = Contact.objects.filter(portal=self.joined.portal, deleted_at=None)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def crm(self, place: int) -> Record | None:
        ids = self.crm_ids()
        return self.crm_record(ids[place]) if place < len(ids) else None

    def crm_record(self, record_id: int) -> Record:
        return Record.objects.select_related("module__org").defer("search").get(pk=record_id)

    def desk(self, place: int) -> Contact | None:
        ids = self.desk_ids()
        return Contact.objects.select_related("portal").get(pk=ids[place]) if place < len(ids) else None

    def forgive(self, side: str, record_id: int) -> None:
        """A person wants it back: it, and whoever was its partner when it went."""
        self.deleted.discard((side, record_id))
        for link in Link.objects.filter(connection=self.joined.connection, module="contacts"):
            if record_id == (link.crm_id if side == "crm" else link.desk_id):
                self.deleted -= {("crm", link.crm_id), ("desk", link.desk_id)}

    def fails(self, side: str, record_id: int) -> bool:
        """It, or its partner, could not be written, and says why."""
        rows = Dirty.objects.filter(connection=self.joined.connection, module="contacts").exclude(reason="")
        partners = Link.objects.filter(connection=self.joined.connection, module="contacts")
        away = "desk_id" if side == "crm" else "crm_id"
        ids = {record_id, *partners.filter(**{f"{side}_id": record_id}).values_list(away, flat=True)}
        return rows.filter(record_id__in=[one for one in ids if one is not None]).exists()

    def versions(self) -> tuple[list[tuple[int, int]], ...]:
        """What any write of the sync would change."""
        contacts = Contact.objects.filter(portal=self.joined.portal).order_by("pk")
        products = Product.objects.filter(portal=self.joined.portal).order_by("pk")
        records = Record.objects.filter(org=self.joined.org).order_by("pk")
        journal = JournalRow.objects.filter(connection=self.joined.connection).count()
        return (
            list(contacts.values_list("pk", "version")),
            list(products.values_list("pk", "version")),
            list(records.values_list("pk", "version")),
            [(0, journal)],
        )

    def story(self) -> str:
        """What the sync did, for whoever looks into a failure."""
        rows = JournalRow.objects.filter(connection=self.joined.connection).order_by("pk")
        lines = [
            f"{one.kind} {one.module} crm {one.crm_id} desk {one.desk_id} on {one.side}: {one.rule} {one.changes}"
            for one in rows
        ]
        links = Link.objects.filter(connection=self.joined.connection)
        lines += [f"{one.state} {one.ending} {one.module} {one.crm_id}–{one.desk_id} {one.evidence}" for one in links]
        return "\n".join(lines)
