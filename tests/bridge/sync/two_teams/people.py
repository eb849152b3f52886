"""What people do on both sides: make, edit, delete, restore; contacts, accounts and products."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kakehashi.bridge.sync.models import Link, Run
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.bridge.sync.runs import start_run
from kakehashi.core.actors import SYSTEM
from kakehashi.core.errors import ProductError
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.actions import (
    create_account,
    create_contact,
    delete_contact,
    restore_contact,
    update_contact,
)
from kakehashi.desk.customers.models import Account
from kakehashi.desk.products.actions import create_product, update_product
from kakehashi.desk.products.models import Product
from tests.bridge.sync.two_teams.team import Team
from tests.makers.crm import make_record
from tests.makers.desk import MAKER

PLACES = st.integers(0, 5)
PEOPLE = st.integers(0, 3)
CODES = st.sampled_from(["", "A-1", "a-1", "B-2"])


class People(Team):
    @rule(person=PEOPLE, account=st.booleans())
    def create_in_crm(self, person: int, account: bool) -> None:
        if len(self.crm_ids()) < 6:
            values = {"Last_Name": f"相沢{person}", "Email": f"p{person}@x.example" if person else ""}
            if account and (found := self.accounts_of_crm()):
                values["Account_Name"] = found[0]
            with suppress(ProductError):  # the CRM lets an address belong to one contact only
                make_record(self.joined.org, **values)

    @rule(person=PEOPLE, account=st.booleans())
    def create_in_desk(self, person: int, account: bool) -> None:
        if len(self.desk_ids()) < 6:
            values = {"lastName": f"戸田{person}", "email": f"p{person}@x.example" if person else ""}
            if account and (found := Account.objects.filter(portal=self.joined.portal, deleted_at=None).first()):
                values["accountId"] = found.pk
            create_contact(self.joined.portal, values=values, actor=MAKER)

    @rule(number=st.integers(0, 1), in_crm=st.booleans())
    def create_account(self, number: int, in_crm: bool) -> None:
        if not in_crm:
            if not Account.objects.filter(portal=self.joined.portal, account_name=f"会社{number}").exists():
                create_account(self.joined.portal, values={"accountName": f"会社{number}"}, actor=MAKER)
            return
        with suppress(ProductError):  # there is one of that name
            make_record(self.joined.org, "Accounts", Account_Name=f"会社{number}")

    @rule(code=CODES, in_crm=st.booleans())
    def create_product(self, code: str, in_crm: bool) -> None:
        if in_crm:
            with suppress(ProductError):  # there is one of that code
                make_record(self.joined.org, "Products", Product_Name="ロガー", Product_Code=code)
        elif Product.objects.filter(portal=self.joined.portal).count() < 4:
            create_product(self.joined.portal, values={"productName": "ロガー", "productCode": code}, actor=MAKER)

    @rule(place=PLACES, in_crm=st.booleans())
    def price_a_product(self, place: int, in_crm: bool) -> None:
        price = self.next_number()
        if in_crm:
            rows = Record.objects.filter(org=self.joined.org, module__api_name="Products", deleted_at=None)
            for record in rows.select_related("module__org").order_by("pk")[place : place + 1]:
                update_record(record, values={"Unit_Price": price}, actor=SYSTEM)
        else:
            products = Product.objects.filter(portal=self.joined.portal, deleted_at=None).select_related("portal")
            for product in products.order_by("pk")[place : place + 1]:
                update_product(product, values={"unitPrice": price}, actor=MAKER)

    @rule(place=PLACES)
    def edit_in_crm(self, place: int) -> None:
        record = self.crm(place)
        if record and not record.deleted_at:
            phone = self.next_number()
            update_record(record, values={"Phone": phone}, actor=SYSTEM)
            self.typed["crm", record.pk] = phone

    @rule(place=PLACES)
    def edit_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and not contact.deleted_at:
            phone = self.next_number()
            update_contact(contact, values={"phone": phone}, actor=MAKER)
            self.typed["desk", contact.pk] = phone

    @rule(place=PLACES)
    def edit_a_pair_on_both_sides(self, place: int) -> None:
        links = list(Link.objects.filter(connection=self.joined.connection, module="contacts", state="live"))
        if place < len(links):
            link = links[place]
            self.edit_in_crm(self.crm_ids().index(link.crm_id))
            self.edit_in_desk(self.desk_ids().index(link.desk_id))

    @rule(place=PLACES)
    def delete_in_crm(self, place: int) -> None:
        record = self.crm(place)
        if record and not record.deleted_at:
            delete_record(record, actor=SYSTEM)
            self.deleted.add(("crm", record.pk))

    @rule(place=PLACES)
    def restore_in_crm(self, place: int) -> None:
        record = self.crm(place)
        if record and ("crm", record.pk) in self.deleted:
            with suppress(ProductError):  # somebody has the address now, or it was merged meanwhile
                restore_record(record, actor=SYSTEM)
                self.forgive("crm", record.pk)

    @rule(place=PLACES)
    def delete_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and not contact.deleted_at:
            delete_contact(contact, actor=MAKER)
            self.deleted.add(("desk", contact.pk))

    @rule(place=PLACES)
    def restore_in_desk(self, place: int) -> None:
        contact = self.desk(place)
        if contact and contact.deleted_at and not contact.merged_into_id:
            restore_contact(contact, actor=MAKER)
            self.forgive("desk", contact.pk)

    @rule(side=st.sampled_from(["crm", "desk"]))
    def decide_conflicts(self, side: str) -> None:
        Conflict.objects.filter(connection=self.joined.connection).update(choice=side)
        start_run(self.joined.connection, Run.Kind.COMPARE)
