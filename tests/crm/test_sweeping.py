"""Stored files go when nothing names them any more, and never before."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kakehashi.core import clock
from kakehashi.core.actors import SYSTEM
from kakehashi.core.attachments.actions import store_attachment
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.attachments.storage import path_of
from kakehashi.core.attachments.sweeping import GRACE, sweep
from kakehashi.core.fields.types import FieldType
from kakehashi.crm.files.actions import add_files, delete_file
from kakehashi.crm.imports.actions import upload_file
from kakehashi.crm.merging.actions import merge_records
from kakehashi.crm.merging.models import Merge
from kakehashi.crm.merging.undoing import unmerge
from kakehashi.crm.modules.models import Field
from kakehashi.crm.modules.queries import schema_of
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.actions import create_record, delete_record, restore_record, update_record
from kakehashi.crm.records.models import Record
from kakehashi.crm.recycle_bin.actions import purge_records
from kakehashi.desk.intake.models import IncomingMail
from tests.makers.crm import make_org, make_record
from tests.makers.desk import make_portal

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
NIGHT = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ATTACHMENTS = tmp_path
    return tmp_path


def make_file_org() -> Org:
    org = make_org()
    module = schema_of(org)["Contacts"]
    Field.objects.create(
        org=org, module_id=module.id, api_name="Photo", label="Photo", type=FieldType.FILE, position=99
    )
    org.schema_version = "11111111-1111-4111-8111-111111111111"
    org.save()
    return org


@pytest.fixture
def org() -> Org:
    return make_file_org()


def store(org: Org, content: bytes = b"hello", at: datetime = START) -> dict[str, Any]:
    """A file as a form keeps it, stored at a time of ours, on disk too."""
    with clock.frozen_at(at):
        kept = store_attachment(
            tenant=org.tenant, name="a.txt", content=content, content_type="text/plain", actor=SYSTEM
        )
    os.utime(path_of(kept.digest), (at.timestamp(), at.timestamp()))
    return {"id": kept.pk, "name": kept.name, "size": kept.size_bytes, "type": kept.content_type}


def make_holder(org: Org, file: dict[str, Any] | None) -> Record:
    values = {"Last_Name": "相沢", **({"Photo": file} if file else {})}
    return create_record(schema_of(org)["Contacts"], values=values, actor=SYSTEM)


def sweep_for(days: int, start: datetime = START) -> datetime:
    for day in range(1, days + 1):
        sweep(start + day * NIGHT)
    return start + days * NIGHT


def is_kept(file: dict[str, Any]) -> bool:
    row = Attachment.objects.filter(pk=file["id"]).first()
    return row is not None and path_of(row.digest).exists()


def test_a_file_of_a_form_that_nobody_sent_goes_after_its_grace(org: Org, folder: Path) -> None:
    file = store(org)
    sweep_for(2 * GRACE.days - 1)
    assert is_kept(file)
    sweep_for(2 * GRACE.days + 2)
    assert not is_kept(file)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_in_a_field_stays_and_once_replaced_goes_after_a_grace_from_then(org: Org) -> None:
    old = store(org, b"old")
    record = make_holder(org, old)
    now = sweep_for(30)
    assert is_kept(old)
    new = store(org, b"new", now)
    update_record(record, values={"Photo": new}, actor=SYSTEM)
    now = sweep_for(GRACE.days, now)
    assert is_kept(old)
    sweep_for(2, now)
    assert not is_kept(old)
    assert is_kept(new)


def test_a_file_that_is_named_again_in_time_stays(org: Org) -> None:
    file = store(org)
    now = sweep_for(GRACE.days + 3)
    assert Attachment.objects.get(pk=file["id"]).unnamed_since
    record = make_holder(org, file)
    now = sweep_for(30, now)
    assert is_kept(file)
    update_record(record, values={"Photo": None}, actor=SYSTEM)
    sweep_for(GRACE.days - 1, now)
    assert is_kept(file), "the grace begins anew"


def test_a_file_of_a_record_in_the_bin_stays_until_it_is_purged(org: Org) -> None:
    file = store(org)
    record = make_holder(org, file)
    delete_record(record, actor=SYSTEM)
    now = sweep_for(40)
    assert is_kept(file)
    purge_records(org, record_ids=[record.pk], actor=SYSTEM)
    sweep_for(GRACE.days + 2, now)
    assert not is_kept(file)


def test_a_file_of_a_removed_field_stays(org: Org) -> None:
    file = store(org)
    make_holder(org, file)
    Field.objects.filter(org=org, api_name="Photo").update(removed_at=clock.now())
    sweep_for(40)
    assert is_kept(file)


def test_files_with_records_deleted_ones_and_those_of_imports_stay(org: Org) -> None:
    record = make_record(org)
    with clock.frozen_at(START):
        lying, deleted = add_files(
            record,
            uploads=[SimpleUploadedFile(name, name.encode(), "text/plain") for name in ("a.txt", "b.txt")],
            actor=SYSTEM,
        )
        delete_file(deleted, actor=SYSTEM)
        module = schema_of(org)["Contacts"]
        source = upload_file(org, module=module, file=SimpleUploadedFile("c.csv", "姓\n相沢\n".encode()), actor=SYSTEM)
    sweep_for(40)
    for kept in (lying.attachment_id, deleted.attachment_id, source.file_id):
        assert is_kept({"id": kept})


def test_the_bytes_stay_while_another_row_or_a_mail_has_the_same(org: Org) -> None:
    gone, other = store(org, b"same"), store(make_file_org(), b"same")
    make_holder(Org.objects.get(pk=int(Attachment.objects.get(pk=other["id"]).tenant[4:])), other)
    mailed = store(org, b"a mail")
    digest = Attachment.objects.get(pk=mailed["id"]).digest
    IncomingMail.objects.create(portal=make_portal(), key="k", digest=digest, size_bytes=6, received_at=START)
    sweep_for(2 * GRACE.days + 2)
    assert not Attachment.objects.filter(pk__in=[gone["id"], mailed["id"]]).exists()
    assert is_kept(other)
    assert path_of(digest).exists()


def test_bytes_that_were_stored_again_just_now_stay(org: Org) -> None:
    file = store(org)
    digest = Attachment.objects.get(pk=file["id"]).digest
    now = START + (2 * GRACE.days + 1) * NIGHT
    os.utime(path_of(digest), (now.timestamp(), now.timestamp()))
    sweep_for(2 * GRACE.days + 2)
    assert not Attachment.objects.filter(pk=file["id"]).exists()
    assert path_of(digest).exists()


def test_files_of_the_desk_are_left_alone() -> None:
    kept = store_attachment(
        tenant=make_portal().tenant, name="a.txt", content=b"x", content_type="text/plain", actor=SYSTEM
    )
    Attachment.objects.update(added_at=START)
    sweep_for(40)
    assert is_kept({"id": kept.pk})


class Life:
    """Two records with a file each, and what may happen to them."""

    def __init__(self, survivor: int) -> None:
        self.org = make_file_org()
        self.schema = schema_of(self.org)
        self.pair = [make_holder(self.org, store(self.org, f"{self.org.pk} of {one}".encode())).pk for one in range(2)]
        self.survivor = survivor
        self.now = START
        self.count = 0
        self.merge: Merge | None = None

    def live(self, deed: str, which: int) -> None:
        getattr(self, deed)(Record.objects.get(pk=self.pair[which]))

    def put(self, record: Record) -> None:
        self.count += 1
        if record.deleted_at is None:
            file = store(self.org, f"{self.org.pk} put {self.count}".encode(), self.now)
            update_record(record, values={"Photo": file}, actor=SYSTEM)

    def empty(self, record: Record) -> None:
        if record.deleted_at is None:
            update_record(record, values={"Photo": None}, actor=SYSTEM)

    def delete(self, record: Record) -> None:
        if record.deleted_at is None and self.merge is None:
            delete_record(record, actor=SYSTEM)

    def restore(self, record: Record) -> None:
        if record.deleted_at and not record.gone_as:
            restore_record(record, actor=SYSTEM)

    def join(self, _record: Record) -> None:
        records = Record.objects.filter(pk__in=self.pair, deleted_at=None).in_bulk()
        if len(records) == 2:
            self.merge = merge_records(
                self.schema,
                self.schema["Contacts"],
                survivor_id=self.pair[self.survivor],
                versions={pk: record.version for pk, record in records.items()},
                values={"Photo": records[self.pair[1 - self.survivor]].values.get("Photo")},
                actor=SYSTEM,
            )

    def part(self, _record: Record) -> None:
        if self.merge is not None:
            unmerge(self.schema, self.merge, actor=SYSTEM)
            self.merge = None

    def wait(self, _record: Record) -> None:
        self.now = sweep_for(3 * GRACE.days, self.now)

    def held(self) -> list[dict[str, Any]]:
        records = Record.objects.filter(org=self.org)
        return [record.values["Photo"] for record in records if "Photo" in record.values]


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(["put", "empty", "delete", "restore", "join", "part", "wait"]), st.integers(0, 1)),
        min_size=3,
        max_size=12,
    ),
    survivor=st.integers(0, 1),
)
def test_whatever_happens_no_file_goes_that_something_names_or_could_name_again(
    deeds: list[tuple[str, int]], survivor: int
) -> None:
    """When all is taken back, every record has the file that it says it has; and what nobody names is gone."""
    with transaction.atomic():
        life = Life(survivor)
        for deed, which in deeds:
            life.live(deed, which)
        sweep_for(3 * GRACE.days, life.now)
        if life.merge is None:
            assert Attachment.objects.filter(tenant=life.org.tenant).count() == len(life.held())
        else:
            unmerge(life.schema, life.merge, actor=SYSTEM)
        assert all(is_kept(file) for file in life.held())
        transaction.set_rollback(True)
