"""What must hold when everything is quiet (design §6)."""

from kakehashi.bridge.connection.actions import resume
from kakehashi.bridge.sync.models import Dirty, Link, Run
from kakehashi.bridge.sync.outcome_models import Conflict, JournalRow
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.models import Contact
from kakehashi.desk.products.models import Product
from tests.bridge.sync.two_teams.scopes import Scopes


class Invariants(Scopes):
    def teardown(self) -> None:
        if not hasattr(self, "joined"):
            return
        self.joined.connection.refresh_from_db()
        if self.joined.connection.is_paused:
            resume(self.joined.connection, actor=self.joined.administrator.actor)
        assert run_until_idle(rounds=200) < 200, "it never comes to rest"
        self.check_nothing_waits()
        self.check_nobody_is_there_twice()
        self.check_nobody_is_forgotten()
        self.check_who_is_left_out()
        self.check_pairs_agree()
        self.check_products_agree()
        self.check_no_edit_is_lost()
        self.check_nothing_came_back_by_itself()
        self.check_another_look_writes_nothing()

    def check_nothing_waits(self) -> None:
        """But for what a side refuses, which says why."""
        waiting = Dirty.objects.filter(connection=self.joined.connection, reason="")
        assert not waiting.exists(), (list(waiting.values("module", "side", "record_id", "attempts")), self.story())

    def check_nobody_is_there_twice(self) -> None:
        """One living partner each, and one thing per origin."""
        for model, side in ((Record, "crm"), (Contact, "desk")):
            tenant = {"org": self.joined.org} if side == "crm" else {"portal": self.joined.portal}
            keys = [key for key in model.objects.filter(**tenant).values_list("origin_key", flat=True) if key]
            assert len(keys) == len(set(keys))
            links = Link.objects.filter(connection=self.joined.connection, module="contacts", state="live")
            partners = list(links.values_list(f"{side}_id", flat=True))
            assert len(partners) == len(set(partners))

    def check_nobody_is_forgotten(self) -> None:
        """Everybody who is there has a link, if only one that says why there is no partner."""
        links = Link.objects.filter(connection=self.joined.connection, module="contacts")
        for side, ids in (("crm", self.live_crm()), ("desk", self.live_desk())):
            for record_id in ids:
                is_known = links.filter(**{f"{side}_id": record_id}).exists()
                assert is_known or self.is_merged_with_a_known_one(side, record_id) or self.fails(side, record_id), (
                    f"{side} contact {record_id} was forgotten\n{self.story()}"
                )

    def is_merged_with_a_known_one(self, side: str, record_id: int) -> bool:
        """A contact of the Desk that its partner's merge left behind is remembered by the merged one's link."""
        merged = JournalRow.objects.filter(connection=self.joined.connection, module="contacts", kind="merged")
        return any(record_id in (row.crm_id, row.desk_id, *(row.changes.get("") or ())) for row in merged)

    def check_pairs_agree(self) -> None:
        open_fields = set(Conflict.objects.filter(connection=self.joined.connection).values_list("link_id", "field"))
        for link in Link.objects.filter(connection=self.joined.connection, module="contacts", state="live"):
            record, contact = Record.objects.get(pk=link.crm_id), Contact.objects.get(pk=link.desk_id)
            is_refused = self.fails("crm", record.pk) or self.fails("desk", contact.pk)
            if record.deleted_at or contact.deleted_at:
                assert is_refused, f"{record.pk}–{contact.pk} lives on with one end deleted\n{self.story()}"
                continue
            pairs = {
                "phone": (record.values.get("Phone"), contact.phone or None),
                "lastName": (record.values.get("Last_Name"), contact.last_name or None),
                "email": (record.values.get("Email"), contact.email or None),
                "accountId": self.accounts_of(record, contact),
            }
            for field, (here, there) in pairs.items():
                assert here == there or (link.pk, field) in open_fields or is_refused, (
                    f"{field} of {record.pk}–{contact.pk}: {here!r}, {there!r}\n{self.story()}"
                )

    def accounts_of(self, record: Record, contact: Contact) -> tuple[int | None, int | None]:
        """The Desk account of both, as far as the accounts are linked: a reference to one that waits for a person waits, too."""
        links = Link.objects.filter(connection=self.joined.connection, module="accounts", state="live")
        partners = dict(links.values_list("crm_id", "desk_id"))
        here, there = record.values.get("Account_Name"), contact.account_id
        is_open = (here and here not in partners) or (there and there not in partners.values())
        return (None, None) if is_open else (partners.get(here), there)

    def check_products_agree(self) -> None:
        for link in Link.objects.filter(connection=self.joined.connection, module="products", state="live"):
            record, product = Record.objects.get(pk=link.crm_id), Product.objects.get(pk=link.desk_id)
            price = record.values.get("Unit_Price")
            here = (record.values.get("Product_Name"), record.values.get("Product_Code") or "", float(price or 0))
            there = (product.product_name, product.product_code, float(product.unit_price or 0))
            is_refused = Dirty.objects.filter(connection=self.joined.connection, module="products").exists()
            assert here == there or is_refused, f"{here}, {there}\n{self.story()}"

    def check_no_edit_is_lost(self) -> None:
        told = {
            value
            for row in JournalRow.objects.filter(connection=self.joined.connection)
            for value in (row.changes.get("phone") or [None])[:1]
        }
        for (side, record_id), value in self.typed.items():
            is_crm = side == "crm"
            now = (
                Record.objects.get(pk=record_id).values.get("Phone")
                if is_crm
                else Contact.objects.get(pk=record_id).phone
            )
            assert now == value or value in told, f"{value}, typed in {side} {record_id}, is nowhere\n{self.story()}"

    def check_nothing_came_back_by_itself(self) -> None:
        for side, record_id in self.deleted:
            model = Record if side == "crm" else Contact
            assert model.objects.get(pk=record_id).deleted_at, f"{side} {record_id} came back by itself\n{self.story()}"

    def check_another_look_writes_nothing(self) -> None:
        before = self.versions()
        start_run(self.joined.connection, Run.Kind.COMPARE)
        run_until_idle()
        assert self.versions() == before, self.story()
