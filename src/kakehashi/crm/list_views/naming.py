"""What the filter builder calls the fields, people and records of an org."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.record_form.queries import members_of
from kakehashi.crm.records.queries import person_names, record_names


def field_sections(module: ModuleSchema, subjects: Subjects) -> list[tuple[Text, list[Subject]]]:
    """What can be asked, as the form groups it; what every record has comes last."""
    sections: list[tuple[Text, list[Subject]]] = [
        (section.label, [subjects[one.api_name] for one in section.fields if one.api_name in subjects])
        for section in module.sections
    ]
    rest = [subject for name, subject in subjects.items() if name not in module.fields]
    return [*sections, (_("Record"), rest)]


class RecordNaming:
    """Follows `ui.list_builder.builder.Naming`."""

    def __init__(self, access: CrmAccess) -> None:
        self.access = access

    def people(self) -> Sequence[tuple[str, Text]]:
        members = [(str(pk), name) for pk, name in members_of(self.access)]
        return [("me", _("Me")), ("team", _("My team")), *members]

    def former_people(self, ids: Sequence[int]) -> Mapping[int, str]:
        return person_names(ids)

    def linked(self, _subject: Subject, ids: Sequence[int]) -> Mapping[int, str]:
        return record_names(self.access.org.pk, ids)

    def choices_url(self, subject: Subject) -> str:
        return reverse("crm_choices", args=[self.access.org.pk, subject.field.lookup_module]) if subject.field else ""
