from kakehashi.core.jobs import jobs

from .digest import send_digests
from .putting_off import wake_due


@jobs.periodic(cron="* * * * *")
@jobs.task(name="crm.wake_signals", queueing_lock="crm.wake_signals", lock="crm.wake_signals")
def wake_signals(timestamp: int) -> None:
    """Once a minute: whatever was put off until now."""
    wake_due()


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="crm.send_signal_digests", queueing_lock="crm.send_signal_digests", lock="crm.send_signal_digests")
def send_signal_digests(timestamp: int) -> None:
    """Every ten minutes: it is morning somewhere."""
    send_digests()
