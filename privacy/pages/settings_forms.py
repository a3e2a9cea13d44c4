"""The forms of the desk's settings: another value with why, a decision on what a colleague proposed."""

from django import forms
from django.utils.translation import gettext_lazy

from ..casework.changeable import PARAGRAPH, Changeable
from ..errors import SettingInvalid
from .desk_forms import reason_field

# Lines of a paragraph, before it scrolls.
ROWS = 6


def why(**options):
    return reason_field(help_text=gettext_lazy("At most 60 characters. It stands in the history; name nobody."), **options)


class SettingForm(forms.Form):
    """`seen`: the number of the last step that was shown, so that nobody changes what somebody else changed meanwhile."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 2)
    value = forms.CharField(label=gettext_lazy("What should it be?"), required=False)
    reason = why(label=gettext_lazy("Why?"))

    def __init__(self, *args, each: Changeable, **kwargs):
        super().__init__(*args, **kwargs)
        self.each = each
        field = self.fields["value"]
        field.widget = _widget(each)
        field.help_text = each.unit

    def clean_value(self):
        """Cut by nobody: what is too long is said, and stays in the field."""
        try:
            return self.each.clean(self.cleaned_data["value"])
        except SettingInvalid as refusal:
            raise forms.ValidationError(refusal.sentence) from None


def _widget(each):
    if each.is_number:
        return forms.NumberInput(attrs={"min": each.least, "max": each.most})
    if each.most == PARAGRAPH:
        return forms.Textarea(attrs={"rows": ROWS})
    return forms.EmailInput() if each.is_address else forms.TextInput()


class DecisionForm(forms.Form):
    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 2)
    reason = why(label=gettext_lazy("Why do you decide so?"))
