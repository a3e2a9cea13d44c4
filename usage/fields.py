"""The fields in which people write on the platform: text that nobody cuts, and numbers that are drawn with a form."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

# Lines of a field for text, before it scrolls.
ROWS = 6


class Words(forms.CharField):
    """Text in lines. A browser does not cut it: who pastes too much reads so and loses nothing."""

    widget = forms.Textarea

    def to_python(self, value):
        """Browsers send line breaks in their own way; each counts as one character."""
        return super().to_python((value or "").replace("\r\n", "\n"))

    def widget_attrs(self, widget):
        return {"rows": ROWS}


class Line(forms.CharField):
    """Text in one line, which no browser cuts either."""

    def widget_attrs(self, widget):
        return {}


def words(model, name, **options):
    """For a column of a model: as many lines as it holds."""
    column = model._meta.get_field(name)
    options = {"label": capfirst(column.verbose_name), "required": not column.blank, "max_length": column.max_length} | options
    return (Words if column.get_internal_type() == "TextField" else Line)(**options)


class NumberField(forms.UUIDField):
    """Hidden: what is no number is replaced, since nobody could correct it."""

    def __init__(self, *, otherwise, **kwargs):
        self.otherwise = otherwise
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)

    def clean(self, value):
        try:
            return super().clean(value) or self.otherwise()
        except ValidationError:
            return self.otherwise()


def own_number():
    """Drawn when the form is shown, so that what is sent twice is done once."""
    return NumberField(otherwise=uuid.uuid4, initial=uuid.uuid4)


def nobody():
    """For a comment that answers none."""
