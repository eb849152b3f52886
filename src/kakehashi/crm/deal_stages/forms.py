from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kakehashi.crm.deals.stages import COLOURS, Stage, StageType

TYPES = (
    (StageType.OPEN.value, pgettext_lazy("type of a stage", "Open")),
    (StageType.WON.value, pgettext_lazy("type of a stage", "Won")),
    (StageType.LOST.value, pgettext_lazy("type of a stage", "Lost")),
)
_COLOUR_NAMES = {
    "blue": _("Blue"), "plum": _("Plum"), "amber": _("Amber"), "green": _("Green"), "red": _("Red"), "grey": _("Grey"),
}  # fmt: skip


class StageForm(forms.Form):
    label = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a stage", "Type"),
        choices=TYPES,
        initial=StageType.OPEN.value,
        help_text=_(
            "Says whether a deal that stands here is still open. Statistics and customer types go by it, not by the name."
        ),
    )
    probability = forms.IntegerField(
        label=_("Probability (%)"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("How likely a deal is won that stands here. Won is always 100%, lost 0%."),
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=[(key, _COLOUR_NAMES[key]) for key in COLOURS], initial="blue"
    )

    def __init__(self, stage: Stage | None, *args: Any, **kwargs: Any) -> None:
        if stage:
            kwargs["initial"] = {
                "label": str(stage.label),
                "kind": stage.type.value,
                "probability": stage.probability,
                "colour": stage.colour,
            }
        super().__init__(*args, **kwargs)

    def clean_label(self) -> str:
        return str(self.cleaned_data["label"]).strip()

    def clean_kind(self) -> StageType:
        return StageType(self.cleaned_data["kind"])

    def clean_probability(self) -> int:
        return int(self.cleaned_data["probability"] or 0)


class RetirementForm(forms.Form):
    replacement = forms.ChoiceField(label=_("Its deals move to"))

    def __init__(self, stages: list[Stage], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(stage.value, stage.label) for stage in stages]
        self.fields["replacement"].choices = choices  # type: ignore[attr-defined]
