"""What questions are called in comments, signals and mails."""

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.core.errors import Text
from kakehashi.ui.templatetags.ui_words import moment

from .models import Question

_EXCERPT = 200


def remark_of_question(question: Question) -> SafeString:
    """The comment on the ticket, in the language of who asks."""
    head = _("Question to %(name)s (owner of %(record)s), answer by %(moment)s") % {
        "name": question.asked_name,
        "record": question.record_name,
        "moment": moment(question.due_at),
    }
    return _remark(head, question.text)


def remark_of_answer(question: Question) -> SafeString:
    head = _("Answer to the question of %(name)s") % {"name": question.asked_by_name}
    return format_html(
        "<p><strong>{}</strong></p><blockquote>{}</blockquote>{}", head, excerpt(question.text), _html(question.answer)
    )


def remark_of_withdrawal(question: Question) -> SafeString:
    head = _("The question to %(name)s was withdrawn") % {"name": question.asked_name}
    return _remark(head, excerpt(question.text))


def remark_of_escalation(question: Question) -> SafeString:
    if not question.escalated_to:
        head = _("No answer from %(name)s in time. Nobody stands above them in the CRM.") % {
            "name": question.asked_name
        }
    else:
        named = {"name": question.asked_name, "superiors": question.escalated_to}
        head = _("No answer from %(name)s in time. %(superiors)s was told.") % named
    return _remark(head, excerpt(question.text))


def excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"


def sentence_of_asking(data: dict[str, str]) -> Text:
    """On the bell."""
    return _("%(person)s asks you about #%(number)s %(subject)s. Answer by %(moment)s.") % _named(data)


def sentence_of_escalation(data: dict[str, str]) -> Text:
    return _("%(asked)s has not answered %(person)s's question about #%(number)s %(subject)s in time.") % _named(data)


def question_url(org_id: int, question_id: int) -> str:
    return reverse("crm_question", args=[org_id, question_id])


def hours_label(hours: int) -> str:
    return ngettext("In %(count)s business hour", "In %(count)s business hours", hours) % {"count": hours}


def _named(data: dict[str, str]) -> dict[str, str]:
    due_at = parse_datetime(data["due_at"])
    return {
        "person": data["by"],
        "asked": data["asked"],
        "number": data["number"],
        "subject": excerpt(data["subject"]),
        "moment": moment(due_at),
    }


def _remark(head: str, text: str) -> SafeString:
    return format_html("<p><strong>{}</strong></p>{}", head, _html(text))


def _html(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped
