from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.fields.types import FieldType

from .definition import StandardField, StandardModule, StandardSection

# What a module that an org makes for itself begins with.
OWN_MODULE = StandardModule(
    api_name="",
    singular=_("Record"),
    plural=_("Records"),
    icon="table",
    name_fields=("Name",),
    columns=(),
    sections=(
        StandardSection(
            "main",
            _("Basic information"),
            (
                StandardField("Name", pgettext_lazy("field", "Name"), is_required=True, options={"max_length": 200}),
                StandardField("Owner", pgettext_lazy("of a record", "Owner"), FieldType.OWNER),
            ),
        ),
    ),
)
