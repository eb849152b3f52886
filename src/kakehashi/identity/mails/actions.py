"""Mails about accounts: written down in the transaction of their cause, sent by a job that tries again."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from kakehashi.core import clock
from kakehashi.identity.people.models import Person
from kakehashi.identity.preferences.time_zones import zone_named

from .jobs import send_mail
from .models import Mail

_PATIENCE = timedelta(days=7)  # what could not be sent in that time is of no use any more


def queue_mail(template: str, recipient: str, context: Mapping[str, Any], *, person: Person | None = None) -> Mail:
    """Write a mail from `<template>_subject.txt` and `<template>_message.txt`, in the reader's language and time zone.

    `person` is looked up by the address where it is not given; a stranger is written to in the language of the request.
    """
    reader = person or find_reader(recipient)
    with ExitStack() as stack:
        if reader:
            stack.enter_context(translation.override(reader.language))
            stack.enter_context(timezone.override(zone_named(reader.time_zone)))
        values = {"reader": reader, "email": recipient, "site_url": settings.PUBLIC_URL, **context}
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        text = render_to_string(f"{template}_message.txt", values).strip()
        language = translation.get_language() or settings.LANGUAGE_CODE
    with transaction.atomic():
        Mail.objects.filter(created_at__lt=clock.now() - _PATIENCE).delete()
        mail = Mail.objects.create(recipient=recipient, subject=subject, text=text, language=language)
        send_mail.defer(mail_id=mail.pk)
    return mail


def find_reader(recipient: str) -> Person | None:
    """Whose address this is, if anybody's."""
    if person := Person.objects.filter(email=recipient.lower()).first():
        return person
    address = EmailAddress.objects.filter(email=recipient.lower()).order_by("-verified").first()
    return Person.objects.filter(pk=address.user_id).first() if address else None
