"""Spec R1: where nobody chose a module, whoever could choose it reads so on the record, and nobody else."""

import pytest
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.related_lists.models import TicketModule
from kakehashi.crm.records.models import Record
from kakehashi.identity.people.models import Person
from tests.makers.crm import make_record

from .worlds import make_panel

pytestmark = pytest.mark.django_db


@pytest.mark.spec("R1")
def test_the_rail_leads_who_keeps_the_integration_to_the_choice_of_modules() -> None:
    panel = make_panel()
    org, product = panel.joined.org, make_record(panel.joined.org, "Products", Product_Name="ロガー")
    lead = make_record(org, "Leads", Last_Name="相沢", Email="a@b.example")
    choice = f"{reverse('desk_integration_related_lists', args=[org.pk])}#module-Leads"

    def has_hint(record: Record = lead, module: str = "Leads", person: Person | None = None) -> bool:
        page = panel.client(person).get(reverse("crm_record", args=[org.pk, module, record.pk]))
        return "#module-" in page.content.decode()

    page = panel.client().get(reverse("crm_record", args=[org.pk, "Leads", lead.pk])).content.decode()
    assert choice in page
    assert "Not chosen" in page
    assert 'id="module-Leads"' in panel.client().get(choice).content.decode()
    assert not has_hint(person=panel.colleague())
    assert not has_hint(panel.record, "Contacts")
    assert not has_hint(product, "Products"), "it has no e-mail field, which the settings say"
    chosen = TicketModule.objects.create(connection=panel.joined.connection, module="Leads")
    assert not has_hint()
    chosen.delete()
    disable(panel.joined.connection, actor=panel.joined.administrator.actor)
    assert not has_hint()
