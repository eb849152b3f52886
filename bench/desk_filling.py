"""Portals with very many tickets, filled inside PostgreSQL: rows that our own code made are copied with other values in them."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from django.db import connection, models

from bench.harness import stopwatch
from bench.words import FAMILIES, GIVEN, PLACES, TRADES
from kakehashi.core.actors import Actor
from kakehashi.core.search.tokens import as_tsvector, in_scope, index_tokens
from kakehashi.desk.conversations.actions import receive_message
from kakehashi.desk.conversations.models import Message
from kakehashi.desk.customers.actions import create_account, create_contact
from kakehashi.desk.customers.models import Account, Contact
from kakehashi.desk.portals.actions import add_agent, create_department, create_portal
from kakehashi.desk.portals.models import Portal
from kakehashi.desk.tickets.actions import open_ticket
from kakehashi.desk.tickets.models import Ticket
from kakehashi.identity.people.models import Person

AGENTS, DEPARTMENTS = 20, 4
_THINGS = (
    "ロガー", "ゲートウェイ", "中継機", "電池", "センサー", "アンテナ", "充電器", "画面", "請求書", "見積書", "契約", "納期", "校正", "証明書",
    "アプリ", "通知", "警報", "湿度計", "温度計", "冷蔵庫",
)  # fmt: skip
_TROUBLES = (
    "切断される", "届かない", "表示されない", "点滅する", "増やしたい", "交換したい", "返品したい", "設定できない", "読み取れない", "遅れている",
    "更新できない", "止まった", "壊れた", "分からない", "教えてほしい", "開かない", "重複している", "消えた", "鳴り続ける", "つながらない",
    "合わない", "高すぎる", "足りない", "間違っている", "変えたい",
)  # fmt: skip
_SAID = (
    "お世話になっております。{place}の現場で{thing}が{trouble}ようです。昨日の午後から続いており、再起動しても変わりません。ご確認を"
    "お願いいたします。"
)


def make_portal(name: str, administrator: Person, n: int) -> Portal:
    """`n` tickets, one in thirty of the last ones open; a tenth as many contacts, a fiftieth as many accounts."""
    portal = create_portal(name=name, administrator=administrator)
    actor = administrator.as_actor()
    _staff(portal, actor)
    account = create_account(portal, values={"accountName": "x"}, actor=actor)
    contact = create_contact(portal, values={"lastName": "x", "accountId": account.pk}, actor=actor)
    ticket = open_ticket(portal, department=portal.departments.all()[0], subject="x", contact=contact, actor=actor)
    message = receive_message(ticket, sender="x@bench.example", html="<p>x</p>", actor=actor)
    _list_words(portal)
    with stopwatch() as seconds:
        counts: dict[str, Any] = {"accounts": max(1, n // 50), "contacts": max(1, n // 10), "portal": portal.pk, "n": n}
        counts["agents"] = list(portal.agents.filter(role="agent").order_by("pk").values_list("pk", flat=True))
        counts["departments"] = list(portal.departments.values_list("pk", flat=True))
        first = {"first_account": _copy(Account, account.pk, counts["accounts"], _ACCOUNT, counts)}
        first["first_contact"] = _copy(Contact, contact.pk, counts["contacts"], _CONTACT, {**counts, **first})
        first["first_ticket"] = _copy(Ticket, ticket.pk, n, _TICKET, {**counts, **first})
        _copy(Message, message.pk, n, _MESSAGE, {**counts, **first})
        _execute(_WORDS, {**counts, **first})
        _execute(_EVENTS, {**counts, **first, "ticket": ticket.pk})
        Portal.objects.filter(pk=portal.pk).update(next_ticket_number=n + 1_000)
        if n > 100_000:
            print(f"  {n:,} tickets in {seconds():.0f} s", flush=True)
    return portal


def analyse() -> None:
    with connection.cursor() as cursor:
        for model in (Account, Contact, Ticket, Message):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
        cursor.execute("VACUUM ANALYZE desk_ticketwords")
        cursor.execute("VACUUM ANALYZE core_event")


def _staff(portal: Portal, actor: Actor) -> None:
    for number in range(1, DEPARTMENTS):
        create_department(portal, name=f"Department {number}", actor=actor)
    for number in range(AGENTS):
        person = Person.objects.create_user(f"agent{number}.{portal.pk}@bench.example", family_name=FAMILIES[number])
        add_agent(portal, person=person, role="agent", actor=actor)


def _list_words(portal: Portal) -> None:
    """Temporary tables of texts with their tokens: Japanese is taken apart by our own code."""
    said = [(f"{place}の{thing}が{trouble}", _SAID.format(place=place, thing=thing, trouble=trouble)) for place, thing, trouble in product(PLACES, _THINGS, _TROUBLES)]  # fmt: skip
    people = [("綾小路" if at == 0 else family, given) for at, (given, family) in enumerate(product(GIVEN, FAMILIES))]
    firms = [(f"{place}{trade}株式会社", "") for place, trade in product(PLACES, TRADES)]
    for name, rows in (("bench_said", said), ("bench_person", people), ("bench_firm", firms)):
        _list(name, rows, portal.pk)


def _list(table: str, rows: Iterable[tuple[str, str]], portal_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (place int, a text, b text, scoped tsvector)")
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for at, (first, second) in enumerate(rows):
                tokens = index_tokens(f"{first} {second}")
                copy.write_row((at, first, second, as_tsvector(in_scope(tokens, portal_id))))
        cursor.execute(f"CREATE INDEX ON {table} (place)")
        cursor.execute(f"ANALYZE {table}")


def _copy(
    model: type[models.Model], template_id: int, count: int, parts: tuple[str, str], values: dict[str, Any]
) -> int:
    """`count` copies of a row, the n-th with the values that `parts` gives it (joins, JSON object). Answers the id before the first."""
    table = model._meta.db_table
    joins, changes = parts
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        before = int(cursor.fetchone()[0])
        cursor.execute(
            f"INSERT INTO {table} SELECT made.* FROM {table} one CROSS JOIN generate_series(1, %(count)s) AS n {joins} "
            f"CROSS JOIN LATERAL jsonb_populate_record(one, jsonb_build_object('id', %(before)s + n, {changes})) AS made "
            "WHERE one.id = %(template)s",
            {**values, "count": count, "before": before, "template": template_id},
        )
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, before + count])
    return before


def _execute(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


_ACCOUNT = (
    "JOIN bench_firm firm ON firm.place = n %% 150",
    """'account_name', firm.a || ' ' || n, 'name_normal', firm.a || n, 'search', (firm.scoped || array_to_tsvector(ARRAY[%(portal)s || ':' || n]))::text""",
)
_CONTACT = (
    "JOIN bench_person person ON person.place = n %% 1500",
    """'last_name', person.a, 'first_name', person.b, 'name_normal', person.a || person.b, 'account_id', %(first_account)s + 1 + n %% %(accounts)s,
    'email', 'user' || n || '@firm' || n %% 5000 || '.example', 'email_normal', 'user' || n || '@firm' || n %% 5000 || '.example',
    'search', (person.scoped || array_to_tsvector(ARRAY[%(portal)s || ':user' || n, %(portal)s || ':firm' || n %% 5000, %(portal)s || ':example']))::text""",
)
_IS_OPEN = "(CASE WHEN n > %(n)s * 0.97 THEN n %% 2 = 0 ELSE n %% 1000 = 0 END)"
_AT = "now() - (%(n)s - n) * interval '1 minute'"
_TICKET = (
    f"""JOIN bench_said said ON said.place = n %% 7500 CROSS JOIN LATERAL (SELECT {_IS_OPEN} AS is_open, {_AT} AS at) is_now
    JOIN desk_status status ON status.portal_id = %(portal)s
        AND status.name = CASE WHEN NOT is_now.is_open THEN 'Closed' WHEN n %% 10 = 0 THEN 'On Hold' ELSE 'Open' END""",
    """'number', n + 500, 'subject', said.a, 'contact_id', %(first_contact)s + 1 + n %% %(contacts)s,
    'account_id', %(first_account)s + 1 + n %% %(contacts)s %% %(accounts)s, 'email', 'user' || n %% %(contacts)s || '@bench.example',
    'department_id', (%(departments)s::bigint[])[1 + n %% 4], 'assignee_id', CASE WHEN n %% 7 > 0 THEN (%(agents)s::bigint[])[1 + n %% 20] END, 'status_id', status.id,
    'priority', CASE n %% 10 WHEN 0 THEN 'High' WHEN 1 THEN 'Low' ELSE 'Medium' END, 'channel', 'Email', 'version', 3,
    'created_at', is_now.at - interval '2 days', 'modified_at', is_now.at, 'last_activity_at', is_now.at, 'message_count', 1, 'last_activity', 'answered',
    'closed_at', CASE WHEN NOT is_now.is_open THEN is_now.at END, 'is_our_turn', is_now.is_open AND n %% 3 > 0, 'is_escalated', is_now.is_open AND n %% 50 = 0,
    'due_at', is_now.at - interval '1 day' + n %% 72 * interval '1 hour', 'response_due_at', NULL""",
)
_MESSAGE = (
    f"JOIN bench_said said ON said.place = n %% 7500 CROSS JOIN LATERAL (SELECT {_AT} - interval '2 days' AS at) is_now",
    """'ticket_id', %(first_ticket)s + n, 'subject', said.a, 'html', '<p>' || said.b || '</p>', 'text', said.b, 'at', is_now.at,
    'message_id', '<' || n || '.' || %(portal)s || '@bench.example>'""",
)
_WORDS = """
    INSERT INTO desk_ticketwords (ticket_id, tokens)
    SELECT %(first_ticket)s + n, said.scoped || person.scoped || firm.scoped
        || array_to_tsvector(ARRAY[%(portal)s || ':' || n + 500, %(portal)s || ':user' || n %% %(contacts)s, %(portal)s || ':example'])
    FROM generate_series(1, %(n)s) AS n JOIN bench_said said ON said.place = n %% 7500
    JOIN bench_person person ON person.place = (1 + n %% %(contacts)s) %% 1500
    JOIN bench_firm firm ON firm.place = (1 + n %% %(contacts)s %% %(accounts)s) %% 150
"""
_EVENTS = """
    INSERT INTO core_event (tenant, topic, kind, subject_id, origin, person_id, person_name, data, at)
    SELECT tenant, topic, kind, %(first_ticket)s + n, origin, person_id, person_name, data, at
    FROM core_event CROSS JOIN generate_series(1, %(n)s) AS n
    WHERE kind = 'desk.ticket' AND topic = 'desk.ticket.opened' AND subject_id = %(ticket)s
"""
