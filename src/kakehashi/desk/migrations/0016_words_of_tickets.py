"""What tickets are found by moves from their rows to a table beside them. It now says what later mails and comments say, too, and tags."""

from collections import defaultdict

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import kakehashi.core.search.fields
from kakehashi.desk.ticket_search.words import text_in, words_of

_BATCH = 500


def fill(apps, schema_editor):
    tickets = apps.get_model("desk", "Ticket").objects.select_related("contact", "account")
    tickets = tickets.defer("search", "contact__search", "account__search").order_by("pk")
    words = apps.get_model("desk", "TicketWords")
    last = 0
    while batch := list(tickets.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1].pk
        tags, texts = _said_in(apps, [ticket.pk for ticket in batch])
        words.objects.bulk_create(
            words(
                ticket_id=ticket.pk,
                tokens=words_of(
                    ticket.portal_id,
                    [*_head_of(ticket), *tags[ticket.pk]],
                    [text_in(ticket.description_html), *texts[ticket.pk]],
                ),
            )
            for ticket in batch
        )
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the index cannot be made in this transaction


def _head_of(ticket):
    head = [str(ticket.number), ticket.subject, ticket.email]
    if contact := ticket.contact:
        head += [contact.last_name, contact.first_name, contact.email]
    if account := ticket.account:
        head.append(account.account_name)
    return head


def _said_in(apps, ids):
    tags, texts = defaultdict(list), defaultdict(list)
    for ticket_id, name in (
        apps.get_model("desk", "TagUse").objects.filter(ticket_id__in=ids).values_list("ticket_id", "tag__name")
    ):
        tags[ticket_id].append(name)
    mails = (
        apps.get_model("desk", "Message").objects.filter(ticket_id__in=ids).exclude(state="withdrawn").order_by("at")
    )
    for ticket_id, text in mails.values_list("ticket_id", "text"):
        texts[ticket_id].append(text)
    comments = apps.get_model("desk", "Comment").objects.filter(ticket_id__in=ids, deleted_at=None).order_by("at")
    for ticket_id, html in comments.values_list("ticket_id", "html"):
        texts[ticket_id].append(text_in(html))
    return tags, texts


class Migration(migrations.Migration):
    dependencies = [("desk", "0015_monthly_figures")]

    operations = [
        migrations.CreateModel(
            name="TicketWords",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="desk.ticket",
                    ),
                ),
                ("tokens", kakehashi.core.search.fields.TokenField(default=list, editable=False)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="ticketwords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="ticket_words"),
        ),
        migrations.RemoveIndex(model_name="ticket", name="ticket_search"),
        migrations.RemoveField(model_name="ticket", name="search"),
    ]
