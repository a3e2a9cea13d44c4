"""Which part of her data a person wants: one category, a stretch of time, or what she can take along of it."""

from collections.abc import Mapping
from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..datamap import registry
from ..days import ZONE, start_of
from ..rights.estimate import Estimate
from ..rights.portability import FIRST_YEAR, Kind, Scope

WHOLE = gettext_lazy("Everything we know about you")
PORTABLE = gettext_lazy("Only what you can take along to another platform")


def _day(**options):
    errors = {"invalid": gettext_lazy("This is no day that we know. Write it as 2026-03-31.")}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(required=False, widget=widget, error_messages=errors, **options)


class PartForm(forms.Form):
    """`expected` says per category how many records there are: see `categories`."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Which data?"),
        choices=[(Kind.EVERYTHING.value, WHOLE), (Kind.PORTABLE.value, PORTABLE)],
        widget=forms.RadioSelect,
        initial=Kind.EVERYTHING.value,
        error_messages={name: gettext_lazy("Choose one of the two.") for name in ("required", "invalid_choice")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("About what?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("We do not know this category. Choose one from the list.")},
    )
    since = _day(label=gettext_lazy("From"), help_text=gettext_lazy("Empty: from the beginning."))
    until = _day(label=gettext_lazy("Up to and including"), help_text=gettext_lazy("Empty: up to now."))

    def __init__(self, expected: Mapping[Scope, Estimate], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Everything")), *self._named(expected)]

    @staticmethod
    def categories() -> list[Scope]:
        return [Scope(activity=activity.slug) for activity in registry.activities()]

    @staticmethod
    def _named(expected):
        for activity in registry.activities():
            yield activity.slug, f"{activity.heading} ({number_format(expected[Scope(activity=activity.slug)].rows)})"

    def clean_since(self):
        return _passed(self.cleaned_data["since"])

    def clean_until(self):
        return _passed(self.cleaned_data["until"])

    def clean(self):
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        if since and until and until < since:
            self.add_error("until", _("This day lies before the day on which it begins."))
        return self.cleaned_data

    @property
    def scope(self) -> Scope:
        """Of what is valid; the last day is part of it."""
        said = self.cleaned_data
        until = said["until"] and start_of(said["until"] + timedelta(days=1))
        return Scope(Kind(said["kind"]), said["category"], said["since"] and start_of(said["since"]), until)


def _passed(day: date | None) -> date | None:
    """A day that was, or today in Brussels."""
    if day and day > timezone.localdate(timezone=ZONE):
        raise forms.ValidationError(_("This day is still to come. Leave it empty for everything up to now."))
    if day and day.year < FIRST_YEAR:
        raise forms.ValidationError(_("We hold nothing that is so old. Leave it empty for everything from the beginning."))
    return day
