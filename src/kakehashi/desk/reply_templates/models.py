from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.identity.people.models import Language


class ReplyTemplate(models.Model):
    """A text that is written often. Without a department it is offered in all of them; `html` may hold placeholders."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="reply_templates", db_index=False)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=5, choices=Language.choices)
    html = models.TextField()
    modified_at = models.DateTimeField(default=clock.now)
    modified_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "portal", "department", Lower("name"), name="template_name_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name
