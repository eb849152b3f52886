import asyncio
from collections.abc import Callable

import pytest
from django.db import connection

from kakehashi.crm.imports import jobs, running
from kakehashi.crm.imports.actions import (
    resume_import,
    start_import,
    stop_import,
)
from kakehashi.crm.imports.jobs import run_import
from kakehashi.crm.imports.models import Import, ImportRow, ImportState
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record, RecordKey
from tests.makers.crm import make_administrator, make_org
from tests.makers.imports import check_rows, import_text, outcome_counts, upload_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def access() -> CrmAccess:
    return make_administrator(make_org(), family_name="高瀬", given_name="悠")


def test_a_run_that_is_killed_goes_on_where_it_was(access: CrmAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    rows = "".join(f"名{number},p{number}@example.com\r\n" for number in range(95))
    source = start_import(check_rows(access, upload_text(access, f"姓,メール\r\n{rows}")), actor=access.actor)
    working = running._work_batch

    class Killed(BaseException):
        pass

    def die_in_the_fourth(source: Import, batch: list[running.Row]) -> None:
        working(source, batch)  # all written, but its transaction never ends
        if source.rows_done == 40:
            raise Killed

    monkeypatch.setattr(running, "_work_batch", die_in_the_fourth)
    with pytest.raises(Killed):
        run_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.rows_done, source.created_count, Record.objects.count()) == (30, 30, 30)
    monkeypatch.setattr(running, "_work_batch", working)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert outcome_counts(source) == (95, 0, 0, 0)
    assert ImportRow.objects.filter(source=source).count() == Record.objects.count() == 95
    assert RecordKey.objects.filter(kind="email").count() == 95


def test_a_finished_import_does_not_run_again(access: CrmAccess) -> None:
    source = import_text(access, "姓\r\n一\r\n", policy="create")
    run_import(import_id=source.pk)
    assert Record.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_picks_the_import_up(access: CrmAccess, drain: Callable[[], int]) -> None:
    source = start_import(
        check_rows(access, upload_text(access, "姓,メール\r\n一,a@example.com\r\n")), actor=access.actor
    )

    async def work() -> None:
        app = jobs.jobs.with_connector(jobs.jobs.connector.get_worker_connector())
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(work())
    with connection.cursor() as cursor:  # what the worker's threads left open would keep the test database from going
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    source.refresh_from_db()
    assert (source.state, source.created_count) == (ImportState.FINISHED, 1)


def test_an_import_is_stopped_and_goes_on(access: CrmAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    rows = "".join(f"名{number},p{number}@example.com\r\n" for number in range(35))
    source = start_import(check_rows(access, upload_text(access, f"姓,メール\r\n{rows}")), actor=access.actor)
    batches = running.run_batches(source.pk)
    next(batches)
    stop_import(source, actor=access.actor)
    assert list(batches) == []
    source.refresh_from_db()
    assert (source.state, Record.objects.count()) == (ImportState.STOPPED, 10)
    resume_import(source, actor=access.actor)
    run_import(import_id=source.pk)
    source.refresh_from_db()
    assert (source.state, source.created_count, Record.objects.count()) == (ImportState.FINISHED, 35, 35)
