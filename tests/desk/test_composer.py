"""The composer: whom it writes to, what it offers, what it keeps apart, and what stops it."""

import contextlib
import itertools
import json
from email.utils import getaddresses

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.core.errors import InvalidValues, NotAllowed
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.actions import SomebodyWrote, add_comment, receive_message, send_reply
from kakehashi.desk.conversations.drafts import Written, save_draft
from kakehashi.desk.conversations.models import Comment, Draft, Message
from kakehashi.desk.conversations.recipients import for_reply_all, in_last_mail, known_domains
from kakehashi.desk.conversations.references import numbers_in, with_links
from kakehashi.desk.conversations.written import comment_written, send_written
from kakehashi.desk.mailbox.letters import letter_of
from kakehashi.desk.notices.letters import letter_of_notice
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.actions import create_department, update_department
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.reply_templates.actions import TemplateValues, create_template
from kakehashi.desk.reply_templates.placeholders import filled
from kakehashi.desk.tickets.models import Ticket
from tests.makers.desk import MAKER, SUPPORT, make_account, make_contact, make_seat, make_ticket

from .conftest import People

OWN = ("support@us.example", "sales@us.example")
addresses = st.sampled_from(
    [
        "a@c.example",
        "B <b@c.example>",
        "C@C.example",
        "d@d.example",
        '"E, F" <e@f.example>',
        *OWN,
        "support+t3-x@us.example",
    ]
)
lists = st.lists(addresses, max_size=5)


def bare(texts: tuple[str, ...]) -> set[str]:
    return {normal_email(address) for _name, address in getaddresses(texts)}


def without_us(texts: list[str]) -> set[str]:
    ours = {*OWN, "support+t3-x@us.example"}
    return {normal_email(address) for _name, address in getaddresses(texts)} - ours


@given(sender=addresses, to=lists, cc=lists, is_out=st.booleans())
def test_an_answer_to_all_goes_to_everybody_but_us(sender: str, to: list[str], cc: list[str], is_out: bool) -> None:
    mail = Message(direction="out" if is_out else "in", sender=SUPPORT if is_out else sender, to=to, cc=cc)
    expected = without_us([*to, *cc] if is_out else [sender, *to, *cc])
    found = for_reply_all([mail], "x@y.example", OWN)
    assert bare((*found.to, *found.cc)) == expected == bare(in_last_mail([mail], OWN)) - {SUPPORT}
    assert not bare(found.to) & bare(found.cc)
    assert found.to or not expected


def test_domains_are_known_from_every_mail_and_from_us() -> None:
    mails = [Message(direction="in", sender="a@c.example", to=[SUPPORT], cc=["x@D.example"])]
    assert known_domains(mails, OWN, "k@e.example") == (
        "c.example", "d.example", "e.example", "minamo.example", "us.example",
    )  # fmt: skip


def test_numbers_become_links_outside_tags_and_links() -> None:
    html = '<p title="#101">See #101 and ＃102, not a#101 &#35;101 <a href="/x#101">#101</a> #999</p>'
    assert numbers_in([html]) >= {101, 102, 999}
    shown = with_links(html, {101: "/t/1/", 102: "/t/2/"})
    assert shown.count('href="/t/1/"') == 1
    assert '<a class="k-ticket-link" href="/t/2/">＃102</a>' in shown
    assert '<a href="/x#101">#101</a>' in shown


def test_placeholders_are_filled_as_text_and_gaps_stay() -> None:
    assert filled("<p>{{contact.name}} {{ ticket.number }}</p>", {"contact.name": "<b>"}) == (
        "<p>&lt;b&gt; {{ ticket.number }}</p>"
    )


@pytest.fixture
def ticket(portal: Portal) -> Ticket:
    contact = make_contact(portal, account=make_account(portal), email="misaki@tsukimizaka.example")
    ticket = make_ticket(portal, contact=contact)
    receive_message(ticket, sender=f"相沢 美咲 <{contact.email}>", html="<p>まだです</p>", actor=MAKER)
    return ticket


def newest(ticket: Ticket) -> int:
    return ticket.messages.order_by("-pk")[0].pk


pytestmark = pytest.mark.django_db
TO = ["misaki@tsukimizaka.example"]


def test_whoever_did_not_see_the_newest_message_is_asked_first(portal: Portal, people: People, ticket: Ticket) -> None:
    seen = newest(ticket)
    send_reply(ticket, html="<p>Mine</p>", to=TO, seen=seen, actor=people.agent.actor)
    send_reply(ticket, html="<p>Mine again</p>", to=TO, seen=seen, actor=people.agent.actor)
    with pytest.raises(SomebodyWrote, match=people.agent.person.name):
        send_reply(ticket, html="<p>Theirs</p>", to=TO, seen=seen, actor=people.administrator.actor)
    client, url = people.client_of("administrator"), reverse("desk_replies", args=[portal.pk, ticket.pk])
    values = {"mode": "reply", "html": "<p>Theirs</p>", "to": TO}
    page = client.post(url, {**values, "seen": seen})
    assert page.status_code == 422
    assert "wrote since you began" in page.content.decode()
    assert Draft.objects.get().html == "<p>Theirs</p>"
    assert client.post(url, {**values, "seen": newest(ticket)}).status_code == 200


def test_files_are_taken_in_ahead_and_refused_with_a_sentence(portal: Portal, people: People, ticket: Ticket) -> None:
    client, url = people.client_of("agent"), reverse("desk_uploads", args=[portal.pk])
    kept = client.post(url, {"file": SimpleUploadedFile("log.txt", b"log")}).json()
    assert kept["name"] == "log.txt"
    refused = client.post(url, {"file": SimpleUploadedFile("run.exe", b"MZ")})
    assert refused.status_code == 415
    assert "run.exe" in refused.json()["error"]
    values = {"mode": "reply", "html": "<p>See file</p>", "to": TO, "uploads": [kept["id"]]}
    client.post(reverse("desk_replies", args=[portal.pk, ticket.pk]), values)
    assert Message.objects.get(direction="out").attachments.get().attachment_id == kept["id"]
    assert people.client_of("administrator").get(kept["url"]).status_code == 404


MODES = ["reply", "reply_all", "forward", "comment", "public_comment", "nonsense", ""]


@pytest.mark.parametrize(("mode", "other"), list(itertools.product(MODES, ["mail", "comment", "draft", "public"])))
def test_what_is_internal_never_becomes_public(
    portal: Portal, people: People, ticket: Ticket, mode: str, other: str
) -> None:
    """Every way of writing sent to every place that takes one, by somebody who may do everything (lessons E4)."""
    written, actor = Written(mode, "<p>Careful with this one</p>", TO), people.administrator.actor
    with transaction.atomic(), contextlib.suppress(InvalidValues):
        {
            "mail": lambda: send_written(ticket, written, actor=actor),
            "comment": lambda: comment_written(ticket, written, actor=actor),
            "draft": lambda: save_draft(ticket, written, actor=actor),
            "public": lambda: Comment.objects.filter(ticket=ticket).update(is_public=True),
        }[other]()
    mails, public = Message.objects.filter(direction="out"), Comment.objects.filter(is_public=True)
    if mode in {"comment", "nonsense", ""}:
        assert not mails.exists()
        assert not public.exists()
        assert not Draft.objects.exclude(kind="comment").exists()
    if mode == "comment" and other == "mail":
        assert not Comment.objects.exists()


def test_the_database_itself_keeps_an_internal_comment_internal(people: People, ticket: Ticket) -> None:
    comment = add_comment(ticket, html="<p>x</p>", actor=people.agent.actor)
    for change in (
        lambda: Comment.objects.filter(pk=comment.pk).update(is_public=True),
        lambda: Comment(pk=comment.pk, portal=ticket.portal, ticket=ticket, html="x", is_public=True).save(),
    ):
        with pytest.raises(DatabaseError, match="never become public"), transaction.atomic():
            change()
    comment.refresh_from_db()
    assert not comment.is_public


def test_an_internal_draft_never_stands_in_a_public_comment(portal: Portal, people: People, ticket: Ticket) -> None:
    for mode, text in (("comment", "inside"), ("public_comment", "outside"), ("reply", "mail")):
        save_draft(ticket, Written(mode, f"<p>{text}</p>"), actor=people.agent.actor)
    assert {draft.kind: draft.html for draft in Draft.objects.all()} == {
        "comment": "<p>inside</p>",
        "public": "<p>outside</p>",
        "mail": "<p>mail</p>",
    }
    comment_written(ticket, Written("public_comment", "<p>outside</p>"), actor=people.agent.actor)
    assert set(Draft.objects.values_list("kind", flat=True)) == {"comment", "mail"}


def test_a_light_agent_keeps_no_draft_of_what_they_may_not_send(people: People, ticket: Ticket) -> None:
    save_draft(ticket, Written("comment", "<p>x</p>"), actor=people.light_agent.actor)
    for mode in ("reply", "forward", "public_comment"):
        with pytest.raises(NotAllowed):
            save_draft(ticket, Written(mode, "<p>x</p>"), actor=people.light_agent.actor)


def suggested(people: People, ticket: Ticket, who: str, kind: str, text: str) -> list[dict[str, str]]:
    address = reverse("desk_suggestions", args=[ticket.portal_id, ticket.pk])
    return people.client_of(who).get(address, {"kind": kind, "q": text}).json()  # type: ignore[no-any-return]


def template(department: Department | None = None, **values: str) -> TemplateValues:
    given = {"name": "ご挨拶", "html": "<p>{{contact.name}} 様 #{{ticket.number}}</p>", "language": "ja", **values}
    return {"department": department, **given}  # type: ignore[typeddict-item]  # all three are given


def test_templates_are_offered_filled_and_the_departments_own_first(people: People, ticket: Ticket) -> None:
    portal = ticket.portal
    other = create_department(portal, name="Sales", actor=MAKER)
    create_template(portal, template(), actor=MAKER)
    create_template(portal, template(ticket.department, name="ご返答"), actor=MAKER)
    create_template(portal, template(other, name="ご注文"), actor=MAKER)
    found = suggested(people, ticket, "light_agent", "template", "ゴ")
    assert [one["text"] for one in found] == ["ご返答", "ご挨拶"]
    assert found[0]["html"] == f"<p>相沢 美咲 様 #{ticket.number}</p>"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"html": ""}, "html"), ({"html": "<p>{{contact.nme}}</p>"}, "html"), ({"name": "ご挨拶"}, "name")],
)
def test_a_template_that_cannot_be_used_is_refused(portal: Portal, values: dict[str, str], field: str) -> None:
    create_template(portal, template(), actor=MAKER)
    with pytest.raises(InvalidValues) as refused:
        create_template(portal, template(**{"name": "Other", **values}), actor=MAKER)
    assert list(refused.value.by_field) == [field]


def test_a_gap_never_leaves_the_house(people: People, ticket: Ticket) -> None:
    actor = people.agent.actor
    with pytest.raises(InvalidValues, match=r"contact\.name"):
        send_reply(ticket, html="<p>{{contact.name}} 様</p>", to=TO, actor=actor)
    with pytest.raises(InvalidValues, match=r"contact\.name"):
        add_comment(ticket, html="<p>{{contact.name}} 様</p>", is_public=True, actor=actor)
    send_reply(ticket, html="<p>Use {{ user.name }} in Jinja</p>", to=TO, actor=actor)


def test_tickets_are_offered_by_number_by_words_and_of_the_same_customer(people: People, ticket: Ticket) -> None:
    same = make_ticket(ticket.portal, contact=ticket.contact, subject="プリンタが動かない")
    make_ticket(ticket.portal, subject="Elsewhere")
    assert [one["text"] for one in suggested(people, ticket, "agent", "ticket", "")] == [f"#{same.number}"]
    assert [one["hint"] for one in suggested(people, ticket, "agent", "ticket", "プリンタ")] == ["プリンタが動かない"]
    assert same.subject in [one["hint"] for one in suggested(people, ticket, "agent", "ticket", str(same.number)[:2])]


def test_a_named_ticket_is_a_link_for_who_may_open_it(portal: Portal, people: People, ticket: Ticket) -> None:
    closed = create_department(portal, name="Closed", actor=MAKER)
    hidden = make_ticket(portal, department=closed)
    seen = make_ticket(portal)
    add_comment(ticket, html=f"<p>#{hidden.number} #{seen.number} #99999</p>", actor=people.administrator.actor)
    people.agent.agent.departments.set([ticket.department])
    address = reverse("desk_conversation", args=[portal.pk, ticket.pk])
    page = people.client_of("agent").get(address).content.decode()
    assert reverse("desk_ticket", args=[portal.pk, seen.pk]) in page
    assert reverse("desk_ticket", args=[portal.pk, hidden.pk]) not in page
    everything = people.client_of("administrator").get(address).content.decode()
    assert reverse("desk_ticket", args=[portal.pk, hidden.pk]) in everything


def test_who_is_mentioned_is_told_once_and_only_if_they_see_the_ticket(portal: Portal, ticket: Ticket) -> None:
    writer, called = make_seat(portal), make_seat(portal, family_name="桐谷", given_name="葵")
    outsider = make_seat(portal, family_name="他部", given_name="門子")
    outsider.agent.departments.set([create_department(portal, name="Closed", actor=MAKER)])
    name = called.person.name
    comment = add_comment(
        ticket, html=f"<p>@{name} @{name} @{outsider.person.name} 見てください</p>", actor=writer.actor
    )
    assert [mention.person for mention in comment.mentions.all()] == [called.person]
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (called.person, "mention")
    letter = letter_of_notice(notice)
    text = letter.message().get_body(("plain",)).get_content() if letter else ""
    assert f"#{ticket.number}" in text
    assert f"/tickets/{ticket.pk}/#comment-{comment.pk}" in text


def test_the_signature_stands_below_mails_only_and_never_twice(portal: Portal, people: People, ticket: Ticket) -> None:
    update_department(
        ticket.department, name="Support", signature_html="<p>{{agent.name}}<br>Minamo</p>", actor=MAKER
    )  # fmt: skip
    message = send_reply(ticket, html="<p>Hello</p>", to=TO, hold_seconds=60, actor=people.agent.actor)
    text = letter_of(message).message().get_body(("plain",)).get_content()
    assert text.index("Hello") < text.index(people.agent.person.name) < text.index("ref:")
    client = people.client_of("agent")
    client.post(reverse("desk_message_withdrawal", args=[portal.pk, message.pk]))
    assert Draft.objects.get().html == "<p>Hello</p>"
    comment = add_comment(ticket, html="<p>Hi</p>", actor=people.agent.actor)
    assert comment.html == "<p>Hi</p>"
    with pytest.raises(InvalidValues):
        update_department(ticket.department, name="Support", signature_html="{{contact.name}}", actor=MAKER)


def test_a_forward_taken_back_is_not_forwarded_twice(portal: Portal, people: People, ticket: Ticket) -> None:
    message = send_reply(
        ticket,
        html="<p>Please look</p>",
        to=["x@maker.example"],
        is_forward=True,
        hold_seconds=60,
        actor=people.agent.actor,
    )
    assert "まだです" in message.quoted_html
    people.client_of("agent").post(reverse("desk_message_withdrawal", args=[portal.pk, message.pk]))
    assert Draft.objects.get().html == "<p>Please look</p>"


def test_recipients_are_offered_from_the_contacts(people: People, ticket: Ticket) -> None:
    found = suggested(people, ticket, "agent", "address", "相沢")
    assert found[0]["insert"] == "相沢 美咲 <misaki@tsukimizaka.example>"
    assert suggested(people, ticket, "light_agent", "address", "相沢") == []
    assert json.dumps(found)
