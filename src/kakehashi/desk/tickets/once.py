"""A form that is sent twice makes one thing: the second time, what came of the first is the answer."""

from collections.abc import Callable
from typing import Literal, TypeVar

from django.db import models, transaction

from kakehashi.desk.portals.models import Portal

from .models import SentForm

Made = TypeVar("Made", bound=models.Model)


@transaction.atomic
def made_once(
    portal: Portal,
    person_id: int | None,
    key: str,
    kind: Literal["ticket", "message", "comment"],
    make: Callable[[], Made],
    *,
    stands: Callable[[Made], bool] = lambda _made: True,
) -> Made:
    """`key` is of one's own form; "" makes another one in any case, and so does what does not stand any more. While a first attempt is
    under way, a second one waits for it.
    """
    if not key or person_id is None:
        return make()
    rows = SentForm.objects.select_related(kind)
    row, is_first = rows.get_or_create(portal=portal, person_id=person_id, key=key[:64])
    made: Made | None = None if is_first else getattr(row, kind)
    if made is None or not stands(made):
        made = make()
        setattr(row, kind, made)
        row.save(update_fields=[kind])
    return made
