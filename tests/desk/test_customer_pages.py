"""What customers do by signed links: rate, read, answer, close. And what they never see."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from kakehashi.core import clock
from kakehashi.core.errors import NotAllowed
from kakehashi.core.events.models import Event
from kakehashi.core.events.reading import Marker
from kakehashi.desk.conversations.actions import add_comment, receive_message, send_reply
from kakehashi.desk.conversations.models import Message, MessageState
from kakehashi.desk.conversations.uploads import NewFile
from kakehashi.desk.customer_pages.actions import revoke_links, set_customer_settings
from kakehashi.desk.customer_pages.links import Scope, make_token
from kakehashi.desk.notices.models import Notice, NoticeState
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.ratings.asking import ask_for_ratings
from kakehashi.desk.tickets.actions import close_ticket, delete_ticket, update_ticket
from kakehashi.desk.tickets.models import Ticket
from tests.desk.conftest import People
from tests.makers.desk import MAKER, make_contact, make_portal, make_ticket
from tests.makers.jobs import run_jobs

pytestmark = pytest.mark.django_db
CUSTOMER = "misaki@tsukimizaka.example"
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_old_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    """Its department has a page for customers."""
    allow(portal, shows_page=True)
    ticket = make_ticket(portal, contact=make_contact(portal, email=CUSTOMER))
    receive_message(ticket, sender=f"相沢 美咲 <{CUSTOMER}>", html="<p>It disconnects</p>", actor=MAKER)
    return ticket


@pytest.fixture
def frozen() -> Iterator[None]:
    with clock.frozen_at(NOW):
        yield


def allow(portal: Portal, *, shows_page: bool = False, ratings: str = "off", delay: int = 0) -> None:
    department = portal.departments.all()[0]
    set_customer_settings(department, shows_page=shows_page, ratings=ratings, rating_delay_minutes=delay, actor=MAKER)


def page_of(ticket: Ticket, rest: str = "") -> str:
    return f"/t/{make_token(ticket, Scope.TICKET)}/{rest}"


def rating_of(ticket: Ticket) -> str:
    return f"/rate/{make_token(ticket, Scope.RATING)}/"


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def get(path: str) -> HttpResponse:
    return Client(headers={"Accept-Language": "en"}).get(path)


def post(path: str, values: dict[str, object] | None = None) -> HttpResponse:
    return Client(headers={"Accept-Language": "en"}).post(path, values or {})


def test_a_customer_reads_the_mails_between_them_and_us_and_nothing_else(ticket: Ticket, people: People) -> None:
    people.agent.person.family_name = "Hidden-agent"
    people.agent.person.save()
    send_reply(ticket, html="<p>Please restart</p>", to=[CUSTOMER], bcc=["secret@b.example"], actor=people.agent.actor)
    send_reply(ticket, html="<p>Ask the supplier</p>", to=["supplier@x.example"], is_forward=True, actor=MAKER)
    send_reply(ticket, html="<p>To a third party</p>", to=["third@x.example"], actor=MAKER)
    receive_message(ticket, sender="supplier@x.example", html="<p>Supplier price list</p>", actor=MAKER)
    add_comment(ticket, html="<p>Careful, rude customer</p>", actor=MAKER)
    add_comment(ticket, html="<p>A public remark</p>", is_public=True, actor=people.agent.actor)
    Message.objects.update(state=MessageState.SENT)
    answer = get(page_of(ticket))
    assert answer.status_code == 200
    for shown in ("It disconnects", "Please restart", "A public remark", ticket.subject):
        assert shown in answer.text
    for hidden in ("supplier", "Supplier", "third party", "rude", "secret@", "Hidden-agent", people.agent.person.email):
        assert hidden not in answer.text
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_reply_that_is_still_held_is_not_shown(ticket: Ticket) -> None:
    send_reply(ticket, html="<p>Not yet</p>", to=[CUSTOMER], hold_seconds=10, actor=MAKER)
    assert "Not yet" not in get(page_of(ticket)).text


@pytest.mark.parametrize("change", ["a", "0", "-"])
def test_a_link_that_was_tampered_with_opens_nothing(ticket: Ticket, change: str) -> None:
    token = make_token(ticket, Scope.TICKET)
    for place in range(len(token)):
        changed = token[:place] + change + token[place + 1 :]
        if changed != token and place % 3 == 0:
            assert get(f"/t/{changed}/").status_code == 404


def test_whoever_comes_by_a_dead_link_is_told_how_to_go_on(ticket: Ticket) -> None:
    for path in ("/t/nonsense/", "/rate/nonsense/", page_of(ticket, "files/12/")):
        answer = get(path)
        assert answer.status_code == 404
        assert "answering one of our mails" in answer.text
        assert 'href="/"' not in answer.text  # nothing for customers there
        assert answer["X-Robots-Tag"].startswith("noindex")


def test_links_do_not_open_another_ticket_or_another_portals(ticket: Ticket) -> None:
    other = make_portal(name="Other")
    allow(other, shows_page=True)
    theirs = make_ticket(other)
    said, _, signature = make_token(ticket, Scope.TICKET).rpartition("-")
    others = make_token(theirs, Scope.TICKET).rpartition("-")[0]
    assert get(f"/t/{others}-{signature}/").status_code == 404
    assert get(f"/t/{said}-{make_token(theirs, Scope.TICKET).rpartition('-')[2]}/").status_code == 404
    assert get(f"/t/{make_token(ticket, Scope.RATING)}/").status_code == 404  # a rating link reads nothing


def test_links_end_and_can_be_taken_back_for_one_ticket(ticket: Ticket, people: People) -> None:
    with clock.frozen_at(NOW):
        path = page_of(ticket)
        assert get(path).status_code == 200
    with clock.frozen_at(NOW + timedelta(days=89)):
        assert get(path).status_code == 200
    with clock.frozen_at(NOW + timedelta(days=92)):
        assert get(path).status_code == 404
    with clock.frozen_at(NOW):
        url = f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/links/revocation/"
        assert people.client_of("agent").post(url).status_code == 204
        assert get(path).status_code == 404
        assert get(page_of(ticket)).status_code == 200
        with pytest.raises(NotAllowed):
            revoke_links(ticket, actor=people.light_agent.actor)


def test_a_deleted_ticket_and_a_department_without_pages_show_nothing(ticket: Ticket) -> None:
    path = page_of(ticket)
    allow(ticket.portal)
    assert get(path).status_code == 404
    assert post(f"{path}closure/").status_code == 404
    allow(ticket.portal, shows_page=True)
    delete_ticket(ticket, actor=MAKER)
    assert get(path).status_code == 404


def test_an_answer_becomes_a_message_of_the_customers_and_opens_a_closed_ticket(ticket: Ticket) -> None:
    close_ticket(ticket, actor=MAKER)
    file = SimpleUploadedFile("log.txt", b"hello", "text/plain")
    assert post(page_of(ticket), {"text": "Still broken", "attachments": file}).status_code == 302
    message = Message.objects.latest("id")
    assert (message.text, message.direction) == ("Still broken", "in")
    assert CUSTOMER in message.sender
    assert fresh(ticket).closed_at is None
    shown = get(page_of(ticket)).text
    assert "Still broken" in shown
    attachment = message.attachments.get().attachment_id
    assert get(page_of(ticket, f"files/{attachment}/")).status_code == 200


def test_files_of_what_is_not_shown_cannot_be_fetched(ticket: Ticket) -> None:
    add_comment(ticket, html="<p>x</p>", uploads=[NewFile("internal.txt", "text/plain", b"x")], actor=MAKER)
    attachment = ticket.attachments.get().attachment_id
    assert get(page_of(ticket, f"files/{attachment}/")).status_code == 404


def test_an_empty_answer_is_refused_and_too_many_are_slowed_down(ticket: Ticket) -> None:
    assert post(page_of(ticket), {"text": " "}).status_code == 422
    codes = [post(page_of(ticket), {"text": f"Answer {number}"}).status_code for number in range(14)]
    assert codes.count(302) == 12
    assert codes[-1] == 429
    refused = post(page_of(ticket), {"text": "Once more, please"})
    assert "Once more, please" in refused.text  # nothing typed is lost


def test_a_customer_closes_the_ticket(ticket: Ticket) -> None:
    assert get(page_of(ticket, "closure/")).status_code == 405
    assert post(page_of(ticket, "closure/")).status_code == 302
    assert fresh(ticket).closed_at is not None
    event = Event.objects.get(topic="desk.ticket.closed", subject_id=ticket.pk)
    assert (event.person_name, event.origin) == (ticket.contact.name, "customer")  # type: ignore[union-attr]


def test_opening_the_link_rates_nothing_and_one_click_does(ticket: Ticket) -> None:
    path = rating_of(ticket)
    opened = get(f"{path}?rating=good")
    assert opened.status_code == 200
    assert fresh(ticket).rating == ""
    assert post(path, {"rating": "good"}).status_code == 302
    assert fresh(ticket).rating == "good"
    assert post(path, {"comment": "Quick help"}).status_code == 302
    assert (fresh(ticket).rating, fresh(ticket).rating_comment) == ("good", "Quick help")
    post(path, {"rating": "bad"})
    assert (fresh(ticket).rating, fresh(ticket).rating_comment) == ("bad", "Quick help")
    assert post(path, {}).status_code == 422
    assert Event.objects.filter(topic="desk.ticket.rated", subject_id=ticket.pk).count() == 3


def test_a_rating_may_be_changed_for_two_weeks_and_a_later_mail_asks_anew(ticket: Ticket) -> None:
    with clock.frozen_at(NOW):
        path = rating_of(ticket)
        post(path, {"rating": "good"})
    with clock.frozen_at(NOW + timedelta(days=13)):
        post(path, {"rating": "okay"})
        assert fresh(ticket).rating == "okay"
    with clock.frozen_at(NOW + timedelta(days=15)):
        assert post(path, {"rating": "bad"}).status_code == 409
        assert fresh(ticket).rating == "okay"
        later = rating_of(ticket)
        assert post(later, {"rating": "bad"}).status_code == 302
        assert (fresh(ticket).rating, fresh(ticket).rated_at) == ("bad", NOW + timedelta(days=15))


def test_agents_read_the_rating_and_its_comment_on_the_ticket(ticket: Ticket, people: People) -> None:
    path = rating_of(ticket)
    post(path, {"rating": "bad"})
    post(path, {"comment": "Far too slow"})
    page = people.client_of("agent").get(f"/desk/{ticket.portal_id}/tickets/{ticket.pk}/").text
    assert "Far too slow" in page
    assert "rated our help" in page


def test_the_foot_of_a_reply_asks_and_links_as_the_department_wants_it(ticket: Ticket) -> None:
    for ratings, shows_page, links in (
        ("off", False, 0),
        ("replies", False, 3),
        ("replies", True, 4),
        ("off", True, 1),
    ):
        allow(ticket.portal, shows_page=shows_page, ratings=ratings)
        send_reply(ticket, html="<p>Hello</p>", to=[CUSTOMER], actor=MAKER)
        run_jobs()
        text = mail.outbox[-1].message().get_body(("plain",)).get_content()
        assert text.count("/rate/") + text.count("/t/") == links
    send_reply(ticket, html="<p>Look</p>", to=["x@y.example"], is_forward=True, actor=MAKER)
    run_jobs()
    assert "/t/" not in mail.outbox[-1].message().get_body(("plain",)).get_content()


def tell_closed(ticket: Ticket) -> None:
    """What the event log tells its reader, twice, as it may."""
    event = Event.objects.filter(topic="desk.ticket.closed", subject_id=ticket.pk).latest("id")
    marker = Marker(event.pk, event.tenant, event.topic, event.kind, event.subject_id, "", None, {}, event.at)
    ask_for_ratings([marker])
    ask_for_ratings([marker, marker])


def test_after_closing_one_mail_asks_and_a_reopened_ticket_gets_none(ticket: Ticket, frozen: None) -> None:
    allow(ticket.portal, ratings="closing", delay=60)
    with clock.frozen_at(NOW + timedelta(minutes=1)):
        close_ticket(ticket, actor=MAKER)
        tell_closed(ticket)
    notice = Notice.objects.get()
    assert notice.send_after == NOW + timedelta(minutes=61)
    with clock.frozen_at(NOW + timedelta(minutes=62)):
        run_jobs()
        assert mail.outbox[-1].to == [CUSTOMER]
        assert mail.outbox[-1].message()["Auto-Submitted"] == "auto-generated"
        assert mail.outbox[-1].message().get_body(("plain",)).get_content().count("/rate/") == 3
        update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
        close_ticket(ticket, actor=MAKER)
        tell_closed(ticket)
        update_ticket(ticket, values={"status": "Open"}, actor=MAKER)
    with clock.frozen_at(NOW + timedelta(hours=9)):
        run_jobs()
    assert [one.state for one in Notice.objects.order_by("id")] == [NoticeState.SENT, NoticeState.DROPPED]


def test_tickets_closed_before_the_setting_are_not_asked_about(ticket: Ticket, frozen: None) -> None:
    close_ticket(ticket, actor=MAKER)
    with clock.frozen_at(NOW + timedelta(minutes=1)):
        allow(ticket.portal, ratings="closing")
        tell_closed(ticket)
    assert not Notice.objects.exists()


def test_the_settings_are_made_on_their_pages(portal: Portal, people: People) -> None:
    client = people.client_of("administrator")
    url = f"/desk/{portal.pk}/settings/customers/"
    department = portal.departments.all()[0]
    saved = client.post(f"{url}{department.pk}/", {"shows_page": "on", "ratings": "closing", "rating_delay-hours": "2"})
    assert saved.status_code == 302
    assert "In a mail of its own after closing (2 hours)" in client.get(url).text
    too_long = client.post(f"{url}{department.pk}/", {"ratings": "closing", "rating_delay-hours": "400"})
    assert too_long.status_code == 422
