"""The demo's people, companies and conversations, before any of it is in a database."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from kakehashi.assembly.demo import wording
from kakehashi.assembly.demo.files import files_of
from kakehashi.assembly.demo.office_hours import JAPAN, add_working, is_open, subtract_working
from kakehashi.assembly.demo.spreadsheet import HEADERS, broken_row, make_spreadsheet, repeated_row
from kakehashi.assembly.demo.staff import STAFF
from kakehashi.assembly.demo.stories import read_stories
from kakehashi.assembly.demo.strangers import is_stranger
from kakehashi.assembly.demo.world import World, make_world
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.quoting import part_quotation

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
CANNOT_BE_REAL = (
    re.compile(r"^0\d{1,4}-(?:00|000|0000)-\d{4}$"),
    re.compile(r"^\+1 \d{3}-555-01\d{2}$"),
    re.compile(r"^\+44 (?:1632 9600\d{2}|113 496 00\d{2})$"),
    re.compile(r"^\+353 20 910 00\d{2}$"),
    re.compile(r"^\+61 3 7010 00\d{2}$"),
    re.compile(r"^\+49 40 66969 0\d{2}$"),
    re.compile(r"^\+46 40-628 04\d{2}$"),
)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(NOW)


def test_the_same_moment_makes_the_same_world(world: World) -> None:
    assert make_world(NOW) == world


def test_another_day_keeps_the_customers_and_moves_the_tickets(world: World) -> None:
    later = make_world(NOW + timedelta(days=200))
    assert (later.companies, later.contacts, later.leads) == (world.companies, world.contacts, world.leads)
    assert all(NOW + timedelta(days=200 - 367) < ticket.opened_at for ticket in later.tickets)


def test_there_is_as_much_as_a_newcomer_expects(world: World) -> None:
    assert len(world.companies) == 200
    assert 560 <= len(world.contacts) <= 660
    assert 55 <= len(world.deals) <= 65
    assert 28 <= len(world.leads) <= 32
    assert len(world.tickets) == 700
    assert len(read_stories("ja")) >= 40
    assert len(read_stories("en")) >= 15


def test_every_name_and_address_belongs_to_one(world: World) -> None:
    emails = [contact.email for contact in world.contacts] + [lead.email for lead in world.leads]
    emails += [contact.secondary_email for contact in world.contacts if contact.secondary_email]
    emails += [stranger.email for stranger in world.strangers]
    assert [email for email, count in Counter(emails).items() if count > 1] == []
    assert all(normal_email(email) for email in emails)
    assert len({company.name for company in world.companies}) == len({c.domain for c in world.companies}) == 200


def test_no_address_and_no_number_can_be_somebodys(world: World) -> None:
    texts = [said.text for ticket in world.tickets for said in ticket.said]
    texts += [person.email for person in (*world.contacts, *world.leads, *world.strangers, *STAFF)]
    found = [address for text in texts for address in ADDRESS.findall(text)]
    assert [address for address in found if not address.rstrip(".").endswith(".example")] == []
    phones = [contact.phone for contact in world.contacts] + [lead.phone for lead in world.leads]
    phones += [contact.mobile for contact in world.contacts if contact.mobile]
    assert [phone for phone in phones if not any(form.match(phone) for form in CANNOT_BE_REAL)] == []


def test_no_text_is_empty_or_has_a_slot_left(world: World) -> None:
    texts = [text for ticket in world.tickets for text in (ticket.subject, *(said.text for said in ticket.said))]
    assert all(text.strip() for text in texts)
    assert [text for text in texts if "{" in text or "}" in text] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_story_begins_with_the_customer_and_is_in_one_language(language: str) -> None:
    has_kana = re.compile(r"[ぁ-ヿ]")
    for story in read_stories(language):
        assert story.turns[0].by == "customer", story.key
        assert story.ratings, story.key
        texts = [story.subject, *(turn.text for turn in story.turns), *(text for _, text in story.ratings if text)]
        assert all(bool(has_kana.search(text)) == (language == "ja") for text in texts), story.key


def test_conversations_run_forward_within_a_year(world: World) -> None:
    for ticket in world.tickets:
        times = [said.at for said in ticket.said]
        times += [at for at in (ticket.course.closed_at, ticket.course.rated_at) if at]
        assert times == sorted(times)
        assert NOW - timedelta(days=367) <= times[0]
        assert times[-1] <= NOW
    opened = [ticket.opened_at for ticket in world.tickets]
    assert opened == sorted(opened)


@pytest.mark.parametrize("hours", range(0, 168, 12))
def test_every_hour_of_the_week_finds_tickets_of_each_state(hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    tickets = make_world(now).tickets
    unfinished = [ticket for ticket in tickets if not ticket.course.closed_at]
    assert 35 <= len(unfinished) <= 95
    assert all(said.at <= now for ticket in tickets for said in ticket.said)
    assert sum(ticket.course.resolve_by < now for ticket in unfinished) >= 3
    assert sum(ticket.said[-1].by == "customer" for ticket in unfinished) >= 8
    assert sum(ticket.said[-1].puts_on_hold for ticket in unfinished) >= 1
    assert any(said.escalates for ticket in unfinished for said in ticket.said)


def test_people_ask_about_what_they_do(world: World) -> None:
    for ticket in world.tickets:
        asker = "strangers" if is_stranger(ticket.customer) else ticket.customer.company.trade.key
        assert {asker, "customers"} & set(ticket.story.asked_by)
        assert is_stranger(ticket.customer) <= ("strangers" in ticket.story.asked_by)


def test_ratings_of_all_three_kinds_are_given_to_closed_tickets_only(world: World) -> None:
    rated = [ticket for ticket in world.tickets if ticket.course.rating]
    assert {ticket.course.rating for ticket in rated} == {"good", "okay", "bad"}
    assert all(ticket.course.closed_at for ticket in rated)


def test_we_answer_in_office_hours(world: World) -> None:
    pinned_free = [ticket for ticket in world.tickets if ticket.course.closed_at]
    answers = [said.at for ticket in pinned_free for said in ticket.said if said.by == "agent"]
    assert all(is_open(at) or is_open(at - timedelta(seconds=60)) for at in answers)


def test_working_time_skips_nights_and_weekends() -> None:
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=JAPAN)
    assert add_working(friday, 60) == datetime(2026, 11, 23, 9, 30, tzinfo=JAPAN)
    assert subtract_working(datetime(2026, 11, 23, 9, 30, tzinfo=JAPAN), 60) == friday
    assert subtract_working(datetime(2026, 11, 22, 14, 0, tzinfo=JAPAN), 30) == friday


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_desk_can_fold_what_is_quoted(language: str) -> None:
    html = wording.as_html("Thanks <b>") + wording.quoted("Before", NOW, "Support <support@minamo.example>", language)
    new, quotation = part_quotation(html)
    assert new == "<p>Thanks &lt;b&gt;</p>"
    assert "Before" in quotation


def test_attached_files_are_what_they_say(world: World) -> None:
    files = [file for ticket in world.tickets for file in files_of(ticket)]
    assert len(files) > 10
    pictures = [file.content for file in files if file.content_type == "image/png"]
    assert all(content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82") for content in pictures)
    assert all("," in file.content.decode("cp932") for file in files if file.content_type == "text/csv")


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_a_spreadsheet_has_its_rows_and_its_trouble(encoding: str) -> None:
    content = make_spreadsheet(rows=120, encoding=encoding)
    header, *rows = csv.reader(io.StringIO(content.decode(encoding), newline=""))
    assert tuple(header) == HEADERS
    assert len(rows) == 120
    assert any("\n" in cell for row in rows for cell in row)
    assert any('"' in cell for row in rows for cell in row)
    emails = [row[HEADERS.index("メールアドレス")] for row in rows]
    assert rows[broken_row(120) - 2][HEADERS.index("姓")] == ""
    assert emails.count(emails[repeated_row(120) - 2]) == 2
    assert "?" not in content.decode(encoding)
