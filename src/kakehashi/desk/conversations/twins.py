from .models import Direction, Message, MessageState


def sent_already(message: Message, seen: int) -> Message | None:
    """The same mail by the same person, of which the form knew nothing: the answer to it got lost, and it was sent again."""
    own = message.ticket.messages.filter(pk__gt=seen, direction=Direction.OUT, author_id=message.author_id)
    same = own.filter(text=message.text, to=message.to, cc=message.cc, bcc=message.bcc, is_forward=message.is_forward)
    return same.exclude(state__in=[MessageState.WITHDRAWN, MessageState.FAILED]).first()
