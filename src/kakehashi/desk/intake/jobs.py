from kakehashi.core.jobs import jobs


@jobs.task(name="desk.file_mails")
def file_mails(portal_id: int) -> None:
    """File whatever waits in a portal. Any number may run: one at a time does the work, in the order in which mails came."""
    from .filing import file_waiting

    file_waiting(portal_id)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="desk.sweep_incoming_mail", queueing_lock="desk.sweep_incoming_mail")
def sweep_incoming_mail(timestamp: int) -> None:
    """Once a minute: whatever waits although its own job is lost."""
    from .filing import portals_with_waiting_mail

    for portal_id in portals_with_waiting_mail():
        file_mails(portal_id)


def wake_filing(portal_id: int) -> None:
    """Queue the filing, in the transaction of whoever stored the mail."""
    file_mails.defer(portal_id=portal_id)
