"""What the worker does when a job has failed for the last time."""

import asyncio
from typing import Any

import pytest
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from kakehashi.assembly.worker import claims


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was told and what was stored, in order."""
    said: list[Any] = []

    async def finish(self: object, job: Job, status: Status, delete_job: bool) -> None:
        said.append(status.value)

    monkeypatch.setattr(JobManager, "finish_job", finish)
    monkeypatch.setattr(claims, "tell_of_giving_up", lambda name, arguments: said.append((name, arguments)))
    return said


def finish(status: Status) -> None:
    manager = claims.ClaimingJobManager(None, None)  # type: ignore[arg-type]  # neither is asked
    job = Job(
        id=1, queue="default", lock=None, queueing_lock=None, task_name="crm.run_import", task_kwargs={"import_id": 7}
    )
    asyncio.run(manager.finish_job(job, status, delete_job=False))


def test_who_waits_is_told_before_a_failed_job_ends(said: list[Any]) -> None:
    finish(Status.FAILED)
    assert said == [("crm.run_import", {"import_id": 7}), "failed"]


def test_a_job_that_succeeded_is_not_spoken_of(said: list[Any]) -> None:
    finish(Status.SUCCEEDED)
    assert said == ["succeeded"]


def test_a_job_ends_even_if_nobody_can_be_told(said: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(claims, "tell_of_giving_up", fail)
    finish(Status.FAILED)
    assert said == ["failed"]
