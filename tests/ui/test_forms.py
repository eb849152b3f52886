"""A form says beside each field what is wrong, for eyes and for screen readers."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from kakehashi.ui.forms.widgets import FilesField, SearchSelect, Switch
from tests.ui.conftest import Draw


class Visit(forms.Form):
    name = forms.CharField(label="Name")
    email = forms.EmailField(label="E-mail", required=False, help_text="Where it goes.")
    owner = forms.ChoiceField(label="Owner", choices=[("1", "Aya")], widget=SearchSelect(url="/people"), required=False)
    way = forms.ChoiceField(label="Way", choices=[("mail", "Mail"), ("phone", "Phone")], widget=forms.RadioSelect)
    is_on = forms.BooleanField(label="On", widget=Switch, required=False)
    papers = FilesField(label="Papers", required=False)


def test_an_error_stands_beside_its_field_and_is_read_with_it(draw: Draw) -> None:
    drawn = draw("{% field form.email %}", form=Visit({"email": "no"}))
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_email_helptext id_email_error"' in drawn
    assert 'id="id_email_error"' in drawn
    assert "Where it goes." in drawn


def test_a_required_field_says_so(draw: Draw) -> None:
    assert "Required" in draw("{% field form.name %}", form=Visit())
    assert "Required" not in draw("{% field form.email %}", form=Visit())


def test_the_summary_leads_to_the_fields(draw: Draw) -> None:
    drawn = draw("{% error_summary form %}", form=Visit({"email": "no"}))
    assert "3 fields need your attention" in drawn
    assert '<a href="#id_email">E-mail</a>' in drawn
    assert draw("{% error_summary form %}", form=Visit()) == ""


def test_every_form_of_django_looks_like_ours(draw: Draw) -> None:
    form = Visit({"email": "no"})
    for drawn in (draw("{{ form }}", form=form), draw("{% form_fields form %}", form=form)):
        assert drawn.count("k-field") >= 6
        assert 'data-search="/people"' in drawn
        assert 'role="switch"' in drawn
        assert "data-drop" in drawn
    assert "k-field" in draw("{{ form.name.as_field_group }}", form=form)


def test_radio_buttons_are_a_named_group(draw: Draw) -> None:
    drawn = draw("{% field form.way %}", form=Visit())
    assert 'role="group" aria-labelledby="id_way-label"' in drawn
    assert drawn.count('type="radio"') == 2


def test_several_files_come_as_a_list() -> None:
    one, two = SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")
    form = Visit({"name": "x", "way": "mail"}, MultiValueDict({"papers": [one, two]}))
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["papers"]] == ["a.txt", "b.txt"]
    assert Visit({"name": "x", "way": "mail"}).is_valid()


def test_one_thing_that_is_wrong_with_the_whole_form_is_said_as_it_is(draw: Draw) -> None:
    form = Visit({"email": "a@b.example", "day": "2026-11-26"})
    form.errors.clear()
    form.add_error(None, "The password is not right.")
    drawn = draw("{% error_summary form %}", form=form)
    assert "The password is not right.</strong>" in drawn
    assert "could not be saved" not in drawn
