"""The demo in the database: made once, through the products' own actions."""

from datetime import timedelta

import pytest

from kakehashi.assembly.demo.load import load_demo, terminal_language
from kakehashi.assembly.demo.staff import STAFF
from kakehashi.bridge.sync.models import Link
from kakehashi.bridge.sync.outcome_models import Conflict
from kakehashi.core import clock
from kakehashi.core.events.models import Event
from kakehashi.core.normalise.email import normal_email
from kakehashi.crm.files.models import RecordFile
from kakehashi.crm.leads.models import Conversion
from kakehashi.crm.list_views.models import ListView
from kakehashi.crm.notes.models import NoteMention
from kakehashi.crm.orgs.models import Org
from kakehashi.crm.records.models import Record
from kakehashi.crm.tags.models import RecordTag
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.models import DemoSignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_demo_is_made_once_and_the_desk_knows_the_crms_customers() -> None:
    lines: list[str] = []
    assert load_demo(lines.append)
    assert len(lines) == 4
    counts = _counts()
    portal = Portal.objects.get()
    assert (counts["Accounts"], counts["desk accounts"], counts["tickets"]) == (204, 205, 700)
    assert counts["desk contacts"] >= counts["Contacts"] > 560
    synced = Contact.objects.filter(portal=portal).exclude(origin_key="")
    assert synced.count() == counts["Contacts"]
    assert Ticket.objects.filter(contact__in=synced).count() > 630
    _look_at_tickets()
    _look_at_belongings()
    assert Conflict.objects.get().field == "phone"
    assert Link.objects.get(state=Link.State.HELD, crm_id__isnull=False).evidence["reason"] == "several_candidates"

    assert not load_demo(lines.append)
    assert _counts() == counts


def test_a_demo_that_was_cut_off_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def pull_the_plug(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kakehashi.assembly.demo.tickets.COUNT", 30)
    with monkeypatch.context() as patch:
        patch.setattr("kakehashi.assembly.demo.load.offer_sign_ins", pull_the_plug)
        with pytest.raises(KeyboardInterrupt):
            load_demo()
    assert not Ticket.objects.exists()
    assert Org.objects.count() == 1
    assert load_demo()
    assert (Org.objects.count(), Portal.objects.count(), Ticket.objects.count()) == (1, 1, 30)


def test_nothing_is_added_where_people_work_already() -> None:
    Person.objects.create_user("chief@works.example", "a password of one's own")
    assert not load_demo()
    assert not Org.objects.exists()


@pytest.mark.parametrize(("said", "language"), [("ja_JP.UTF-8", "ja"), ("C.UTF-8", "en"), ("", "en")])
def test_progress_is_told_in_the_language_of_the_terminal(
    said: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", said)
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", "")
    assert terminal_language() == language


def _counts() -> dict[str, int]:
    modules = Record.objects.values_list("module__api_name", flat=True)
    return {
        **{name: list(modules).count(name) for name in ("Accounts", "Contacts", "Deals", "Leads", "Products")},
        "desk accounts": Account.objects.count(),
        "desk contacts": Contact.objects.count(),
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.count(),
        "people": Person.objects.count(),
        "sign-ins": DemoSignIn.objects.count(),
        "events": Event.objects.count(),
    }


def _look_at_tickets() -> None:
    assert DemoSignIn.objects.count() == len(STAFF)
    assert not Message.objects.filter(state__in=[MessageState.PENDING, MessageState.SENDING]).exists()
    now = clock.now()
    oldest, latest = Ticket.objects.order_by("created_at").first(), Ticket.objects.order_by("-last_activity_at").first()
    assert oldest
    assert latest
    assert oldest.number == 101
    assert oldest.created_at > now - timedelta(days=367)
    assert now - timedelta(hours=1) < latest.last_activity_at <= now
    assert Ticket.objects.filter(closed_at=None, due_at__lt=now).count() >= 3
    assert Ticket.objects.filter(closed_at=None, is_our_turn=True).count() >= 8
    assert all(normal_email(email) for email in Contact.objects.values_list("email", flat=True))


def _look_at_belongings() -> None:
    """What a newcomer should come upon without being told."""
    assert Record.objects.filter(values__has_key="Parent_Account").count() == 2
    assert Record.objects.filter(values__has_key="Other_Emails").count() > 30
    assert RecordTag.objects.values("tag").distinct().count() == 11
    assert {mention.person.family_name for mention in NoteMention.objects.select_related("person")} == {"水野", "高瀬"}
    assert RecordFile.objects.count() == 1
    assert Conversion.objects.get().deal_id
    assert sorted(ListView.objects.values_list("sharing", flat=True)) == ["everyone", "private"]
