"""The forms of the person's own pages: to correct a row, to set words beside a value, to ask us to stop or to pause a use."""

from django import forms
from django.db import models
from django.forms import modelform_factory
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ..casework.asking import activities_for
from ..datamap import RestrictionGround, Right
from ..rights.statements import Statement

# A page that shows a form and takes it.
form_page = require_http_methods(["GET", "HEAD", "POST"])
# Lines of a field for text, before it scrolls.
ROWS = 6
# In the person's own voice; the fifth ground is our own promise (K-15) and not hers to choose.
GROUNDS = {
    RestrictionGround.ACCURACY: gettext_lazy("My data are not right. Do not use them while you find out."),
    RestrictionGround.UNLAWFUL: gettext_lazy("You may not use my data like this. Do not erase them, though."),
    RestrictionGround.LEGAL_CLAIMS: gettext_lazy("You no longer need my data. I do, for a legal claim."),
    RestrictionGround.OBJECTION: gettext_lazy("I said no to this use. Do not use my data until you answered."),
}


class CorrectionForm(forms.ModelForm):
    """Carries what it was filled with: so it knows what she changed in this window, and what another window changed meanwhile."""

    def full_clean(self):
        """What she left as it was may stay, also where it would be refused today."""
        super().full_clean()
        for name in set(self.errors) & set(self.fields) - set(self.changed_data):
            del self.errors[name]

    def changes(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def is_outdated(self, now: "CorrectionForm") -> bool:
        """Where another value stands `now` than the one this was filled with: say so, keep what she wrote, and let her send it again."""
        self.data = self.data.copy()
        outdated = [name for name in self.changed_data if self._is_outdated(name, now)]
        for name in outdated:
            self.add_error(name, _("This changed meanwhile, in another window. Send it again to save what you wrote here."))
            self.data[self[name].html_initial_name] = now.carried(name) or ""
        return bool(outdated)

    def _is_outdated(self, name, now):
        """Not where she asks for what stands there already."""
        filled_with = self.data.get(self[name].html_initial_name)
        return _lines(filled_with) != _lines(now.carried(name)) and now.fields[name].has_changed(now[name].initial, self[name].data)

    def carried(self, name) -> str | None:
        """As the page writes the value that a field was filled with."""
        return self.fields[name].hidden_widget().format_value(self[name].value())


def _lines(text) -> str:
    """Browsers send line breaks in their own way."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def correction_form(data_map, names) -> type[CorrectionForm]:
    titles = {name: capfirst(str(data_map.title(data_map.lines[name]))) for name in names}

    def field_of(column, **options):
        field = column.formfield(label=titles[column.name], show_hidden_initial=True, **options | _ways_to_write(column))
        return field and _uncut(field)

    return modelform_factory(data_map.model, form=CorrectionForm, fields=names, formfield_callback=field_of)


def _ways_to_write(column) -> dict:
    if isinstance(column, models.DateTimeField):
        return {"widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": 1})}
    if isinstance(column, models.DateField):
        return {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
    if isinstance(column, models.TextField):
        return {"widget": forms.Textarea(attrs={"rows": ROWS})}
    if isinstance(column, models.URLField):
        return {"assume_scheme": "https"}
    return {}


def _uncut(field):
    """A browser cuts what is pasted at `maxlength` and says nothing; we say it and keep the text."""
    field.widget.attrs.pop("maxlength", None)
    return field


def words(**options):
    """A field for text in her own words."""
    at_most = Statement._meta.get_field("text").max_length
    return _uncut(forms.CharField(max_length=at_most, widget=forms.Textarea(attrs={"rows": ROWS}), **options))


def some_of(**options):
    """Boxes to tick, at least one."""
    return forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("Tick at least one.")}, **options
    )


class StatementForm(forms.Form):
    text = words(
        label=gettext_lazy("What should stand beside it?"),
        help_text=gettext_lazy("Text only, at most 2000 characters. We read it too."),
    )
    disputed = forms.BooleanField(label=gettext_lazy("It is wrong: look into it, and do not use these data until you did"), required=False)


class AskingForm(forms.Form):
    """For an objection; she needs no reason (G-29)."""

    right = Right.OBJECTION

    uses = some_of(label=gettext_lazy("Which use do you say no to?"))
    text = words(
        label=gettext_lazy("Is there something you want us to know?"),
        help_text=gettext_lazy("Only if you want to: you need no reason. Text only, at most 2000 characters."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["uses"].choices = [
            (activity.slug, format_html("<b>{}</b> {}", activity.heading, activity.purpose)) for activity in activities_for(self.right)
        ]


class PauseForm(AskingForm):
    """For a restriction, whose ground the law names (Art. 18(1))."""

    right = Right.RESTRICTION

    uses = some_of(label=gettext_lazy("Which use should pause?"))
    ground = forms.ChoiceField(
        label=gettext_lazy("Why should it pause?"),
        choices=GROUNDS.items(),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one: the law asks which it is.")},
    )

    field_order = ["uses", "ground", "text"]
