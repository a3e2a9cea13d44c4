"""The forms of who is not signed in: to ask for a right, and to follow what was asked. Text alone: nothing can be sent along (T-30)."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy

from ..datamap import Right
from .wording import ASKED

WORDS_AT_MOST = 2000
# What somebody asks who does not know the words of the law.
CHOICES = [(right.value, ASKED[right]) for right in Right]


class AskForm(forms.Form):
    """No reason is demanded, and no name (G-29)."""

    use_required_attribute = False

    right = forms.ChoiceField(label=gettext_lazy("What do you ask?"), choices=CHOICES, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("The one that we may know you by. We write there, and nowhere else."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Is there something we should know?"),
        help_text=gettext_lazy("Only if you want to: you need no reason. Text only, at most 2000 characters."),
        max_length=WORDS_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language do we answer?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, name) for code, name in settings.LANGUAGES]
        self.fields["language"].initial = get_language()


def _number():
    attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(label=gettext_lazy("The number of your request"), max_length=20, widget=forms.TextInput(attrs=attrs))


class FollowForm(forms.Form):
    use_required_attribute = False

    number = _number()
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("Eight letters and figures."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    use_required_attribute = False

    number = _number()
