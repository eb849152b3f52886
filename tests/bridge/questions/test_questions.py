"""Lesson E2: support asks the account's owner, who answers from the CRM; a late question goes to the superior, once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse

from kakehashi.bridge.connection.ending import disable
from kakehashi.bridge.questions.escalating import escalate_due
from kakehashi.bridge.questions.models import Question, QuestionState
from kakehashi.core import clock
from kakehashi.core.events.loop import run_until_idle
from kakehashi.crm.orgs.models import Membership, Role
from kakehashi.crm.records.models import Record
from kakehashi.crm.sales_signals.models import Signal
from kakehashi.desk.conversations.models import Comment
from kakehashi.desk.notices.letters import letter_of_notice
from kakehashi.desk.notices.models import Notice
from kakehashi.desk.portals.models import AgentRole
from kakehashi.desk.ticket_merging.actions import merge_tickets
from kakehashi.desk.tickets.actions import delete_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.mails.models import Mail
from kakehashi.identity.people.models import Person
from tests.bridge.deal_links.conftest import World
from tests.makers.crm import make_member, make_stranger
from tests.makers.desk import MAKER, make_seat

pytestmark = pytest.mark.django_db(transaction=True)
HX = {"HX-Request": "true"}


@pytest.fixture
def owner(world: World) -> Person:
    """Owns the account, and has no seat in the Desk."""
    member = make_member(world.joined.org, family_name="佐藤", given_name="健")
    Record.objects.filter(pk=world.account.pk).update(owner=member.person)
    return member.person


@pytest.fixture
def superior(world: World, owner: Person) -> Person:
    top = Role.objects.create(org=world.joined.org, name="部長")
    below = Role.objects.create(org=world.joined.org, name="営業", parent=top)
    Membership.objects.filter(person=owner).update(role=below)
    boss = make_member(world.joined.org, family_name="部", given_name="長").person
    Membership.objects.filter(person=boss).update(role=top)
    return boss


def ask(world: World, ticket: Ticket, *, asker: Person | None = None, **sent: Any) -> Any:
    url = reverse("desk_question_asking", args=[world.joined.portal.pk, ticket.pk])
    form = {"addressee": f"Accounts:{world.account.pk}", "text": "更新は\n予定通りですか", "due": "4", **sent}
    return world.client(asker).post(url, form, headers=HX)


def answer(world: World, question: Question, person: Person, text: str = "はい、1月に更新します") -> Any:
    url = reverse("crm_question_answer", args=[world.joined.org.pk, question.pk])
    return world.client(person).post(url, {"text": text}, headers=HX)


def late(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(due_at=clock.now() - timedelta(minutes=1))


@pytest.mark.spec("X7")
def test_the_owner_gets_a_signal_and_a_mail_and_the_ticket_an_internal_comment(world: World, owner: Person) -> None:
    ticket = world.ticket()
    said = ask(world, ticket)
    assert json.loads(said.headers["HX-Trigger"])["toast"]["text"] == f"{owner.name} was asked"
    question = Question.objects.get()
    assert (question.asked_id, question.state) == (owner.pk, QuestionState.OPEN)
    comment = Comment.objects.get(ticket=ticket)
    assert not comment.is_public
    assert owner.name in comment.html
    assert comment.author_id == world.joined.administrator.person.pk
    signal = Signal.objects.get(person=owner)
    assert (signal.kind, signal.record_id) == ("question_asked", world.account.pk)
    run_until_idle()
    assert Signal.objects.filter(person=owner).count() == 1, "the comment on the ticket is no news to who is asked"
    bell = world.client(owner).get(reverse("crm_bell", args=[world.joined.org.pk])).content.decode()
    assert f"#{ticket.number}" in bell
    mail = Mail.objects.get(recipient=owner.email)
    assert reverse("crm_question", args=[world.joined.org.pk, question.pk]) in mail.text
    assert "予定通りですか" in mail.text


@pytest.mark.spec("X7")
def test_the_owner_answers_without_an_account_in_the_desk_and_the_asker_is_told(world: World, owner: Person) -> None:
    agent = make_seat(world.joined.portal, AgentRole.LIGHT_AGENT).person
    ticket = world.ticket()
    ask(world, ticket, asker=agent)
    question = Question.objects.get()
    assert answer(world, question, owner).status_code == 200
    question.refresh_from_db()
    assert (question.state, question.answer, question.ended_by_id) == ("answered", "はい、1月に更新します", owner.pk)
    comment = Comment.objects.filter(ticket=ticket).latest("pk")
    assert (comment.is_public, comment.author_name) == (False, owner.name)
    assert "はい、1月に更新します" in comment.html
    notice = Notice.objects.get(person=agent)
    letter = letter_of_notice(notice)
    assert letter is not None
    assert "はい、1月に更新します" in str(letter.message().get_body(("plain",)).get_content())


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World, owner: Person) -> None:
    ticket = world.ticket()
    for sent, words in (
        ({"text": " "}, "Write something first."),
        ({"addressee": "Accounts:1"}, "Choose whom to ask."),
        ({"due": "own", "own_due": ""}, "Enter a day and a time."),
        ({"due": "own", "own_due": "2020-01-01T10:00"}, "Choose a moment in the future."),
    ):
        said = ask(world, ticket, **sent)
        assert said.status_code == 422
        assert words in said.content.decode()
        assert "予定通りですか" in said.content.decode() or "text" in sent
    ask(world, ticket)
    assert answer(world, Question.objects.get(), owner, " ").status_code == 422


def test_an_answer_to_a_question_that_is_settled_is_not_lost(world: World, owner: Person) -> None:
    ask(world, world.ticket())
    question = Question.objects.get()
    answer(world, question, world.joined.administrator.person, "私が答えます")
    said = answer(world, question, owner, "遅れました")
    assert said.status_code == 409
    assert "遅れました" in said.content.decode()
    assert Comment.objects.count() == 2


def test_a_late_question_goes_to_the_superior_once_however_often_one_looks(
    world: World, owner: Person, superior: Person
) -> None:
    ticket = world.ticket()
    ask(world, ticket)
    question = Question.objects.get()
    assert escalate_due() == 0
    late(question)
    assert (escalate_due(), escalate_due()) == (1, 0)
    question.refresh_from_db()
    assert (question.state, question.escalated_to) == ("escalated", superior.name)
    assert Signal.objects.get(person=superior).kind == "question_escalated"
    assert Mail.objects.filter(recipient=superior.email).count() == 1
    comment = Comment.objects.filter(ticket=ticket).latest("pk")
    assert superior.name in comment.html
    assert answer(world, question, superior).status_code == 200


def test_where_nobody_stands_above_the_ticket_says_so(world: World, owner: Person) -> None:
    Membership.objects.filter(person=owner).update(role=None)
    ask(world, world.ticket())
    late(Question.objects.get())
    assert escalate_due() == 1
    assert "Nobody stands above" in Comment.objects.latest("pk").html
    assert Question.objects.get().escalated_to == ""


def test_an_escalation_that_fails_leaves_nothing_behind(
    world: World, owner: Person, superior: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world, world.ticket())
    late(Question.objects.get())
    with monkeypatch.context() as broken:
        broken.setattr("kakehashi.bridge.questions.escalating.write_of_question", lambda *_: 1 / 0)
        assert escalate_due() == 0
    assert (Question.objects.get().state, Comment.objects.count(), Signal.objects.filter(person=superior).count()) == (
        "open",
        1,
        0,
    )
    assert escalate_due() == 1


def test_questions_rest_with_their_connection_and_with_a_deleted_ticket(world: World, owner: Person) -> None:
    ticket = world.ticket()
    ask(world, ticket)
    question = Question.objects.get()
    late(question)
    delete_ticket(ticket, actor=MAKER)
    assert escalate_due() == 0
    said = answer(world, question, owner)
    assert said.status_code == 409
    assert "この問い合わせはDeskのごみ箱にあります" in said.content.decode()
    disable(world.joined.connection, actor=world.joined.administrator.actor)
    assert escalate_due() == 0
    assert world.client(owner).get(reverse("crm_questions", args=[world.joined.org.pk])).status_code == 404


def test_the_answer_stands_on_the_ticket_that_the_asked_one_was_merged_into(world: World, owner: Person) -> None:
    ticket, survivor = world.ticket(), world.ticket()
    ask(world, ticket)
    merge_tickets(world.joined.portal, survivor_id=survivor.pk, ticket_ids=[ticket.pk], actor=MAKER)
    answer(world, Question.objects.get(), owner)
    assert Comment.objects.latest("pk").ticket_id == survivor.pk


def test_the_asker_withdraws_and_others_do_not(world: World, owner: Person) -> None:
    ticket, asker = world.ticket(), make_seat(world.joined.portal, AgentRole.LIGHT_AGENT).person
    other = make_seat(world.joined.portal, AgentRole.LIGHT_AGENT).person
    ask(world, ticket, asker=asker)
    question = Question.objects.get()
    url = reverse("desk_question_withdrawal", args=[world.joined.portal.pk, ticket.pk, question.pk])
    assert world.client(other).post(url, headers=HX).status_code == 403
    assert world.client(asker).post(url, headers=HX).status_code == 204
    assert world.client(asker).post(url, headers=HX).status_code == 409
    question.refresh_from_db()
    assert question.state == "withdrawn"


def test_who_sees_neither_record_nor_was_asked_gets_404(world: World, owner: Person) -> None:
    ask(world, world.ticket())
    question = Question.objects.get()
    url = reverse("crm_question", args=[world.joined.org.pk, question.pk])
    blind = make_member(world.joined.org, permissions=[]).person
    for person in (blind, make_stranger()):
        assert world.client(person).get(url).status_code == 404
        assert answer(world, question, person).status_code == 404
    assert world.client(owner).get(url).status_code == 200
    assert (
        "予定通り" not in world.client(blind).get(reverse("crm_questions", args=[world.joined.org.pk])).content.decode()
    )


def test_the_list_is_filtered_by_state_and_by_whom_it_waits_for(world: World, owner: Person) -> None:
    for text in ("一つ目", "二つ目"):
        ask(world, world.ticket(), text=text)
    answer(world, Question.objects.order_by("pk")[0], owner)
    url = reverse("crm_questions", args=[world.joined.org.pk])

    def shown(show: str, person: Person) -> list[str]:
        page = world.client(person).get(url, {"show": show}).content.decode()
        return [text for text in ("一つ目", "二つ目") if f"<p>{text}</p>" in page]

    assert shown("open", owner) == ["二つ目"]
    assert shown("answered", owner) == ["一つ目"]
    assert shown("mine", owner) == ["一つ目", "二つ目"]
    assert shown("asked", owner) == []
    assert shown("mine", world.joined.administrator.person) == []
    assert shown("asked", world.joined.administrator.person) == ["一つ目", "二つ目"]
    assert shown("all", world.joined.administrator.person) == ["一つ目", "二つ目"]


def test_what_was_put_to_me_stands_by_urgency_and_the_bell_counts_it(world: World, owner: Person) -> None:
    for text in ("済み", "後", "超過", "次", "済んだばかり"):
        ask(world, world.ticket(), text=text)
    settled, later, overdue, following, just_now = Question.objects.order_by("pk")
    for question in (settled, just_now):
        answer(world, question, owner)
    late(overdue)
    Question.objects.filter(pk=later.pk).update(due_at=clock.now() + timedelta(days=9))
    client, org = world.client(owner), world.joined.org.pk
    page = client.get(reverse("crm_questions", args=[org]))
    assert [one.question.pk for one in page.context["items"]] == [
        one.pk for one in (overdue, following, later, just_now, settled)
    ]
    assert page.content.decode().count("k-deadline is-late") == 1
    first = page.context["filters"][0]
    assert (first.count, first.is_current) == (3, True)
    bell = client.get(reverse("crm_bell", args=[org])).content.decode()
    assert '<span class="k-count">3</span>' in bell


def test_the_pages_of_a_long_list_follow_each_other_without_a_gap(
    world: World, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kakehashi.bridge.questions.reading.PAGE_SIZE", 2)
    monkeypatch.setattr("kakehashi.bridge.questions.reading._BATCH", 3)
    for _one in range(6):
        ask(world, world.ticket())
    *settled, first, second, third = Question.objects.order_by("pk")
    for question in settled:
        answer(world, question, owner)
    for hours, question in enumerate((second, third, first)):
        Question.objects.filter(pk=question.pk).update(due_at=clock.now() + timedelta(hours=hours))
    client, url, seen = world.client(owner), reverse("crm_questions", args=[world.joined.org.pk]) + "?show=mine", []
    while url:
        page = client.get(url)
        seen += [one.question.pk for one in page.context["items"]]
        url = page.context["more_url"]
    assert seen == [one.pk for one in (second, third, first, *reversed(settled))]


def test_who_asked_reads_the_answer_without_seeing_the_record_but_does_not_give_it(world: World, owner: Person) -> None:
    asker = world.agent(permissions=[])
    ask(world, world.ticket(), asker=asker)
    question, client = Question.objects.get(), world.client(asker)
    url = reverse("crm_questions", args=[world.joined.org.pk])
    page = client.get(url, {"show": "asked"}).content.decode()
    assert "<p>更新は" in page
    assert reverse("crm_question_answer", args=[world.joined.org.pk, question.pk]) not in page
    assert client.get(reverse("crm_question", args=[world.joined.org.pk, question.pk])).status_code == 200
    assert answer(world, question, asker).status_code == 404


def test_support_finds_what_it_asked_in_the_desk_as_far_as_it_sees_the_tickets(world: World, owner: Person) -> None:
    asker, other = (make_seat(world.joined.portal, AgentRole.LIGHT_AGENT).person for _ in range(2))
    url = reverse("desk_questions", args=[world.joined.portal.pk])
    ticket, gone = world.ticket(), world.ticket()
    for one in (ticket, gone):
        ask(world, one, asker=asker, text=f"質問 {one.number}")
    delete_ticket(gone, actor=MAKER)
    question = Question.objects.get(ticket_id=ticket.pk)
    withdrawal = reverse("desk_question_withdrawal", args=[world.joined.portal.pk, ticket.pk, question.pk])

    def shown(person: Person, show: str = "") -> tuple[bool, bool, bool]:
        page = world.client(person).get(url, {"show": show}).content.decode()
        return f"質問 {ticket.number}" in page, f"質問 {gone.number}" in page, withdrawal in page

    assert shown(asker) == (True, False, True)
    assert shown(other) == (False, False, False)
    assert shown(other, "open") == (True, False, False)
    assert reverse("crm_record", args=[world.joined.org.pk, "Accounts", world.account.pk]) not in (
        world.client(asker).get(url).content.decode()
    )
    assert world.client(owner).get(url).status_code == 404
    assert (
        url
        in world.client(asker).get(reverse("desk_ticket", args=[world.joined.portal.pk, ticket.pk])).content.decode()
    )


def test_the_record_and_the_ticket_show_their_questions(world: World, owner: Person) -> None:
    ticket = world.ticket()
    ask(world, ticket)
    record = world.client(owner).get(f"/crm/{world.joined.org.pk}/Accounts/{world.account.pk}/").content.decode()
    assert "Questions from support" in record or "サポートからの質問" in record
    page = world.client().get(reverse("desk_ticket", args=[world.joined.portal.pk, ticket.pk])).content.decode()
    assert f"asked {owner.name}" in page


def test_a_customer_without_an_owner_in_the_crm_cannot_be_asked_about_and_the_dialog_says_why(world: World) -> None:
    Record.objects.filter(pk__in=[world.account.pk, world.contact.pk]).update(owner=None)
    url = reverse("desk_question_asking", args=[world.joined.portal.pk, world.ticket().pk])
    assert "Nobody can be asked" in world.client().get(url, headers=HX).content.decode()


@override_settings(LANGUAGE_CODE="en")
def test_a_page_of_questions_costs_the_same_for_one_and_for_many(
    world: World, owner: Person, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ticket = world.ticket()
    ask(world, ticket)
    first = Question.objects.get()
    for _one in range(12):
        Question.objects.create(
            **{
                field.attname: getattr(first, field.attname)
                for field in Question._meta.concrete_fields
                if field.attname != "id"
            }
        )
    client, url = world.client(), reverse("crm_questions", args=[world.joined.org.pk])
    client.get(url)
    with django_assert_max_num_queries(18):
        page = client.get(url)
    assert page.content.decode().count('class="k-card bridge-question"') == 13
