"""The stages at the head of a deal's page, and how long it stood in each."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.records.models import Record
from kakehashi.crm.records.queries import may_edit, names_for
from kakehashi.crm.records.slots import RecordPanel

from .cards import closing_date, shown
from .spans import Move, Span, spans_of
from .stages import MODULE, STAGE, is_open, stage_named, stages_of

_MOST_MOVES = 200


def stage_bar(access: CrmAccess, module: ModuleSchema, record: Record) -> dict[str, Any] | None:
    """None for records without stages, and for who may not see them."""
    stages = stages_of(module)
    if not stages:
        return None
    current = stage_named(module, record.values.get(STAGE))
    closing = closing_date(record, module)
    names = names_for([], module)
    places = [stage.value for stage in stages if stage.is_open]
    return {
        "current": current,
        "place": places.index(current.value) if current and current.value in places else len(places),
        "open": [stage for stage in stages if stage.is_open],
        "closed": [stage for stage in stages if not stage.is_open],
        "stages": stages,
        "may_move": may_edit(access, record) and not module.fields[STAGE].is_read_only,
        "move_url": reverse("crm_deal_stage", args=[record.org_id, module.api_name, record.pk]),
        "closing": closing,
        "is_late": bool(
            closing and is_open(module, record.values.get(STAGE)) and closing < timezone.localdate(clock.now())
        ),
        "amount": shown(record, "Amount", module, names),
        "probability": shown(record, "Probability", module, names),
        "expected": shown(record, "Expected_Revenue", module, names),
    }


def stage_spans(record: Record) -> list[Span]:
    events = Event.objects.filter(
        kind="crm.record", subject_id=record.pk, tenant=f"org:{record.org_id}", data__changes__has_key=STAGE
    )
    moves = [
        Move(event.at, str(event.data["changes"][STAGE][0]), str(event.data["changes"][STAGE][1]), event.person_name)
        for event in reversed(events.order_by("-id")[:_MOST_MOVES])
    ]
    stage = str(record.values.get(STAGE, ""))
    return spans_of(record.created_at, record.created_by_name, stage, moves, clock.now())


def _render_history(request: HttpRequest, access: CrmAccess, record: Record) -> SafeString:
    module = access.schema[MODULE]
    rows = [(stage_named(module, span.stage), span) for span in stage_spans(record)]
    context = {"rows": rows, "record": record}
    return mark_safe(render_to_string("crm/deals/templates/history.html", context, request))  # noqa: S308 - a template escapes


STAGE_HISTORY = RecordPanel(
    key="stages",
    label=_("Stage history"),
    icon="route",
    shows=lambda access, record: record.module.api_name == MODULE and STAGE in access.schema[MODULE].fields,
    count=lambda access, record: None,
    render=_render_history,
    place="lower",
)
