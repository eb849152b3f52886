import re
from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.crm.orgs.access import CrmAccess
from kakehashi.crm.orgs.models import Profile
from kakehashi.crm.roles.queries import roles_in_order

_MOST = 200


class InvitationsForm(forms.Form):
    """Several colleagues at once, all with one profile and role."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One per line, or separated by commas. “Name <address>” works, too."),
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "none", "spellcheck": "false"}),
    )
    profile = forms.ModelChoiceField(
        Profile.objects.none(), label=pgettext_lazy("of permissions", "Profile"), empty_label=None
    )
    role = forms.ChoiceField(label=pgettext_lazy("in the organisation", "Role"))

    def __init__(self, access: CrmAccess, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profiles = Profile.objects.filter(org=access.org).order_by("is_administrator", "pk")
        roles = roles_in_order(access)
        self.fields["profile"].queryset = profiles  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role.pk, name) for role, name in roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = roles[-1][0].pk if roles else None

    def clean_emails(self) -> list[tuple[str, str]]:
        """(name or "", address) pairs, each address once."""
        entries = [entry.strip() for entry in re.split(r"[\n,;、]+", self.cleaned_data["emails"]) if entry.strip()]
        found: dict[str, str] = {}
        wrong = []
        for entry in entries:
            name, address = parseaddr(entry)
            try:
                validate_email(address)
            except ValidationError:
                wrong.append(entry[:80])
            else:
                found.setdefault(address.lower(), name)
        if wrong:
            raise ValidationError(_("These are no e-mail addresses: %(entries)s"), params={"entries": ", ".join(wrong)})
        if len(found) > _MOST:
            raise ValidationError(_("Please invite at most %(count)d people at once."), params={"count": _MOST})
        return [(name, address) for address, name in found.items()]
