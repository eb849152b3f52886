from collections.abc import Sequence

from django.http import HttpRequest

from kakehashi.core.ids import ids_in

_MOST_AT_ONCE = 200


def chosen_ids(request: HttpRequest) -> Sequence[int]:
    """What was ticked in a list, or is named in the address of a way back."""
    sent = [*request.POST.getlist("selected"), *request.GET.getlist("selected")][:_MOST_AT_ONCE]
    return ids_in(sent)
