"""What of a record can be asked: the fields of its module, and what the product itself keeps of it."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core.filters.operators import Family
from kakehashi.core.filters.subjects import Subject, subject_of
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.ui.slots import Slot

# What floors or features keep beside a record's values and want to be asked for, such as tags.
MORE_SUBJECTS: Slot[Callable[[ModuleSchema], Sequence[Subject]]] = Slot("filter subjects")


def subjects_of(module: ModuleSchema) -> dict[str, Subject]:
    """By name, in the order of the form; of a module as a person may see it."""
    subjects = {
        name: subject_of(field, "owner_id" if field.api_name == "Owner" else "")
        for name, field in module.fields.items()
        if not field.is_hidden
    }
    kept = [subject for subject in _of_every_record(module) if subject.name not in subjects]
    more = [subject for source in MORE_SUBJECTS for subject in source(module)]
    return subjects | {subject.name: subject for subject in (*kept, *more)}


def _of_every_record(module: ModuleSchema) -> list[Subject]:
    named = [Subject("Full_Name", _("Full name"), Family.TEXT, column="name")] if module.is_person else []
    return [
        *named,
        Subject("Created_Time", _("Created"), Family.MOMENT, column="created_at"),
        Subject("Created_By", _("Created by"), Family.PERSON, column="created_by_id"),
        Subject("Modified_Time", pgettext_lazy("when", "Changed"), Family.MOMENT, column="modified_at"),
        Subject("Modified_By", _("Changed by"), Family.PERSON, column="modified_by_id"),
    ]
