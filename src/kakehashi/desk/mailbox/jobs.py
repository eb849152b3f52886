from kakehashi.core.jobs import jobs
from kakehashi.desk.conversations.models import Message, MessageState

from .sending import deliver, due_messages


@jobs.task(name="desk.deliver_message")
def deliver_message(message_id: int) -> None:
    """Send one message; where the server is away, come back later by a job of its own."""
    message = deliver(message_id)
    if message is not None and message.state == MessageState.PENDING:
        send_later(message)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="desk.sweep_outgoing_mail", queueing_lock="desk.sweep_outgoing_mail")
def sweep_outgoing_mail(timestamp: int) -> None:
    """Once a minute: whatever is due although its own job is lost."""
    for message_id in due_messages():
        deliver_message(message_id)


def send_later(message: Message) -> None:
    """Queue the sending of a message for the moment it may leave, in the transaction of whoever asks."""
    deliver_message.configure(schedule_at=message.send_after).defer(message_id=message.pk)
