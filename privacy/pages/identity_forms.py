"""The forms of the desk about who asks: what a look showed, and moving down to a weaker way. Codes alone, no document (T-04)."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from ..casework.identity import Method
from ..casework.identity_changes import WEAKER, Why


def _ways(methods):
    return [(method.value, capfirst(method.label)) for method in methods]


class LookForm(forms.Form):
    use_required_attribute = False

    method = forms.ChoiceField(label=gettext_lazy("How did you look?"), choices=_ways(Method), widget=forms.RadioSelect)
    passed = forms.ChoiceField(
        label=gettext_lazy("Was it the person?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, or it could not be seen"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, ways=tuple(Method), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = _ways(ways)


class LowerForm(forms.Form):
    use_required_attribute = False

    method = forms.ChoiceField(label=gettext_lazy("Down to which way?"), choices=_ways(WEAKER), widget=forms.RadioSelect)
    why = forms.ChoiceField(
        label=gettext_lazy("Why does the usual way not do?"),
        choices=[(why.value, capfirst(why.label)) for why in Why],
        widget=forms.RadioSelect,
    )
