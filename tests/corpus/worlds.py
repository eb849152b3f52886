"""A case as a world of its own: an org, a portal, a connection that is only planned at first, and the deeds of people."""

from collections.abc import Callable, Mapping
from typing import Any

from kakehashi.bridge.connection.actions import connect, pause, resume
from kakehashi.bridge.connection.models import Connection
from kakehashi.bridge.sync.held import decide_match
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.setting_models import FieldMapping, SyncedModule
from kakehashi.core.actors import SYSTEM
from kakehashi.crm.leads.actions import ConversionPlan, Into, convert_lead
from kakehashi.crm.merging.actions import merge_records as merge_in_crm
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.undoing import unmerge as unmerge_in_crm
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.records.actions import delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.desk.customers.kinds import ACCOUNT, CONTACT
from kakehashi.desk.products.kinds import PRODUCT
from kakehashi.desk.record_merging.actions import merge_records as merge_in_desk
from kakehashi.desk.record_merging.models import RecordMerge
from kakehashi.desk.record_merging.undoing import unmerge as unmerge_in_desk
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.writing import Draft, Kind, remove, restore, write_one
from kakehashi.identity.people.models import Person
from tests.corpus.cases import Case, Values
from tests.makers.crm import make_org, make_record
from tests.makers.desk import MAKER, make_portal, make_ticket

KINDS: Mapping[str, Kind[Any]] = {"accounts": ACCOUNT, "contacts": CONTACT, "products": PRODUCT}
MODULES = ("accounts", "contacts", "products")


class World:
    """`places` are where the records of the case are: side, module, id, by their name."""

    def __init__(self, case: Case, person: Person) -> None:
        self.case, self.actor = case, person.as_actor()
        self.org = make_org(administrator=person, language="ja")
        self.portal = make_portal(administrator=person)
        self.places: dict[str, tuple[str, str, int]] = {}
        self.merges: dict[str, Merge | RecordMerge] = {}
        if case.shared:
            Field.objects.filter(module__org=self.org).update(is_unique=False)
        for side, records in (("crm", case.crm), ("desk", case.desk)):
            for module, named in records.items():
                for name, values in named.items():
                    self._make(side, module, name, values)
        self.connection = self._connect()

    def _connect(self) -> Connection:
        case = self.case
        connection = connect(
            org_id=self.org.pk, portal_id=self.portal.pk, modules=MODULES, actor=self.actor, plans_first=True
        )
        SyncedModule.objects.filter(connection=connection).update(
            direction=case.direction,
            delete_rule=case.deletes,
            match_secondary=case.secondary,
            secondary_overwrites=case.overwrites,
        )
        if case.rules:
            synced = SyncedModule.objects.get(connection=connection, module="contacts")
            for crm, desk in (("Last_Name", "lastName"), ("Email", "email"), ("Phone", "phone"), ("Title", "title")):
                rule = case.rules.get(desk, "crm_wins")
                FieldMapping.objects.create(synced=synced, crm=crm, desk=desk, rule=rule)
        return connection

    def _make(self, side: str, module: str, name: str, values: Values) -> None:
        own = {key: self.meant(value) for key, value in values.items() if not key.startswith("_")}
        if side == "crm":
            record = make_record(self.org, module.capitalize(), **own)
            self.places[name] = (side, module, record.pk)
        else:
            row = write_one(KINDS[module], self.portal, Draft(own, origin_key=values.get("_key", "")), MAKER)
            self.places[name] = (side, module, row.pk)
        if values.get("_deleted"):
            self._delete(name)

    def meant(self, value: Any) -> Any:
        """A record by its name, or by that of whom the sync made it for; any other value is what it is."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        return self.partner(value.removeprefix("@partner of ")) if "partner of" in value else self.places[value[1:]][2]

    def partner(self, name: str) -> int | None:
        side, module, record_id = self.places[name]
        link = self.links(module).filter(**{f"{side}_id": record_id}).order_by("-state").first()
        return (link.desk_id if side == "crm" else link.crm_id) if link else None

    def links(self, module: str) -> Any:
        return Link.objects.filter(connection=self.connection, module=module)

    def record(self, name: str) -> Record:
        return Record.objects.select_related("module__org").defer("search").get(pk=self.places[name][2])

    def row(self, name: str) -> DeskRecord:
        _side, module, record_id = self.places[name]
        found: DeskRecord = KINDS[module].rows().select_related("portal").get(pk=record_id)
        return found

    def is_in_crm(self, name: str) -> bool:
        return self.places[name][0] == "crm"

    # what people do

    def play(self, deed: Mapping[str, Any]) -> None:
        verb, name = next(iter(deed.items()))
        doing: dict[str, Callable[[], object]] = {
            "make": lambda: self._make_later(name),
            "edit": lambda: self._edit(name, deed["to"]),
            "delete": lambda: self._delete(name),
            "restore": lambda: self._restore(name),
            "ticket": lambda: self._open_ticket(name),
            "merge": lambda: self._merge(name, deed["gone"]),
            "part": lambda: self._part(name),
            "convert": lambda: self._convert(name),
            "decide": lambda: self._decide(name, deed["as"]),
            "pause": lambda: pause(self._fresh_connection(), actor=self.actor),
            "resume": lambda: resume(self._fresh_connection(), actor=self.actor),
        }
        doing[verb]()

    def _fresh_connection(self) -> Connection:
        self.connection.refresh_from_db()
        return self.connection

    def _make_later(self, name: str) -> None:
        for side, records in self.case.later.items():
            for module, named in records.items():
                if name in named:
                    self._make(side, module, name, named[name])

    def _edit(self, name: str, values: Values) -> None:
        wanted = {key: self.meant(value) for key, value in values.items()}
        if self.is_in_crm(name):
            update_record(self.record(name), values=wanted, actor=SYSTEM)
        else:
            _side, module, record_id = self.places[name]
            write_one(KINDS[module], self.portal, Draft(wanted, record_id), MAKER)

    def _delete(self, name: str) -> None:
        _side, module, record_id = self.places[name]
        if self.is_in_crm(name):
            delete_record(self.record(name), actor=SYSTEM)
        else:
            remove(KINDS[module], self.portal, [record_id], MAKER)

    def _restore(self, name: str) -> None:
        _side, module, record_id = self.places[name]
        if self.is_in_crm(name):
            restore_record(self.record(name), actor=SYSTEM)
        else:
            restore(KINDS[module], self.portal, [record_id], MAKER)

    def _open_ticket(self, name: str) -> None:
        """From this contact, or from the one in the Desk that goes with it."""
        contact_id = self.partner(name) if self.is_in_crm(name) else self.places[name][2]
        make_ticket(self.portal, contact=CONTACT.rows().get(pk=contact_id))

    def _merge(self, kept: str, gone: str) -> None:
        ids = [self.places[one][2] for one in (kept, gone)]
        _side, module, survivor_id = self.places[kept]
        if self.is_in_crm(kept):
            schema = schema_of(self.org)
            versions = {one: Record.objects.get(pk=one).version for one in ids}
            crm_module = schema[module.capitalize()]
            self.merges[kept] = merge_in_crm(
                schema, crm_module, survivor_id=survivor_id, versions=versions, values={}, actor=SYSTEM
            )
        else:
            versions = {one.pk: one.version for one in KINDS[module].rows().filter(pk__in=ids)}
            self.merges[kept] = merge_in_desk(
                self.portal, KINDS[module], survivor_id=survivor_id, versions=versions, values={}, actor=MAKER
            )

    def _part(self, kept: str) -> None:
        merge = self.merges[kept]
        if isinstance(merge, Merge):
            unmerge_in_crm(schema_of(self.org), merge, actor=SYSTEM)
        else:
            unmerge_in_desk(self.portal, merge.pk, actor=MAKER)

    def _convert(self, lead: str) -> None:
        """The contact that it becomes is called "contact of LEAD"."""
        plan = ConversionPlan(contact=Into())
        done = convert_lead(schema_of(self.org), self.places[lead][2], version=None, plan=plan, actor=SYSTEM)
        assert done.contact_id
        self.places[f"contact of {lead}"] = ("crm", "contacts", done.contact_id)

    def _decide(self, name: str, choice: str) -> None:
        side, module, record_id = self.places[name]
        held = self.links(module).get(state=Link.State.HELD, **{f"{side}_id": record_id})
        chosen = str(self.places[choice][2]) if choice in self.places else choice
        decide_match(self.connection, held.pk, chosen, actor=MAKER)
