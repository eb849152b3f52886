from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.core import clock
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.conversations.forms import new_file
from kakehashi.desk.customer_pages.forms import problem_of_files
from kakehashi.identity.people.models import Language
from kakehashi.ui.forms.values import ValueField, value_widget
from kakehashi.ui.forms.widgets import FilesField, Switch

from .actions import FormDraft, Request
from .fields import FormField, fields_of
from .models import FieldUse, WebForm

_SALT = "kakehashi.web_form"
_SOONEST_SECONDS = 2
_LATEST_SECONDS = 60 * 60 * 24


class RequestForm(forms.Form):
    """What a stranger fills in. `website` is a trap that people do not see; `opened` says, signed, when the page was made."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    )
    category = forms.CharField(label=_("Category"), max_length=120)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    description = forms.CharField(label=_("Your request"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    attachments = FilesField(label=_("Attachments"), required=False)
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, web_form: WebForm, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial["opened"] = _stamp()
        laid_out = fields_of(web_form, web_form.department)
        self.own = [one.name for one in laid_out if one.schema and one.use != FieldUse.OFF]
        for one in laid_out:
            if one.use == FieldUse.OFF:
                self.fields.pop(one.name, None)
                continue
            if one.schema:
                self.fields[one.name] = ValueField(one.schema, widget=value_widget(one.schema))
            self.fields[one.name].required = one.use == FieldUse.REQUIRED
        self.order_fields([one.name for one in laid_out])

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in {"website", "opened"}]

    @property
    def is_of_a_machine(self) -> bool:
        """It fell into the trap, or was quicker than any person, or sent no page of ours at all."""
        age = self._age()
        return bool(self.data.get("website")) or age is None or age < _SOONEST_SECONDS

    def clean(self) -> dict[str, Any]:
        """A page of yesterday is asked about once more, so that old ones are of no use to machines and nobody's words are lost."""
        age = self._age()
        if age is not None and age > _LATEST_SECONDS:
            self.data = {**self.data.dict(), "opened": _stamp(seconds_ago=_SOONEST_SECONDS)}  # type: ignore[attr-defined]
            raise forms.ValidationError(_("This page has been open for more than a day. Please send it once more."))
        return super().clean() or {}

    def _age(self) -> float | None:
        """Seconds since the page was made; None where it is not ours."""
        try:
            opened = float(signing.loads(self.data.get("opened", ""), salt=_SALT))
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return clock.now().timestamp() - opened

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not normal_email(email):
            raise forms.ValidationError(_("This is not an e-mail address."))
        return email

    def clean_attachments(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["attachments"]
        if problem := problem_of_files(files):
            raise forms.ValidationError(str(problem))
        return files

    def request(self) -> Request:
        given = self.cleaned_data
        texts = {name: given.get(name, "") for name in ("name", "subject", "phone", "category")}
        return Request(
            email=given["email"],
            description=given["description"],
            files=[new_file(file) for file in given.get("attachments") or []],
            own={name: given[name] for name in self.own if given.get(name) is not None},
            **texts,
        )


class WebFormForm(forms.Form):
    """What an administrator sets."""

    is_enabled = forms.BooleanField(label=_("The form is open"), required=False, widget=Switch)
    title = forms.CharField(label=pgettext_lazy("of a form", "Title"), max_length=120, required=False)
    introduction = forms.CharField(
        label=_("Introduction"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    thanks = forms.CharField(
        label=_("Thanks after sending"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("The visitor's")), *Language.choices]
    )
    sends_acknowledgement = forms.BooleanField(
        label=_("Send a mail that the request has arrived"), required=False, widget=Switch
    )
    origins = forms.CharField(
        label=_("Sites that may embed it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.example.com"}),
        help_text=_("One a line. Left empty, no site may."),
    )

    def __init__(self, web_form: WebForm, data: Any = None) -> None:
        super().__init__(data, initial=values_of(web_form))
        laid_out = {one.name: one for one in fields_of(web_form, web_form.department)}
        sent = self.data.getlist("order") if hasattr(self.data, "getlist") else []
        self.order = [
            *(name for name in dict.fromkeys(sent) if name in laid_out),
            *(name for name in laid_out if name not in sent),
        ]
        for name, one in laid_out.items():
            if not one.is_always_there:
                self.fields[f"field_{name}"] = forms.ChoiceField(
                    label=str(one.label), choices=FieldUse.choices, required=False, initial=one.use
                )
        self.laid_out = laid_out

    @property
    def rows(self) -> list[tuple[FormField, forms.BoundField | None]]:
        """In order, with the choice of how each is used; None for what is always asked for."""
        return [
            (self.laid_out[name], None if self.laid_out[name].is_always_there else self[f"field_{name}"])
            for name in self.order
        ]

    def draft(self) -> FormDraft:
        given = self.cleaned_data
        return FormDraft(
            is_enabled=given["is_enabled"],
            title=given["title"],
            introduction=given["introduction"],
            thanks=given["thanks"],
            fields={
                name: given[f"field_{name}"] or one.use
                for name, one in self.laid_out.items()
                if not one.is_always_there
            },
            order=self.order,
            language=given["language"],
            sends_acknowledgement=given["sends_acknowledgement"],
            origins=given["origins"].split(),
        )


def values_of(web_form: WebForm) -> dict[str, Any]:
    names = ("is_enabled", "title", "introduction", "thanks", "language", "sends_acknowledgement")
    return {
        **{name: getattr(web_form, name) for name in names},
        "origins": "\n".join(web_form.origins),
    }


def _stamp(*, seconds_ago: int = 0) -> str:
    return signing.dumps(clock.now().timestamp() - seconds_ago, salt=_SALT)
