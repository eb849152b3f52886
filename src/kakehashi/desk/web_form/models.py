"""A form on the web by which strangers open tickets, one per department."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.desk.portals.models import Department, Portal
from kakehashi.identity.people.models import Language


def new_key() -> str:
    return secrets.token_urlsafe(12)


class FieldUse(models.TextChoices):
    OFF = "off", _("Not shown")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class WebForm(models.Model):
    """`fields` says of each field besides e-mail and description how it is used, `order` in which order they stand. `origins` are the
    sites that may embed the form. Without a `language` the form speaks the visitor's.
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="web_forms")
    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="web_form")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    is_enabled = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True)
    introduction = models.TextField(blank=True)
    thanks = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    order = models.JSONField(default=list, db_default=[])
    language = models.CharField(max_length=5, choices=Language.choices, blank=True)
    sends_acknowledgement = models.BooleanField(default=True)
    origins = models.JSONField(default=list)
