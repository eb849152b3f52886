"""What rights are called."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.errors import Text

from .rights import FieldRight, Scope

SCOPES: Mapping[Scope, Text] = {
    Scope.NONE: pgettext_lazy("whose records", "None"),
    Scope.OWN: pgettext_lazy("whose records", "Own"),
    Scope.TEAM: pgettext_lazy("whose records", "Team"),
    Scope.ALL: pgettext_lazy("whose records", "All"),
}
FIELD_RIGHTS: Mapping[FieldRight, Text] = {
    FieldRight.EDITABLE: pgettext_lazy("of a field", "Editable"),
    FieldRight.READ_ONLY: pgettext_lazy("of a field", "Read only"),
    FieldRight.HIDDEN: pgettext_lazy("of a field", "Hidden"),
}
SCOPED: Mapping[str, Text] = {
    "view": pgettext_lazy("a right", "View"),
    "edit": pgettext_lazy("a right", "Edit"),
    "delete": pgettext_lazy("a right", "Delete"),
}
ALLOWED: Mapping[str, Text] = {
    "create": pgettext_lazy("a right", "Create"),
    "import": pgettext_lazy("a right", "Import"),
    "export": pgettext_lazy("a right", "Export"),
}
OTHER_MODULES = _("Modules added later")
