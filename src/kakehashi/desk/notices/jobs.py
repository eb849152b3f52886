from kakehashi.core.jobs import jobs

from .models import Notice, NoticeState


@jobs.task(name="desk.send_notice")
def send_notice(notice_id: int) -> None:
    """Send one; where the server is away, come back later by a job of its own."""
    from .sending import deliver_notice

    notice = deliver_notice(notice_id)
    if notice is not None and notice.state == NoticeState.PENDING:
        send_notice_later(notice)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="desk.sweep_notices", queueing_lock="desk.sweep_notices")
def sweep_notices(timestamp: int) -> None:
    """Once a minute: whatever is due although its own job is lost."""
    from .sending import due_notices

    for notice_id in due_notices():
        send_notice(notice_id)


def send_notice_later(notice: Notice) -> None:
    """In the transaction of whoever asks, for the moment at which it may leave."""
    send_notice.configure(schedule_at=notice.send_after).defer(notice_id=notice.pk)
